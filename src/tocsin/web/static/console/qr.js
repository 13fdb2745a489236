// Shows the QR code that the API sends as SVG. Only its size and its one path are taken over, as
// elements made here: text from the network never becomes markup.
const SVG = 'http://www.w3.org/2000/svg';

export function picture(svg, label) {
  const path = /\sd="([MmHhVvLlZz0-9.,\s-]+)"/.exec(svg)?.[1];
  const scaled = /transform="scale\(([\d.]+)\)"/.exec(svg)?.[1] ?? '1';
  const box = /viewBox="([\d.\s]+)"/.exec(svg)?.[1];
  const wide = /width="([\d.]+)/.exec(svg)?.[1] ?? '33';
  if (!path) return null;
  const image = document.createElementNS(SVG, 'svg');
  image.setAttribute('viewBox', box ?? `0 0 ${wide} ${wide}`);
  image.setAttribute('class', 'qr');
  image.setAttribute('role', 'img');
  image.setAttribute('aria-label', label);
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  line.setAttribute('transform', `scale(${scaled})`);
  image.append(line);
  return image;
}

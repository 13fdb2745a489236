// A QR code that the API tells as SVG. The page's rule (Trusted Types) lets no text become markup,
// so the picture is made anew from its view and its one path.
const SVG = 'http://www.w3.org/2000/svg';
const member = (svg, name) => svg.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '';

// Put the picture into `box`, in place of what was there.
export function drawQr(box, svg) {
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', member(svg, 'viewBox'));
  const path = document.createElementNS(SVG, 'path');
  for (const name of ['stroke', 'd']) path.setAttribute(name, member(svg, name));
  picture.append(path);
  box.replaceChildren(picture);
}

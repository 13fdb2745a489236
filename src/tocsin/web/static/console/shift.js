// The session ends with the shift: a bar says so ten minutes before, never in the middle of a dialog.
const bar = document.getElementById('shift');
const SOON_MS = 10 * 60e3, LOOK_MS = 30e3;
const ahead = Date.parse(bar.dataset.now) - Date.now(); // the house's clock counts, not the browser's
let ends = null;

async function look() {
  if (ends === null) {
    try {
      const answer = await fetch('/api/v1/session', { headers: { Accept: 'application/json' } });
      if (answer.ok) ends = Date.parse((await answer.json()).shift_ends_at);
    } catch { /* no link: asked again */ }
  }
  if (ends === null || Number.isNaN(ends)) return;
  const left = ends - ahead - Date.now();
  if (left > SOON_MS || document.querySelector('dialog[open]')) return;
  const text = left > 0 ? bar.dataset.soon.replace('{min}', Math.ceil(left / 60e3)) : bar.dataset.over;
  const span = bar.querySelector('span');
  if (span.textContent !== text) span.textContent = text;
  bar.hidden = false;
}
look();
setInterval(look, LOOK_MS);

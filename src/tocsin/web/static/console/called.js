// What this officer is called to. A call stays until "Seen" is pressed, in this window; a loud one
// is spoken once, however often the page is read again.
import { find, root } from './parts.js';

const SEEN = 'tocsin-calls-seen', SPOKEN = 'tocsin-calls-spoken', KEPT = 500;

const list = (name) => { try { return JSON.parse(sessionStorage.getItem(name)) ?? []; } catch { return []; } };
function note(name, id) {
  sessionStorage.setItem(name, JSON.stringify([...list(name).filter((each) => each !== id), id].slice(-KEPT)));
}

export function show() {
  const box = find('s-calls');
  if (!box) return;
  const seen = new Set(list(SEEN)), spoken = new Set(list(SPOKEN)), fresh = [];
  let left = 0;
  for (const card of box.querySelectorAll('[data-seen-id]')) {
    const id = card.dataset.seenId;
    card.hidden = seen.has(id);
    if (card.hidden) continue;
    left += 1;
    if (!card.classList.contains('loud') || spoken.has(id)) continue;
    fresh.push(card.querySelector('.said').textContent);
    note(SPOKEN, id);
  }
  box.hidden = !left;
  if (!fresh.length) return;
  find('speaker').textContent = fresh.join(' ');
  box.closest('.rail')?.scrollTo({ top: 0 });
}

export function start() {
  document.addEventListener('click', (e) => {
    const id = e.target.closest('[data-seen]')?.dataset.seen;
    if (!id) return;
    note(SEEN, id);
    show();
    (document.querySelector('.calls:not([hidden]) .card:not([hidden]) [data-seen]') ?? find('hq'))?.focus();
  });
  root.addEventListener('tocsin:up', show);
  show();
}

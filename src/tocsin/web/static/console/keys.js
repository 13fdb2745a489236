// One key for each thing that is done under stress. Never while somebody types, never over a dialog
// of another kind, and single letters can be turned off (WCAG 2.1.4).
import { find, root } from './parts.js';

const OFF = 'tocsin-single-keys';
export const areSingle = () => localStorage.getItem(OFF) !== 'off';

const TYPES = 'input:not([type="radio"], [type="checkbox"], [type="button"]), textarea, select, [contenteditable]';

// act: {review(), send(), danger(n), edit(), pick(), draw(), circle(), lie(), fresh()}
export function wireKeys(act) {
  const go = (id) => { const to = find(id); to?.scrollIntoView({ block: 'start' }); to?.focus({ preventScroll: true }); };
  const letters = {
    a: () => go('hf'), w: () => go('hq'), n: act.fresh, e: act.edit, p: act.pick, d: act.draw, c: act.circle, f: act.lie,
    '?': () => find('d-keys').showModal(),
  };
  addEventListener('keydown', (e) => {
    if (e.isComposing) return;
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
      e.preventDefault();
      if (e.repeat) return; // a key held down presses once
      const over = document.querySelector('dialog:modal');
      if (!over) act.review();
      else if (over.id === 'd-review') act.send();
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || !areSingle()) return;
    if (e.target.closest?.(TYPES) || document.querySelector('dialog:modal') || document.querySelector('.compose[inert]')) return;
    const does = /^[1-8]$/.test(e.key) ? () => act.danger(Number(e.key)) : letters[e.key.toLowerCase()];
    if (!does) return;
    e.preventDefault();
    does();
  });
  const box = find('single');
  const mark = () => { box.checked = areSingle(); root.classList.toggle('no-keys', !areSingle()); };
  box.addEventListener('change', () => { localStorage.setItem(OFF, box.checked ? 'on' : 'off'); mark(); });
  mark();
}

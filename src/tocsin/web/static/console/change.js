// A change of level, place or words is read first, as a new alert is: the server says what people
// would read and what would sound. A later end or a reason tells nobody anything new.
import { No, fetchPage, find, here, word } from './parts.js';
import { wakes } from './nolink.js';

const WAKES_MS = 700; // as for a new alert: a double press of the button before must not send

export const tells = ({ level, area, text }) => Boolean(level || area || text);

// Show the review in the form's place; `wire(form)` listens to it. "Go back" brings the form again.
export async function review(form, body, wire) {
  let came = null;
  try {
    came = await fetchPage(here({ dialog: 'change', id: form.dataset.id, ask: JSON.stringify(body) }));
  } catch { /* no answer: said below */ }
  const read = came?.page?.querySelector('form[data-kind="change"]');
  if (!read) {
    const no = came?.page?.querySelector('form[data-kind="refused"]');
    throw new No(no ? 422 : 499, no ? { rule: no.dataset.rule, field: no.dataset.field, help: no.textContent.trim() } : { rule: '', help: word('unsaved') });
  }
  const copy = document.importNode(read, true);
  copy.change = body;
  const back = copy.querySelector('[data-again]');
  back.addEventListener('click', (e) => { e.stopPropagation(); find('frame').replaceChildren(form); form.querySelector('[data-send]').focus(); });
  find('frame').replaceChildren(copy);
  wire(copy);
  const button = copy.querySelector('[data-send]');
  setTimeout(() => { if (copy.isConnected) wakes(button); }, WAKES_MS);
  back.focus();
}

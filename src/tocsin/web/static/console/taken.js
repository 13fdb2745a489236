// Drafts that machines made. One that is taken over stands in the form; the alert that is issued from
// it answers it. A draft that closes meanwhile says so there, and a new one is spoken once.
import * as compose from './compose.js';
import { No, ask, find, sentence, toast, word } from './parts.js';

const spoken = new Set();
const cards = () => [...document.querySelectorAll('.rail [data-draft]')];

async function drafts() {
  const { body } = await ask('GET', '/api/v1/alert-drafts');
  return body.drafts ?? [];
}

async function take(id) {
  let draft;
  try {
    draft = (await drafts()).find((each) => each.id === id);
  } catch (no) {
    if (!(no instanceof No)) throw no;
    return toast(word('offline'), sentence(no));
  }
  if (!draft || draft.closed_at) return toast(word('draft.gone'));
  await compose.takeOver(draft);
  return toast(word('draft.taken', { handle: draft.handle }));
}

// After the page was read again: is what I took over still open, and what is new?
export async function turned() {
  const fresh = cards().filter((card) => card.dataset.state === 'waiting' && !spoken.has(card.dataset.draft));
  for (const card of fresh) spoken.add(card.dataset.draft);
  if (fresh.length) find('speaker').textContent = fresh.map((card) => card.querySelector('h3').textContent).join('. ');
  const mine = compose.draft();
  if (!mine || mine.how || cards().some((card) => card.dataset.draft === mine.id && card.dataset.state === 'waiting')) return;
  const now = await drafts().then((all) => all.find((each) => each.id === mine.id)).catch(() => undefined);
  if (now && now.closed_at) compose.draftClosed(now.id, now.how);
  else if (now === undefined && cards().length) compose.draftClosed(mine.id, '');
}

export function start() {
  for (const card of cards()) spoken.add(card.dataset.draft);
  document.addEventListener('click', (e) => {
    const id = e.target.closest('[data-take]')?.dataset.take;
    if (id && compose.isThere()) take(id);
  });
}

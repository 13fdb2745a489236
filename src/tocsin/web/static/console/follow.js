// My own proposals, until somebody answers: what I read of them is never older than what happened.
import * as compose from './compose.js';
import { ask, hms, make, regionNames, set, toast, word } from './parts.js';

const waiting = new Set(); // mine that were last seen to wait
const told = new Set();

export const follow = (id) => waiting.add(id);
export const forget = (id) => { waiting.delete(id); told.add(id); }; // I ended it myself, and am told so
export const remember = (id) => { told.delete(id); waiting.add(id); };

function look() {
  for (const card of document.querySelectorAll('.rail [data-mine][data-state="waiting"]')) waiting.add(card.dataset.mine);
}

// After the page was read again: whatever of mine waits no more was answered. `close(id)` shuts its dialog.
export async function turned(close) {
  const now = new Set([...document.querySelectorAll('.rail [data-mine][data-state="waiting"]')].map((each) => each.dataset.mine));
  for (const id of [...waiting]) {
    if (now.has(id) || told.has(id)) continue;
    try {
      const { body } = await ask('GET', `${set.api}/proposals/${id}`);
      if (body.state === 'waiting' || !waiting.has(id) || told.has(id)) continue; // the page was older, or it was said meanwhile
      told.add(id);
      waiting.delete(id);
      close(id);
      await say(body);
    } catch { /* asked again with the next turn */ }
  }
  look();
}

async function say(proposal) {
  const { handle, state, reason } = proposal;
  const name = proposal.answered_by?.name || proposal.answered_by?.account || '–';
  const time = hms(Date.parse(proposal.answered_at)).slice(0, 5);
  if (state === 'approved') {
    const id = proposal.alert ?? proposal.change?.alert_id;
    let given = proposal.change?.handle ?? '';
    if (!given && id) given = (await ask('GET', `/api/v1/alerts/${id}`).catch(() => null))?.body.handle ?? id;
    return toast(word('approved', { name }), word(proposal.change ? 'approved.change' : 'approved.as', { handle: given, time }),
      make('a', { href: `/console/alerts/${id}` }, word('delivery')),
      make('button', { type: 'button', class: 'plain', 'data-dialog': 'cancel', 'data-id': id }, word('correct')));
  }
  return toast(word(`own.${state}`, { name, handle }), reason ? word('own.reason', { reason }) : '',
    make('button', { type: 'button', class: 'plain', 'data-again': proposal.id }, word('own.again')));
}

// Put what was proposed back into the form, or open the change anew.
async function again(id, openFrame) {
  const { body } = await ask('GET', `${set.api}/proposals/${id}`);
  if (body.change) return openFrame('update', body.change.alert_id);
  await Promise.allSettled(body.area.regions.filter((code) => !regionNames.has(code)).map(async (code) => {
    const { body: region } = await ask('GET', `/api/v1/regions/${encodeURIComponent(code)}`);
    regionNames.set(code, region.names[document.documentElement.lang] ?? region.latin);
  }));
  await compose.refill(body);
  return toast(word('own.taken'));
}

export function start(openFrame) {
  look();
  document.addEventListener('click', (e) => {
    const id = e.target.closest('[data-again]')?.dataset.again;
    if (id && compose.isThere()) again(id, openFrame).catch(() => toast(word('offline')));
  });
}

// Can we reach them? The table under the map is of the place that is chosen, else of one's own
// regions; the server cuts it to that place. What is old says so, and so does what is not known.
import { isUp, onTurn } from './link.js';
import { fetchPage, find, here, hms, rich, root, word } from './parts.js';

const AGAIN_MS = 60e3; // nothing woke the page: look again all the same
const WAIT_MS = 2e3; // the review waits no longer for it

let wanted = '', title = '', etag = '', readFor = null, readAt = '', going = Promise.resolve();

const keyOf = (regions) => [...regions].sort().join(' ');

async function read() {
  const mine = wanted;
  let came;
  try {
    came = await fetchPage(here({ fragment: 'cover', region: mine ? mine.split(' ') : [] }), { etag });
  } catch { return; }
  const fresh = came.page?.getElementById('cover');
  if (mine !== wanted || (came.status !== 304 && !fresh)) return;
  if (fresh) {
    find('cover').replaceChildren(...document.importNode(fresh, true).childNodes);
    etag = came.etag ?? '';
  }
  find('cover-where').textContent = title ? word('cover', { places: title }) : word('cover.none');
  readFor = mine;
  readAt = came.now ?? readAt;
  say();
}

function say() {
  if (readAt) find('cover-as-of').textContent = word(isUp() ? 'cover.as-of' : 'cover.old', { time: hms(Date.parse(readAt)) });
  find('cover-as-of').classList.toggle('warn', !isUp());
}

// Show these regions from now on; none: one's own. The heading changes with the figures, not before.
export function over(regions, places) {
  const key = keyOf(regions);
  if (key === wanted && readFor !== null) return going;
  if (key !== wanted) etag = '';
  wanted = key;
  title = places;
  going = read();
  return going;
}

// What the review says of the channels over these regions: [class, nodes] of each line.
export async function lines(regions, places) {
  await Promise.race([over(regions, places), new Promise((done) => { setTimeout(done, WAIT_MS); })]);
  const unread = [['badl no', rich('will.unread')]];
  if (readFor !== keyOf(regions)) return unread;
  const found = [...find('cover').querySelectorAll('[data-way]')].map((row) => row.dataset);
  if (found.some((row) => row.state === 'unread')) return unread;
  return found.flatMap(({ state, name, reach }) => {
    if (state === 'lost' || state === 'part') return [['badl no', rich('will.fails', { name, reach })]];
    return state === 'at-risk' ? [['', rich('will.risk', { name })]] : [];
  });
}

export function start() {
  if (!find('cover')) return;
  onTurn(() => { going = read(); });
  setInterval(() => { if (isUp() && !document.hidden) going = read(); }, AGAIN_MS);
  root.addEventListener('tocsin:down', say);
  root.addEventListener('tocsin:up', () => { going = read(); });
}

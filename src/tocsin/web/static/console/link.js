// The link to the server, proved again and again. A stream wakes the page; a heartbeat proves it.
// When it cannot be proved the console goes grey and inert, and says so: nothing that is pressed then
// is sent, and nothing is kept to be sent later, because a late alert is a false alert.
import { No, ask, fetchPage, find, here, hms, root, set, word } from './parts.js';

const FRESH_MS = 20e3; // since the last proof; older: "Checking", and a question is asked
const LOST_MS = 45e3; // older: OFFLINE
const AGAIN_MS = 3e3; // between tries while there is no link
const PANELS = ['.compose', '.mid', '.rail'];

let known = Date.parse(set.now), heardWall = Date.now(), heardTick = performance.now();
let source, probing = false, nextTry = 0, since = 0, etag = '', asking = false, askAgain = false;
let before = new Set(); // the alerts that were shown when the link was lost
let over = false; // the session has ended: no question will be answered any more
const turned = new Set(); // called after the page's parts were swapped

const age = () => Math.max(Date.now() - heardWall, performance.now() - heardTick);
export const serverNow = () => known + age();
export const isUp = () => set.view !== 'offline';
export const onTurn = (what) => turned.add(what);

function heard(time) {
  known = Date.parse(time) || serverNow();
  heardWall = Date.now();
  heardTick = performance.now();
}

// ---- the stream

function open() {
  source?.close();
  source = new EventSource('/api/v1/desk/stream');
  source.addEventListener('hello', (e) => { heard(JSON.parse(e.data).server_time); show(); read(); });
  source.addEventListener('heartbeat', (e) => { heard(JSON.parse(e.data).server_time); show(); });
  source.addEventListener('desk', () => read());
  source.addEventListener('stale', () => probe());
  source.onerror = () => probe();
}

// Ask the server for a sign of life. One that does not come takes the link down.
async function probe() {
  if (probing || over) return;
  probing = true;
  try {
    await ask('GET', '/api/v1/session', undefined, { wait: 5e3 });
    heard('');
    if (!isUp()) await back();
    if (source?.readyState === EventSource.CLOSED) open();
  } catch (no) {
    if (no instanceof No && (no.status === 401 || no.rule === 'session-over')) signedOut();
    else down();
  } finally {
    probing = false;
    nextTry = performance.now() + AGAIN_MS;
    show();
  }
}

function signedOut() {
  over = true;
  source?.close();
  down();
  const bar = find('offbar'), way = document.createElement('a');
  way.href = `/sign-in?to=${encodeURIComponent(location.pathname)}`;
  way.textContent = word('sign-in');
  bar.replaceChildren(Object.assign(document.createElement('b'), { textContent: word('session.over') }), ' ', way);
}

// ---- down and up again

function down() {
  if (!isUp()) return;
  since = known;
  before = alerts();  // the stream may come back, and the list with it, before a question is answered
  set.view = 'offline';
  for (const each of PANELS) for (const panel of document.querySelectorAll(each)) panel.inert = true;
  show();
  root.dispatchEvent(new Event('tocsin:down'));
}

const alerts = () => new Set([...document.querySelectorAll('.rail [data-alert]')].map((each) => each.dataset.alert));

async function back() {
  open();
  if (!await read(true)) return;
  set.view = set.room;
  for (const each of PANELS) for (const panel of document.querySelectorAll(each)) panel.inert = false;
  const now = alerts();
  const began = [...now].filter((each) => !before.has(each)).length;
  const ended = [...before].filter((each) => !now.has(each)).length;
  find('offbar').textContent = '';
  root.dispatchEvent(new CustomEvent('tocsin:up', { detail: { time: hms(serverNow()), began, ended } }));
}

// ---- reading the page again

// Swap every named part that came anew. Focus and what is open stay as they are.
export async function read(whole = false) {
  if (asking) { askAgain = true; return false; }
  asking = true;
  askAgain = false;
  try {
    const came = await fetchPage(here({ fragment: '1' }), { etag: whole ? '' : etag });
    if (came.status === 304) { heard(came.now); return true; }
    if (came.url.includes('/sign-in')) { signedOut(); return false; }
    if (came.status !== 200 || !came.page) return false;
    etag = came.etag ?? '';
    heard(came.now);
    turn(came.page);
    return true;
  } catch {
    probe();
    return false;
  } finally {
    asking = false;
    if (askAgain) read();
    show();
  }
}

function turn(page) {
  const marker = (element) => element?.closest('[data-id],[data-keep],[data-call],[data-withdraw],[data-take],[data-end-false]')?.outerHTML;
  for (const old of document.querySelectorAll('body [data-part]')) {
    const fresh = page.querySelector(`[data-part="${old.dataset.part}"]`);
    if (!fresh || fresh.isEqualNode(old)) continue;
    const mark = old.contains(document.activeElement) ? marker(document.activeElement) : null;
    const copy = document.importNode(fresh, true);
    if (copy.dataset.sentence) old.dataset.sentence = copy.dataset.sentence;
    old.replaceChildren(...copy.childNodes);
    if (mark) [...old.querySelectorAll('button, a')].find((each) => marker(each) === mark)?.focus({ preventScroll: true });
  }
  document.title = page.title;
  for (const what of turned) what();
}

// ---- what is shown

function lasting(ms) {
  const units = JSON.parse(set.units);
  const minutes = Math.max(0, Math.floor(ms / 60e3)), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const form = days ? units.d[new Intl.PluralRules(root.lang).select(days)] ?? Object.values(units.d)[0]
    : hours ? units.hm : minutes ? units.m : units.under;
  return form.replace('{d}', days).replace('{h}', hours % 24).replace('{m}', minutes % 60);
}

function show() {
  const health = find('health'), isFresh = age() <= FRESH_MS && isUp();
  health.classList.toggle('on', isFresh);
  const said = word(isFresh ? 'link.on' : 'link.checking');
  if (health.lastElementChild.textContent !== said) health.lastElementChild.textContent = said;
  const now = serverNow();
  document.querySelector('[data-clock="zone"]').textContent = hms(now);
  document.querySelector('[data-clock="utc"]').textContent = new Date(now).toISOString().slice(11, 19);
  for (const each of document.querySelectorAll('[data-since]')) {
    const text = lasting(now - Date.parse(each.dataset.since));
    if (each.textContent !== text) each.textContent = text;
  }
  if (isUp() || over) return;
  const bar = find('offbar');
  if (!bar.firstChild) {
    const bold = Object.assign(document.createElement('b'), { textContent: word('link.off', { time: hms(since) }) });
    const again = document.createElement('span');
    again.setAttribute('aria-hidden', 'true'); // counted down for the eye, not spoken each second
    bar.append(bold, ' ', word('link.off.more'), ' ', again);
  }
  bar.lastChild.textContent = word('link.again', { n: Math.max(1, Math.ceil((nextTry - performance.now()) / 1e3)) });
}

function tick() {
  if (isUp() && age() > LOST_MS) down();
  if (!isUp() ? performance.now() >= nextTry : age() > FRESH_MS && performance.now() >= nextTry) probe();
  show();
}

export function start() {
  open();
  setInterval(tick, 1e3);
  addEventListener('online', probe);
  addEventListener('offline', down);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (e) => { if (e.persisted) { open(); probe(); } });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && age() > FRESH_MS) probe(); });
  show();
}

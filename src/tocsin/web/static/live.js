// Keeps a page true without a reload. It holds no words and no rules: every sentence comes from
// the server, either in the page itself (also the face for a lost connection, asleep in
// <template id="stale">) or in the page's own fragment, asked for again whenever something changed.
const root = document.documentElement;
const set = root.dataset;
const FRESH_MS = 20e3; // older: "Checking"; the page then asks by itself every POLL_MS
const LOST_MS = 45e3; // older: "Connection lost", everywhere on the page
const POLL_MS = 15e3;
const find = (id) => document.getElementById(id);
const part = (name, within) => within.querySelector(`[data-part="${name}"]`);

let known = Date.parse(set.now); // the server's time of the last proof that it is there
let heardWall = Date.now(), heardTick = performance.now();
let lost = set.fresh !== 'fresh';
let proven = false; // a proof has come since the page was loaded
let etag = '', tried = 0, asking = false, askAgain = false;

// A device that slept may have stopped either clock; the one that ran on is right.
const age = () => Math.max(Date.now() - heardWall, performance.now() - heardTick);
const serverNow = () => known + age();
const clock = (ms, from, to) =>
  new Date(ms + set.offset * 60e3).toISOString().slice(from, to);
const hm = (ms) => clock(ms, 11, 16);
const hms = (ms) => clock(ms, 11, 19);

function lasting(ms) {
  const units = JSON.parse(set.units);
  const minutes = Math.max(0, Math.floor(ms / 60e3)), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const form = days ? units.d[new Intl.PluralRules(root.lang).select(days)] ?? Object.values(units.d)[0]
    : hours ? units.hm : minutes ? units.m : units.under;
  return form.replace('{d}', days).replace('{h}', hours % 24).replace('{m}', minutes % 60);
}

// ---- what is heard

function heard(time) {
  known = Date.parse(time) || serverNow();
  heardWall = Date.now();
  heardTick = performance.now();
  proven = true;
  const bar = find('deadman');
  bar.classList.toggle('again'); // the dead-man's bar starts to count anew
  show();
  if (lost || (set.turn && known >= Date.parse(set.turn))) ask();
}

function compare(time, hash) {
  heard(time);
  if (hash !== set.hash) ask();
}

// One stream for each address and browser: whoever holds the lock reads it and passes it on, so
// that many tabs do not use up the few connections a browser opens to one server.
function follow(address, kinds, take) {
  const line = { source: null };
  const channel = 'BroadcastChannel' in self ? new BroadcastChannel(address) : null;
  let leads = false;
  line.open = () => {
    line.source?.close();
    line.source = new EventSource(address);
    for (const kind of kinds) line.source.addEventListener(kind, ({ data }) => {
      if (leads) channel.postMessage([kind, data]);
      take(kind, JSON.parse(data));
    });
  };
  line.isShut = () => !line.source || line.source.readyState === EventSource.CLOSED;
  if (channel) channel.onmessage = ({ data }) => line.source || take(data[0], JSON.parse(data[1]));
  if (channel && navigator.locks) {
    navigator.locks.request(address, () => {
      leads = true;
      line.open();
      return new Promise(() => {}); // held until this page goes
    });
  } else line.open();
  return line;
}

function take(kind, news) {
  if (kind === 'snapshot') compare(news.as_of, news.hash);
  else if (kind === 'heartbeat') compare(news.server_time, news.hash);
  else if (kind === 'stale') {
    known = Date.parse(news.since) || known;
    lose();
  } else ask();
}

// ---- asking the page for itself

function ask() {
  if (asking) { askAgain = true; return; }
  asking = true;
  askAgain = false;
  tried = performance.now();
  const here = new URL(location.href);
  here.searchParams.set('fragment', '1');
  const request = new XMLHttpRequest(); // its "document" is parsed without a script or a markup sink
  request.open('GET', here);
  request.responseType = 'document';
  request.timeout = 10e3;
  if (etag && !lost) request.setRequestHeader('If-None-Match', etag);
  request.onload = () => {
    const time = request.getResponseHeader('Tocsin-Now');
    if (request.status === 304) heard(time);
    else if (request.status === 200 && request.response) {
      etag = request.getResponseHeader('ETag');
      turn(request.response, time);
    }
  };
  request.onloadend = () => {
    asking = false;
    if (askAgain) ask();
  };
  request.send();
}

function turn(page, time) {
  const before = document.title, lie = part('false', document)?.textContent.trim();
  for (const name in page.documentElement.dataset) set[name] = page.documentElement.dataset[name];
  lost = set.fresh !== 'fresh';
  swap(page.body, page.title, page.querySelector('link[rel="icon"]').href);
  find('stale').replaceWith(document.importNode(page.getElementById('stale'), true));
  if (lost) known = Date.parse(set.now);
  else heard(time);
  if (document.title !== before) say();
  const lies = part('false', document)?.textContent.trim(); // a false warning is spoken once as well
  if (lies && lies !== lie) find('say').textContent = lies;
  show();
}

// ---- what is shown

// Swap every named part that differs. Focus and open lists stay as they are.
function swap(from, title, icon) {
  const focus = document.activeElement?.getAttribute('href');
  for (const old of document.querySelectorAll('body [data-part]')) {
    const fresh = part(old.dataset.part, from);
    if (!fresh) continue;
    const copy = document.importNode(fresh, true);
    const had = old.contains(document.activeElement);
    if (copy.dataset.sentence) old.dataset.sentence = copy.dataset.sentence;
    old.replaceChildren(...copy.childNodes);
    if (had && focus) old.querySelector(`[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }
  document.title = title;
  document.querySelector('link[rel="icon"]').href = icon;
  paint();
}

// The map is painted from the list, which says the same: they cannot differ.
function paint() {
  const map = find('map'), list = part('list', document);
  if (!map || !list) return;
  for (const line of list.querySelectorAll('[data-region]')) {
    const { region, face } = line.dataset;
    find(`m-${region}`)?.setAttribute('class', `r ${face}`);
    find(`t-${region}`)?.setAttribute('class', face);
  }
  if (list.dataset.sentence) map.setAttribute('aria-label', list.dataset.sentence);
}

function lose() {
  if (lost) return;
  lost = true;
  const asleep = find('stale');
  const copy = document.importNode(asleep.content, true);
  for (const time of copy.querySelectorAll('[data-known]'))
    time.textContent = time.dataset.known === 's' ? hms(known) : hm(known);
  set.state = 'stale';
  swap(copy, asleep.dataset.title, asleep.dataset.icon);
  say();
  show();
}

// A change is spoken once; focus is never moved.
function say() {
  const first = document.querySelector('.hero h1'), action = document.querySelector('.hero .do');
  const urgent = set.state === 'alert' || set.state === 'part';
  find(urgent ? 'say' : 'shout').textContent = '';
  find(urgent ? 'shout' : 'say').textContent = `${first.textContent.trim()}. ${action.textContent.trim()}`;
}

function show() {
  const live = find('live'), waiting = age() > FRESH_MS;
  if (proven) {
    live.classList.toggle('on', !waiting);
    live.querySelector('span').textContent =
      (waiting ? live.dataset.checking : live.dataset.live).replace('{time}', hms(known));
  }
  const now = lost ? known : serverNow();
  for (const it of document.querySelectorAll('body [data-since]')) it.textContent = lasting(now - Date.parse(it.dataset.since));
  for (const it of document.querySelectorAll('body [data-age]')) it.textContent = lasting(age());
  for (const it of document.querySelectorAll('[data-clock]')) it.textContent = hms(now);
}

// ---- time

const news = follow(set.stream, ['snapshot', 'heartbeat', 'alert', 'notice', 'reset', 'stale'], take);
// The banner that a drill runs comes from the drills' own stream, which all pages share.
const drills = follow(set.drills, ['alert'], ask);

setInterval(() => {
  if (age() > LOST_MS) lose();
  if (age() > FRESH_MS && performance.now() - tried > POLL_MS) {
    ask();
    for (const line of [news, drills]) if (line.isShut()) line.open();
  }
  show();
}, 1e3);
// Where another page reads the stream, its next heartbeat may be 15 s away: prove it now.
setTimeout(() => proven || ask(), 1e3);
// A page that comes out of a cache, or a device that wakes, proves itself anew.
addEventListener('pageshow', (e) => {
  if (!e.persisted) return;
  if (age() > LOST_MS) lose();
  news.open();
  drills.open();
  ask();
});
document.addEventListener('visibilitychange', () => { if (!document.hidden && age() > FRESH_MS) ask(); });
addEventListener('online', ask);
addEventListener('pagehide', () => { for (const line of [news, drills]) line.source?.close(); });

// For a pointer, the map's regions are links too; the list is the real control.
find('map')?.addEventListener('click', (e) => {
  const code = e.target.id?.startsWith('m-') && e.target.id.slice(2);
  part('list', document)?.querySelector(`[data-region="${CSS.escape(code || '')}"] a`)?.click();
});

root.classList.add('js');

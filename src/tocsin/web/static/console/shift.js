// What a page of the record owes its reader while it lies open: whether the server still answers, and
// when the session ends.
//
// A page is as old as its last answer, so without one for 45 s it turns grey and says as of when it
// is: nobody shall take it for the present (UX rule 3). When the link is back it is loaded again,
// unless something was typed into it. The session ends with the shift: a bar says so ten minutes
// before, never in the middle of a dialog; another place can end it too. The clock that counts is the
// one sessions live by, which the answer's Date tells; a page's own time is the house's, and a demo
// replays another day.
const root = document.documentElement, view = root.dataset.view;
const bar = document.getElementById('shift'), off = document.getElementById('offbar');
const health = document.getElementById('health');
const SOON_MS = 10 * 60e3, ASK_MS = 15e3, LOST_MS = 45e3, WAIT_MS = 10e3, LOOK_MS = 1e3;
let ends = NaN, ahead = 0, ended = false, asking = false;
let heardWall = Date.now(), heardTick = performance.now(); // a laptop that slept stops one of them

const silence = () => Math.max(Date.now() - heardWall, performance.now() - heardTick);

async function ask() {
  if (ended || asking) return; // after its end every further try would be a stranger's
  asking = true;
  try {
    const answer = await fetch('/api/v1/session', { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(WAIT_MS) });
    const now = Date.parse(answer.headers.get('Date'));
    if (!Number.isNaN(now)) ahead = now - Date.now();
    if (answer.ok) ends = Date.parse((await answer.json()).shift_ends_at);
    ended = answer.status === 401;
    if (answer.status < 500) heard();
  } catch { /* no link: asked again */ }
  asking = false;
  look();
}

function heard() {
  heardWall = Date.now();
  heardTick = performance.now();
  if (root.dataset.view !== 'offline') return;
  const typed = [...document.querySelectorAll('input, textarea')].some((each) =>
    (each.type === 'checkbox' ? each.checked !== each.defaultChecked : each.value !== each.defaultValue));
  if (!ended && !typed && !document.querySelector('dialog[open]')) location.reload();
  root.dataset.view = view;
  off.replaceChildren();
  health.lastElementChild.textContent = bar.dataset.asOf;
}

function lost() {
  if (root.dataset.view === 'offline') return;
  root.dataset.view = 'offline';
  const said = document.createElement('b');
  said.textContent = bar.dataset.lost;
  off.replaceChildren(said, ' ', bar.dataset.lostMore);
  health.lastElementChild.textContent = bar.dataset.lost;
}

function look() {
  if (!ended && silence() > LOST_MS) lost();
  const left = ends - ahead - Date.now();
  const said = left <= 0 ? bar.dataset.over : ended ? bar.dataset.ended
    : left <= SOON_MS ? bar.dataset.soon.replace('{min}', Math.ceil(left / 60e3)) : '';
  if (said && document.querySelector('dialog[open]')) return;
  const span = bar.querySelector('span');
  if (span.textContent !== said) span.textContent = said;
  bar.hidden = !said;
}
ask();
setInterval(ask, ASK_MS);
setInterval(look, LOOK_MS);
addEventListener('online', ask);
document.addEventListener('visibilitychange', () => { // somebody may have signed in elsewhere
  if (document.hidden) return;
  ended = false;
  ask();
});

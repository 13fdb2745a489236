// The session ends with the shift: a bar says so ten minutes before, never in the middle of a dialog.
// It asks once a minute whether the session still runs: another place can end it. The clock that
// counts is the one sessions live by, which the answer's Date tells; a page's own time is the house's,
// and a demo replays another day.
const bar = document.getElementById('shift');
const SOON_MS = 10 * 60e3, ASK_MS = 60e3, LOOK_MS = 15e3;
let ends = NaN, ahead = 0, ended = false;

async function ask() {
  if (ended) return; // every further try would be a stranger's
  try {
    const answer = await fetch('/api/v1/session', { headers: { Accept: 'application/json' }, cache: 'no-store' });
    const now = Date.parse(answer.headers.get('Date'));
    if (!Number.isNaN(now)) ahead = now - Date.now();
    if (answer.ok) ends = Date.parse((await answer.json()).shift_ends_at);
    ended = answer.status === 401;
  } catch { /* no link: asked again */ }
  look();
}

function look() {
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
document.addEventListener('visibilitychange', () => { // somebody may have signed in elsewhere
  if (document.hidden || !ended) return;
  ended = false;
  ask();
});

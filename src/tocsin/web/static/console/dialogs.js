// The dialogs: what will happen is read first, then one deliberate press does it. Focus goes to the
// safe choice and comes back to where it was. Nothing here decides: it asks the public API.
import * as change from './change.js';
import * as compose from './compose.js';
import { confirmed } from './confirm.js';
import * as cover from './cover.js';
import * as follow from './follow.js';
import { isUp, read, serverNow } from './link.js';
import { wakes } from './nolink.js';
import * as plan from './plan.js';
import { No, ask, fetchPage, find, here, hms, listed, make, newKey, oops, people, rich, root, sentence, set, toast, word } from './parts.js';
import { sure } from './send.js';

const WAKES_MS = 700; // so that a double press of Ctrl+Enter cannot issue
const inside = (name) => (name ? name[0].toLowerCase() + name.slice(1) : '');

// ---- review and issue

let review = null; // {preview, body, danger, where, key} of the open dialog
let busy = false, opening = false;

export async function openReview() {
  const dialog = find('d-review');
  if (!compose.isThere() || dialog.open || opening || !isUp()) return;
  opening = true;
  try {
    await compose.settled();
    const missing = compose.missing();
    if (missing.length) return compose.refuse(missing);
    const made = await compose.current();
    if (!made) return compose.refuse([{ rule: '', field: '', help: word('offline') }]);
    if (made.preview.refusals.length) return compose.refuse(made.preview.refusals);
    compose.refuse([]);
    const reach = set.room === 'drill' ? [] : await cover.lines(made.preview.regions, made.where);
    review = { ...made, reach, key: newKey() };
    fillReview();
    wake(find('send'));
    dialog.showModal();
    find('rv-back').focus({ preventScroll: true });
    dialog.scrollTo({ top: 0 }); // it is read from its first line, however long it is
  } finally {
    opening = false;
  }
}

function wake(button) {
  button.disabled = true;
  const mine = review;
  setTimeout(() => { if (mine === review) wakes(button); }, WAKES_MS);
}

function fillReview() {
  const { preview, danger, where, body } = review;
  const isTwo = preview.second_person.needed, isDrill = set.room === 'drill';
  const kind = find('rv-kind');
  kind.classList.toggle('two', isTwo);
  kind.textContent = isTwo ? `${isDrill ? word('kind.drill') : word('kind.live')} ${word('kind.two')}` : word(isDrill ? 'kind.drill' : 'kind.live');
  const values = { people: people(preview.people.count), hazard: inside(danger.name), places: where };
  find('rv-h').replaceChildren(...rich(isTwo ? 'propose' : isDrill ? 'warn.drill' : 'warn.live', values));
  find('rv-larger').hidden = !preview.larger_than_usual;
  find('rv-two').hidden = !isTwo;
  find('rv-two').textContent = isTwo ? word('two', { why: listed(preview.second_person.why.map((each) => word(`why.${each}`))) }) : '';
  const sounds = preview.sounds_in.length;
  const lines = [
    ...(isTwo ? [['badl', rich('will.wait')]] : []),
    ['', rich(isDrill ? 'will.streams.drill' : 'will.streams')],
    ['', sounds ? rich('will.sounds', { n: sounds }) : rich('will.silent')],
    ...(isDrill ? [['', rich('will.public.drill')]] : []),
    ...(body.expires ? [['', rich('will.ends', { time: hms(Date.parse(body.expires)).slice(0, 5) })]] : []),
    [isDrill ? '' : 'badl', rich('will.none')],
    ...review.reach,
  ];
  find('rv-will').replaceChildren(...lines.map(([name, nodes]) => make('li', { class: name || null }, ...nodes)));
  find('rv-under').hidden = find('under').hidden;
  find('rv-under').textContent = find('under').textContent;
  compose.spoken(preview.text.alert, find('rv-texts'));
  plan.told(body.evacuation, find('rv-plan'));
  find('send-word').textContent = word(isTwo ? 'send.two' : isDrill ? 'send.drill' : 'send.live', { hazard: inside(danger.name) });
  find('rv-override').hidden = !isTwo;
  find('rv-override').open = false;
  find('rv-state').replaceChildren();
  oops(find('rv-oops'), '', []);
}

export async function send() {
  const button = find('send');
  if (busy || button.disabled || !review) return;
  await issue(button, () => review);
}

// Ctrl+Enter while the disclosure is open means the override that stands there, with its reason.
export const sendByKey = () => (find('rv-override').open && !find('rv-override').hidden ? alone() : send());

async function alone() {
  const reason = find('override').value.trim();
  if (busy || find('send').disabled) return;
  if (!reason) return oops(find('rv-oops'), word('refused'), [[word('need.reason'), find('override')]]);
  await issue(find('send-alone'), async () => {
    if (review.reason === reason) return review;
    const { preview, body } = await compose.overridden(reason);
    if (preview.refusals.length) throw new No(422, preview.refusals[0]);
    review = { ...review, preview, body, reason, key: newKey() };
    return review;
  });
}

async function issue(button, made) {
  busy = true;
  oops(find('rv-oops'), '', []);
  try {
    const { preview, body, key } = await made();
    const { status, body: told } = await sure(`${set.api}/alerts`, { ...body, token: preview.token }, { key, button, state: find('rv-state') });
    review = null;
    find('d-review').close();
    compose.clear();
    if (status === 202) {
      follow.follow(told.id);
      toast(word('proposed'), word('proposed.as', { handle: told.handle }));
      await openFrame('proposal', told.id);
    } else issued(told, body.override ? await superseded(body.hazard, preview.regions) : '');
    read();
  } catch (no) {
    if (!(no instanceof No)) throw no;
    oops(find('rv-oops'), word('unsaved'), [[sentence(no), null, [no.rule, no.field].filter(Boolean).join(' ')]]);
  } finally {
    busy = false;
  }
}

// What was given alone needs no second person any more: an own proposal of the same is withdrawn.
async function superseded(hazard, regions) {
  const same = (each) => each.state === 'waiting' && each.author.account === set.account && each.hazard === hazard && !each.change
    && [...each.regions].sort().join() === [...regions].sort().join();
  let found = [];
  try { found = (await ask('GET', `${set.api}/proposals`)).body.proposals.filter(same); } catch { return ''; }
  const said = await Promise.all(found.map(async ({ id, handle }) => {
    follow.forget(id);
    try {
      await ask('POST', `${set.api}/proposals/${id}/withdraw`, {}, { key: newKey() });
      return word('alone.withdrawn', { handle });
    } catch { follow.remember(id); return word('alone.still', { handle }); }
  }));
  return said.join(' ');
}

function issued(alert, more = '') {
  const time = hms(Date.parse(alert.sent));
  toast(word(set.room === 'drill' ? 'issued.drill' : 'issued.live', { time }), `${word('saved', { handle: alert.handle })} ${more}`.trim(),
    make('a', { href: `/console/alerts/${alert.id}` }, word('delivery')),
    make('button', { type: 'button', class: 'plain', 'data-dialog': 'cancel', 'data-id': alert.id }, word('correct')));
}

// ---- dialogs that the server writes: all-clear, in error, change, proposal

let opener = null;

export async function openFrame(kind, id, more = {}) {
  if (!isUp()) return;
  const dialog = find('d-frame');
  const came = await fetchPage(here({ dialog: kind, id, ...more })).catch(() => null);
  const form = came?.page?.querySelector('form[data-kind]'); // none: it ended, the list says so
  if (!form) return;
  const copy = document.importNode(form, true);
  find('frame').replaceChildren(copy);
  wireForm(copy);
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
    dialog.scrollTo({ top: 0 });
  }
  (copy.querySelector('[data-back]') ?? copy.querySelector('button'))?.focus({ preventScroll: true });
}

function shut() {
  find('d-frame').close();
}

export function shutProposal(id) {
  if (find('d-frame').open && find('frame').querySelector(`form[data-kind="proposal"][data-id="${CSS.escape(id)}"]`)) shut();
}

// The page was read again: a proposal that is open here is too, where nothing typed would be lost.
export async function turned() {
  const form = find('frame').querySelector('form[data-kind="proposal"]');
  if (!form || busy || form.contains(document.querySelector('[aria-disabled="true"]')) || form.dataset.state !== 'waiting') return;
  const came = await fetchPage(here({ dialog: 'proposal', id: form.dataset.id })).catch(() => null);
  const fresh = came?.page?.querySelector('form[data-kind]');
  if (!fresh || !form.isConnected || busy) return;
  const isOver = fresh.dataset.state !== 'waiting';
  if (isOver ? 'own' in form.dataset : !('own' in form.dataset)) { // mine that is over: follow.js says how; another's that waits: it is being read
    const covering = fresh.querySelector('.covering');
    if (!isOver && covering && !form.querySelector('.covering')) form.querySelector('.kv').after(document.importNode(covering, true));
    return;
  }
  if (fresh.innerHTML === form.innerHTML) return;
  const copy = document.importNode(fresh, true);
  find('frame').replaceChildren(copy);
  wireForm(copy);
  (copy.querySelector('[data-back]') ?? copy.querySelector('button'))?.focus({ preventScroll: true });
}

function wireForm(form) {
  form.addEventListener('submit', (e) => e.preventDefault());
  form.addEventListener('click', (e) => {
    const button = e.target.closest('button');
    if (!button) return;
    if ('back' in button.dataset) shut();
    else if ('send' in button.dataset) go(form, button);
  });
  if (form.dataset.kind === 'clear') wireParts(form);
  if (form.dataset.kind === 'false') form.querySelector('[data-where]').textContent = compose.where();
}

// Another part is another question: the server says anew what ends and what stays.
function wireParts(form) {
  const again = () => {
    const regions = [...form.querySelectorAll('[name="region"]:checked')].map((each) => each.value);
    openFrame('clear', form.dataset.id, { region: regions });
  };
  for (const each of form.querySelectorAll('[name="whole"]')) each.addEventListener('change', () => {
    const isWhole = form.querySelector('[name="whole"]:checked').value === '1';
    form.querySelector('.parts').hidden = isWhole;
    if (isWhole) openFrame('clear', form.dataset.id);
  });
  for (const each of form.querySelectorAll('[name="region"]')) each.addEventListener('change', again);
}

const value = (form, name) => form.querySelector(`[name="${name}"]`)?.value.trim() ?? '';

// kind -> the path, the body, and what is said after; a string instead: what is missing.
const asks = {
  clear(form) {
    const isWhole = form.querySelector('[name="whole"]:checked').value === '1';
    const regions = isWhole ? [] : [...form.querySelectorAll('[name="region"]:checked')].map((each) => each.value);
    if (!isWhole && !regions.length) return 'need.area';
    const ticked = [...form.querySelectorAll('[name="ticked"]:checked')].map((each) => each.value);
    return { path: form.dataset.path, body: { regions, ticked }, said: 'cleared' };
  },
  cancel(form) {
    const reason = value(form, 'reason');
    return reason ? { path: form.dataset.path, body: { reason }, said: 'cancelled' } : 'need.reason';
  },
  update(form) {
    const text = value(form, 'hours').replace(',', '.'), number = Number(text);
    if (text && !(number > 0)) return 'bad.hours';
    const expires = text ? new Date(Math.round((serverNow() + number * 3600e3) / 1e3) * 1e3).toISOString() : null;
    const words = {};
    for (const box of form.querySelectorAll('[data-language]')) {
      const fields = [...box.querySelectorAll('[data-slot]')];
      if (fields.some((each) => each.value !== each.dataset.was))
        words[box.dataset.language] = Object.fromEntries(fields.map((each) => [each.dataset.slot, each.value]));
    }
    const reason = form.querySelector('[name="reason"]');
    const body = {
      ...(value(form, 'level') ? { level: value(form, 'level') } : {}),
      ...(Object.keys(words).length ? { text: words } : {}),
      ...(reason.value !== reason.dataset.was ? { reason: reason.value } : {}),
    };
    if (!Object.keys(body).length && expires) return { path: `${form.dataset.path}/extend`, body: { expires }, said: 'changed' };
    return { path: `${form.dataset.path}/update`, body: { ...body, ...(expires ? { expires } : {}) }, said: 'changed' };
  },
  draft(form) {
    const reason = value(form, 'reason');
    return reason ? { path: `${form.dataset.path}/dismiss`, body: { reason }, said: 'draft.dismissed' } : 'need.reason';
  },
  false(form) {
    const text = Object.fromEntries([...form.querySelectorAll('[data-text]')].map((each) => [each.dataset.text, each.value.trim()]));
    if (Object.values(text).some((said) => !said)) return 'need.text';
    const refutes = value(form, 'refutes');
    return { path: form.dataset.path, body: { area: compose.chosenPlace().area, text, ...(refutes ? { refutes } : {}) }, said: 'false.told' };
  },
  change(form) {
    return { path: form.dataset.path, body: form.change, said: 'changed' };
  },
  proposal(form, button) {
    const verdict = button.dataset.send;
    if (verdict === 'approve') {
      if (!form.querySelector('[name="read"]').checked) return 'need.read';
      return { path: `${form.dataset.path}/approve`, body: { content: form.dataset.content }, said: 'issued.live' };
    }
    if (verdict === 'decline') return { path: `${form.dataset.path}/decline`, body: {}, said: 'declined' };
    const box = form.querySelector('.back-why');
    if (box.hidden) { box.hidden = false; form.querySelector('[name="reason"]').focus(); return ''; }
    return value(form, 'reason') ? { path: `${form.dataset.path}/send-back`, body: { reason: value(form, 'reason') }, said: 'sent-back' } : 'need.reason';
  },
};

async function go(form, button) {
  if (busy || button.disabled) return;
  const wanted = asks[form.dataset.kind]?.(form, button);
  const box = form.querySelector('.oops');
  if (!wanted) return;
  if (typeof wanted === 'string') return oops(box, word('refused'), [[word(wanted), null]]);
  busy = true;
  oops(box, '', []);
  // One key for one wish: the same wish sent again is the same request.
  const wish = JSON.stringify([wanted.path, wanted.body]);
  const key = form.dataset.wish === wish ? form.dataset.key : newKey();
  Object.assign(form.dataset, { wish, key });
  const state = form.querySelector('.state');
  try {
    if (form.dataset.kind === 'update' && change.tells(wanted.body)) return await change.review(form, wanted.body, wireForm);
    const { status, body } = await proven(() => sure(`${set.api}${wanted.path}`, wanted.body, { key: form.dataset.key, button, state }), form);
    shut();
    if (status === 202) { follow.follow(body.id); toast(word('proposed'), word('proposed.as', { handle: body.handle })); await openFrame('proposal', body.id); }
    else if (wanted.said === 'issued.live') issued(body);
    else toast(word(wanted.said, { time: hms(serverNow()) }), body.handle ?? '');
    read();
  } catch (no) {
    if (!(no instanceof No)) throw no;
    oops(box, word('unsaved'), [[sentence(no), null, [no.rule, no.field].filter(Boolean).join(' ')]]);
  } finally {
    busy = false;
  }
}

// Do it; where a fresh proof of who asks is wanted, ask for that, then do it again.
async function proven(what, form) {
  try {
    return await what();
  } catch (no) {
    if (no.rule !== 'needs-confirmation' || !(await confirmed())) throw no;
    form.dataset.key = newKey();
    return what();
  }
}

// A false warning is about: told in the place that is chosen.
export function lie() {
  if (!isUp() || !compose.isThere() || !document.querySelector('[data-dialog="false"]')) return undefined;
  if (!compose.chosenPlace().isPlaced) return compose.refuse([{ rule: '', field: '/area', help: word('need.area') }]);
  return openFrame('false', '');
}

// ---- what needs no dialog

async function quick(path, said, button) {
  button.setAttribute('aria-disabled', 'true');
  try {
    await sure(`${set.api}${path}`, {}, { button, state: find('toast-text') });
    toast(word(said, { time: hms(serverNow()) }));
    read();
    return true;
  } catch (no) {
    toast(word('unsaved'), sentence(no));
    return false;
  }
}

export function start() {
  find('review')?.addEventListener('click', openReview);
  find('send').addEventListener('click', send);
  find('send-alone').addEventListener('click', alone);
  find('rv-back').addEventListener('click', () => find('d-review').close());
  find('d-review').addEventListener('cancel', (e) => { if (busy) e.preventDefault(); });
  find('d-review').addEventListener('close', () => { review = null; find('review')?.focus(); });
  find('d-frame').addEventListener('cancel', (e) => { if (busy) e.preventDefault(); });
  find('d-frame').addEventListener('close', () => {
    find('frame').replaceChildren();
    if (opener?.isConnected) opener.focus();
  });
  document.addEventListener('click', (e) => {
    const button = e.target.closest('button');
    if (!button || !isUp()) return;
    const { dialog, id, keep, call, withdraw, endFalse } = button.dataset;
    if (dialog === 'false') lie();
    else if (endFalse) quick(`/counterfeits/${endFalse}/end`, 'false.ended', button);
    else if (dialog) { find('toast').hidden = true; openFrame(dialog, id); }
    else if (keep) quick(`/alerts/${keep}/keep`, 'kept', button);
    else if (call) quick(`/proposals/${call}/page`, 'called', button);
    else if (withdraw) quick(`/proposals/${withdraw}/withdraw`, 'withdrawn', button).then((isDone) => { if (isDone) follow.forget(withdraw); if (find('d-frame').open) shut(); });
  });
}

// What all of the desk's pages do: send one wish once, find regions and incidents by name, read and
// fill the parts of a form, ask for a reason, and go through a list by single letters.
import { Refused, attempt, ask as askFor, make, word } from '../console/forms.js';
import { wireFinder } from '../console/finder.js';
import { areSingle } from '../console/keys.js';
import { No, ask, newKey } from '../console/parts.js';

export const root = document.documentElement;
export const find = (id) => document.getElementById(id);
const OFF = 'tocsin-single-keys';

// The desk's own sentences for rules stand beside the officers' (forms.js looks there).
find('rules')?.append(...(find('desk-rules')?.children ?? []));

// ---- sending

const wishes = new Map(); // what was asked and not answered yet -> its key: asked again, it is one
export async function send(form, path, body = {}) {
  const wish = JSON.stringify([path, body]);
  if (!wishes.has(wish)) wishes.set(wish, newKey());
  try {
    const { body: told } = await ask('POST', path, body, { key: wishes.get(wish), wait: 60e3 });
    wishes.delete(wish);
    return told;
  } catch (no) {
    if (!(no instanceof No)) throw no;
    if (no.isCertain) wishes.delete(wish);
    const isKnown = no.status > 0;
    throw new Refused({
      rule: no.rule || (isKnown ? `http-${no.status}` : 'no-answer'), field: fieldOf(form, no.field),
      help: isKnown ? no.help || word('failed') : word('unreachable'),
    });
  }
}

// "/saying/figures/0/value" -> the form's own field of that name ("figures-0-value"), or what holds it.
function fieldOf(form, field) {
  const parts = field.split('/').filter(Boolean);
  if (parts[0] === 'saying') parts.shift();
  for (let n = parts.length; n > 0; n -= 1) {
    const name = parts.slice(0, n).join('-');
    if (form?.querySelector(`[name="${CSS.escape(name)}"]`)) return `/${name}`;
  }
  return field;
}

export const refused = (rule, field = '') => new Refused({ rule, field: field && `/${field}`, help: '' });

// ---- times: fields are in the zone of the house's profile, wherever the browser is

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: root.dataset.zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});
function ahead(ms) {
  const part = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) - Math.floor(ms / 1e3) * 1e3;
}
export function toUtc(value) {
  const wall = value ? Date.parse(`${value}Z`) : NaN;
  if (Number.isNaN(wall)) return null;
  const near = wall - ahead(wall);
  return new Date(wall - ahead(near)).toISOString();
}
export function toField(at) {
  if (!at) return '';
  const ms = Date.parse(at);
  return new Date(ms + ahead(ms)).toISOString().slice(0, 16);
}

// ---- finders

const language = root.lang;
const said = { none: word('none'), failed: word('unreachable'), count: (n) => String(n) };

// What was chosen stands as chips; `box.chosen()` tells it, `box.choose(pairs)` sets it.
export function wirePicker(box, search, isMany) {
  const input = box.querySelector('[data-find]'), chips = box.querySelector('[data-chips]');
  const chosen = new Map([...chips.querySelectorAll('[data-code]')].map((each) => [each.dataset.code, each.textContent]));
  const show = () => {
    chips.replaceChildren(...[...chosen].map(([id, name]) => {
      const drop = make('button', { type: 'button', 'aria-label': `${word('remove')}: ${name}` }, '×');
      drop.onclick = () => { chosen.delete(id); show(); input.focus(); };
      return make('li', {}, name, drop);
    }));
    box.dispatchEvent(new CustomEvent('chosen'));
  };
  wireFinder(input, box.querySelector('.find ul'), {
    search, words: said, single: () => false,
    onAdd: ({ id, name }) => { if (!isMany) chosen.clear(); chosen.set(id, name); show(); },
    onDropLast: () => { chosen.delete([...chosen.keys()].at(-1)); show(); },
  });
  box.chosen = () => [...chosen.keys()];
  box.choose = (pairs) => { chosen.clear(); for (const [id, name] of pairs) chosen.set(id, name); show(); };
  show();
}

async function regions(query) {
  const told = await askFor('GET', `/api/v1/regions/search?${new URLSearchParams({ q: query, language })}`);
  return told.regions.map((each) => ({
    id: each.geocode, name: each.names[language] ?? Object.values(each.names)[0] ?? each.geocode, note: each.path,
  }));
}

export const folded = (text) => text.normalize('NFKD').toLowerCase();
const known = () => JSON.parse(find('known')?.dataset.incidents ?? '[]');
export const incidentName = (id) => known().find((each) => each.id === id)?.name ?? id;
const incidents = (without) => async (query) => {
  const wanted = folded(query).split(/\s+/).filter(Boolean);
  return known().filter((each) => each.id !== without)
    .filter((each) => wanted.every((piece) => folded(`${each.name} ${each.note}`).includes(piece))).slice(0, 12);
};

for (const box of document.querySelectorAll('[data-regions]')) wirePicker(box, regions, 'many' in box.dataset);
for (const box of document.querySelectorAll('[data-incident-find]'))
  wirePicker(box, incidents(document.querySelector('form[data-incident]')?.dataset.incident), false);

export const regionsOf = (form, name) => form.querySelector(`[data-regions="${name}"]`);
export const incidentOf = (form, name) => form.querySelector(`[data-incident-find="${name}"]`);

// ---- parts of a form

export const value = (form, name) => form.elements[name].value.trim();

export function sentences(form, name) {
  const found = {};
  for (const each of form.querySelectorAll(`[data-sentences="${name}"] textarea`))
    if (each.value.trim()) found[each.lang] = each.value.trim();
  return found;
}

export function fillSentences(form, name, told = {}) {
  for (const each of form.querySelectorAll(`[data-sentences="${name}"] textarea`)) each.value = told[each.lang] ?? '';
}

// A position as people write it: latitude first. The API wants longitude first.
function position(form, prefix) {
  const text = value(form, `${prefix}position`);
  if (!text) return null;
  const [lat, lon] = text.split(/[\s,;]+/).map(Number);
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) throw refused('position-out-of-range', `${prefix}position`);
  return [lon, lat];
}

export function readWhere(form, prefix) {
  const [geocode] = regionsOf(form, `${prefix}geocode`).chosen();
  if (!geocode) return null;
  return {
    geocode, name: value(form, `${prefix}name`), site: value(form, `${prefix}site`),
    position: position(form, prefix), certain: form.elements[`${prefix}where-certain`].checked,
  };
}

export function fillWhere(form, prefix, where, name) {
  regionsOf(form, `${prefix}geocode`).choose(where ? [[where.geocode, name ?? where.geocode]] : []);
  form.elements[`${prefix}name`].value = where?.name ?? '';
  form.elements[`${prefix}site`].value = where?.site ?? '';
  form.elements[`${prefix}position`].value = where?.position ? `${where.position[1]}, ${where.position[0]}` : '';
  form.elements[`${prefix}where-certain`].checked = where?.certain !== false;
}

export function readWhen(form, prefix) {
  const start = toUtc(value(form, `${prefix}start`)), end = toUtc(value(form, `${prefix}end`));
  if (!start && !end) return null;
  if (!start || !end) throw refused('missing-member', `${prefix}${start ? 'end' : 'start'}`);
  return { start, end, grain: value(form, `${prefix}grain`), certain: form.elements[`${prefix}when-certain`].checked };
}

export function fillWhen(form, prefix, when) {
  form.elements[`${prefix}start`].value = toField(when?.start);
  form.elements[`${prefix}end`].value = toField(when?.end);
  form.elements[`${prefix}grain`].value = when?.grain ?? 'day';
  form.elements[`${prefix}when-certain`].checked = when?.certain !== false;
}

// What opens an incident, or says better what it is.
export function readOpening(form, prefix = '') {
  const found = {
    kind: value(form, `${prefix}kind`), site: value(form, `${prefix}site`),
    where: readWhere(form, `${prefix}where-`), when: readWhen(form, `${prefix}when-`),
    title: sentences(form, `${prefix}title`),
  };
  for (const [name, field] of [['kind', 'kind'], ['site', 'site'], ['where', 'where-geocode'], ['when', 'when-start']])
    if (!found[name]) throw refused('missing-member', `${prefix}${field}`);
  return found;
}

// ---- dialogs

let opener = null;
export function openDialog(dialog, first) {
  opener = document.activeElement;
  calm(dialog);
  dialog.showModal();
  (first ?? dialog.querySelector('input:not([type="hidden"]), textarea, select, button'))?.focus();
}
function calm(dialog) {
  for (const each of dialog.querySelectorAll('.oops, .err')) { each.hidden = true; each.replaceChildren(); }
  for (const each of dialog.querySelectorAll('[aria-invalid]')) each.removeAttribute('aria-invalid');
}
for (const dialog of document.querySelectorAll('dialog:not(#confirm)')) {
  dialog.addEventListener('close', () => {
    if (dialog.id !== 'd-keys') dialog.querySelector('form').reset(); // nothing stands typed (shift.js asks)
    if (opener?.isConnected) opener.focus();
  });
  for (const back of dialog.querySelectorAll('[data-back]')) back.onclick = () => dialog.close();
}

// What needs a reason: the button says to whom it goes and what is asked.
const why = find('why');
for (const button of document.querySelectorAll('[data-why]')) {
  button.onclick = () => {
    const form = why.querySelector('form');
    form.reset();
    find('why-h').textContent = button.dataset.ask;
    form.querySelector('[data-do]').textContent = button.firstChild.textContent.trim();
    form.onsubmit = (event) => {
      event.preventDefault();
      attempt(form, async () => {
        const reason = value(form, 'reason');
        if (!reason) throw refused('reason-missing', 'reason');
        await send(form, button.dataset.why, { ...JSON.parse(button.dataset.with ?? '{}'), reason });
        again();
      });
    };
    openDialog(why, form.elements.reason);
  };
}

// What needs none.
const page = document.querySelector('.said-here');
for (const button of document.querySelectorAll('[data-post]')) {
  button.onclick = () => attempt(page, async () => {
    await send(page, button.dataset.post, {});
    if (button.dataset.to) location.assign(button.dataset.to);
    else again();
  });
}

// Read the page again, and come back to a place in it.
export function again(id) {
  if (id) history.replaceState(null, '', `#${id}`);
  location.reload();
}

// ---- going through a list by single letters (WCAG 2.1.4: they can be turned off)

const TYPES = 'input:not([type="radio"], [type="checkbox"], [type="button"]), textarea, select, [contenteditable]';
const cards = () => [...document.querySelectorAll('[data-cards] > [tabindex]')];
export const current = () => document.querySelector('[data-cards] > .now');

export function goTo(card, { scroll = true } = {}) {
  for (const each of cards()) each.classList.toggle('now', each === card);
  if (!card) return;
  if (!card.contains(document.activeElement)) card.focus({ preventScroll: true });
  if (scroll) card.scrollIntoView({ block: 'nearest' });
  card.dispatchEvent(new CustomEvent('now', { bubbles: true }));
}

const step = (by) => {
  const all = cards(), at = all.indexOf(current());
  goTo(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
};

// letters: key -> what it does with the card that is chosen (or with none, where it needs none).
export function wireKeys(letters = {}) {
  const does = { j: () => step(1), k: () => step(-1), '?': () => openDialog(find('d-keys')), ...letters };
  addEventListener('keydown', (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.repeat || !areSingle()) return;
    if (e.target.closest?.(TYPES) || document.querySelector('dialog:modal') || root.dataset.view === 'offline') return;
    const act = does[e.key.toLowerCase()];
    if (!act) return;
    e.preventDefault();
    act(current());
  });
  addEventListener('keydown', (e) => { // Enter on a row opens what it leads to
    const to = e.key === 'Enter' && e.target.matches?.('[data-open]') && e.target.dataset.open;
    if (to) location.assign(to);
  });
  document.addEventListener('focusin', (e) => {
    const card = e.target.closest?.('[data-cards] > [tabindex]');
    if (card && card !== current()) goTo(card, { scroll: false });
  });
  for (const button of document.querySelectorAll('[data-keys]')) button.onclick = () => openDialog(find('d-keys'));
  const box = find('single');
  const mark = () => { box.checked = box.defaultChecked = areSingle(); root.classList.toggle('no-keys', !areSingle()); };
  box.addEventListener('change', () => { localStorage.setItem(OFF, box.checked ? 'on' : 'off'); mark(); });
  mark();
  root.classList.add('js'); // what is pressed from now on is heard
}

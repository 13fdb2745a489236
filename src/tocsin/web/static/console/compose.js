// The new alert as it is being written: danger, place, words. It is previewed at the server after
// every change, so that the sentence, the words and what stands in the way are always the server's;
// the preview's token binds what is issued to exactly what was read.
import * as cover from './cover.js';
import { wireFinder } from './finder.js';
import { wireMap } from './map.js';
import { areSingle } from './keys.js';
import { serverNow } from './link.js';
import * as plan from './plan.js';
import { No, ask, drillWord, find, here, listed, make, oops, people, regionNames as names, rich, root, sentence, set, toast, word } from './parts.js';

const WAIT_MS = 150; // after a change before the server is asked
const GROUP_AS_CHIPS = 6; // a group of at most so many regions becomes chips of its own

const languages = set.languages.split(' ');
const form = find('compose');
const chosen = new Set(); // geocodes that are picked, for the map
let chips = []; // {id, name, regions} | {polygon} | {circle}
let own = {}; // the operator's own words: language -> slot -> text
let preview = null, previewFor = '', asked = 0, timer, underway = null;
let drawing = null;
let taken = null; // {id, handle, how}: the draft that the alert answers; `how` it closed meanwhile
const changed = new Set();
const waiting = form ? [...find('texts').childNodes] : []; // what stands there before there are words

export const isThere = () => Boolean(form);
export const onPreview = (what) => changed.add(what);

// ---- what is asked for

function danger() {
  const radio = form.querySelector('[name="hazard"]:checked');
  const from = radio?.value ? radio : radio ? find('other').selectedOptions[0] : null;
  const id = radio?.value || (radio && find('other').value) || '';
  return { id, name: from?.dataset.name ?? '', plan: from?.dataset.plan === '1', ends: from?.dataset.ends ?? '', levels: from?.dataset.levels ?? '' };
}

const area = () => ({
  regions: [...chosen],
  polygons: chips.filter((c) => c.polygon).map((c) => c.polygon),
  circles: chips.filter((c) => c.circle).map((c) => c.circle),
});
const isPlaced = ({ regions, polygons, circles }) => regions.length + polygons.length + circles.length > 0;

function hours() {
  const text = find('expires').value.trim().replace(',', '.');
  if (!text) return null;
  const number = Number(text);
  return number > 0 ? number : NaN;
}

// The body of the request. `end` is fixed once for each review, so that a repeat asks for the same.
function body(end) {
  const { id } = danger();
  const text = Object.fromEntries(Object.entries(own).filter(([, slots]) => Object.keys(slots).length));
  const because = find('because').value.trim();
  return {
    hazard: id,
    area: area(),
    ...(find('level').value && !find('level-box').hidden ? { level: find('level').value } : {}),
    ...(Object.keys(text).length ? { text } : {}),
    ...(end ? { expires: end } : {}),
    ...(danger().plan ? { evacuation: plan.read() } : {}),
    ...(taken ? { draft: taken.id } : {}),
    ...(find('hold').checked ? { hold: true } : {}),
    ...(find('second').checked || because ? { second: { ask: find('second').checked, because } } : {}),
  };
}

export const composed = () => ({ hazard: danger().id, name: danger().name, regions: [...chosen], where: where() });
export const chosenPlace = () => ({ area: area(), isPlaced: isPlaced(area()) });
export const where = () => (chips.length ? listed(chips.map((c) => c.name)) : '');

// ---- preview

function touched() {
  plan.show(danger().plan);
  asked += 1; // whatever is on its way is of an older form
  preview = null;
  clearTimeout(timer);
  paint();
  if (danger().id && isPlaced(area())) timer = setTimeout(look, WAIT_MS);
}

function ending() {
  const number = hours();
  return number ? new Date(Math.round((serverNow() + number * 3600e3) / 60e3) * 60e3).toISOString() : null;
}

async function look() {
  clearTimeout(timer);
  const mine = ++asked;
  const wanted = body(ending());
  underway = (async () => {
    try {
      const { body: told } = await ask('POST', `${set.api}/alerts/preview`, wanted);
      if (mine === asked) { preview = told; previewFor = wanted; }
    } catch (no) {
      if (mine === asked && no instanceof No && no.isCertain) preview = { refusals: [{ rule: no.rule, field: no.field, help: no.help }], text: {}, regions: [] };
    }
    if (mine === asked) paint();
  })();
  await underway;
}

// The preview of the form as it is, asking if need be; null where there is none.
export async function current() {
  if (!preview && danger().id && isPlaced(area())) await look();
  else if (!preview) await underway;
  return preview && { preview, body: previewFor, danger: danger(), where: where() };
}

// Ask again with an override: its token binds the reason too.
export async function overridden(reason) {
  const wanted = { ...previewFor, override: reason };
  const { body: told } = await ask('POST', `${set.api}/alerts/preview`, wanted);
  return { preview: told, body: wanted };
}

// ---- what stands in the way

// Show refusals at their fields and in the summary; nothing typed is lost.
export function refuse(refusals) {
  const place = (field) => {
    if (field.startsWith('/area')) return ['e-area', find('where')];
    if (field.startsWith('/text')) { openWords(); return [`e-text-${field.split('/')[2]}`, form.querySelector(`[data-language="${CSS.escape(field.split('/')[2] ?? '')}"] [data-slot="${CSS.escape(field.split('/')[3] ?? 'headline')}"]`)]; }
    if (field.startsWith('/hazard')) return ['e-hazard', form.querySelector('[name="hazard"]:checked') ?? form.querySelector('[name="hazard"]')];
    if (field.startsWith('/evacuation')) return plan.place(field);
    if (field.startsWith('/draft')) return ['e-draft', find('draft-off')];
    if (field.startsWith('/expires')) { find('extras').open = true; return ['e-expires', find('expires')]; }
    return ['', null];
  };
  calm();
  const lines = refusals.map((no) => {
    const [id, to] = place(no.field ?? '');
    const said = plan.lack(no) || sentence(no), at = find(id);
    if (at) { at.textContent = said; at.hidden = false; }
    to?.setAttribute('aria-invalid', 'true');
    return [said, to?.id ? to : null, no.rule && `${no.rule} ${no.field ?? ''}`];
  });
  oops(find('oops'), word('refused'), lines);
}

function calm() {
  oops(find('oops'), '', []);
  for (const each of form.querySelectorAll('.err')) each.hidden = each.id !== 'e-draft' || !taken?.how;
  for (const each of form.querySelectorAll('[aria-invalid]')) each.removeAttribute('aria-invalid');
}

// What is missing before anybody need be asked.
export function missing() {
  const found = [];
  const lacks = (name, field) => found.push({ rule: '', field, help: word(name) });
  if (!danger().id) lacks('need.hazard', '/hazard');
  if (!isPlaced(area())) lacks('need.area', '/area');
  if (Number.isNaN(hours())) lacks('bad.hours', '/expires');
  return found;
}

// ---- what is shown

export function spoken(texts, into) {
  into.replaceChildren(...languages.filter((each) => texts[each]).map((language) => {
    const said = texts[language], drill = set.room === 'drill' ? drillWord(language) : '';
    const head = drill && said.headline.startsWith(drill) ? [make('b', { class: 'dr' }, drill), make('b', {}, said.headline.slice(drill.length))] : [make('b', {}, said.headline)];
    return make('p', { lang: language }, ...head, '. ', [said.description, said.instruction].filter(Boolean).join(' '));
  }));
}

function paint() {
  const { levels, ends } = danger();
  find('ends').textContent = ends;
  levelsOf(levels);
  find('reach').replaceChildren(...(preview?.people ? rich('reach', { people: people(preview.people.count) }) : []));
  find('larger').hidden = !preview?.larger_than_usual;
  const under = preview?.already_regions ?? [];
  find('under').hidden = !under.length;
  find('under').textContent = under.length ? word('under', { places: listed(under.map(nameOf)) }) : '';
  const texts = preview?.text?.alert;
  if (texts && Object.keys(texts).length) {
    spoken(texts, find('texts'));
    fillWords(texts);
  }
  root.classList.toggle('twop', Boolean(preview?.second_person?.needed));
  if (preview?.refusals?.length) showBeside(preview.refusals);
  else for (const id of ['e-area', 'e-hazard']) find(id).hidden = true;
  const places = where();
  const over = preview?.regions?.length ? preview.regions : [...chosen];
  cover.over(over, over.length ? places : '');
  for (const what of changed) what(preview);
}

// While somebody types, what is in the way stands beside its field; the summary comes with Review.
function showBeside(refusals) {
  for (const no of refusals) {
    const at = find(no.field?.startsWith('/area') ? 'e-area' : no.field?.startsWith('/hazard') ? 'e-hazard' : '');
    if (at) { at.textContent = sentence(no); at.hidden = false; }
  }
}

let shownLevels = null;
function levelsOf(levels) {
  if (levels === shownLevels) return;
  shownLevels = levels;
  find('level-box').hidden = !levels;
  find('level').replaceChildren(make('option', { value: '' }, '–'),
    ...levels.split('|').filter(Boolean).map((each) => make('option', { value: each.split('=')[0] }, each.split('=')[1])));
}

// ---- places

for (const path of document.querySelectorAll('[data-geocode]')) names.set(path.dataset.geocode, path.dataset.name);
const nameOf = (code) => names.get(code) ?? code;
async function learn(codes) {
  const unknown = codes.filter((code) => !names.has(code)).slice(0, 40);
  await Promise.allSettled(unknown.map(async (code) => {
    const { body: told } = await ask('GET', `/api/v1/regions/${encodeURIComponent(code)}`);
    names.set(code, told.names[root.lang] ?? told.latin);
  }));
  return unknown.length;
}

let map;
function placed() {
  chosen.clear();
  for (const chip of chips) for (const code of chip.regions ?? []) chosen.add(code);
  find('chips').replaceChildren(...chips.map((chip) =>
    make('li', { 'data-chip': chip.id }, make('span', {}, chip.name),
      make('button', { type: 'button', 'aria-label': word('remove', { name: chip.name }), onclick: () => { drop(chip); find('where').focus(); } }, '×'))));
  map?.paint();
  touched();
}

export function add(chip) {
  if (chips.some((each) => each.id === chip.id)) return;
  chips.push(chip);
  placed();
}

function drop(chip) {
  chips = chips.filter((each) => each !== chip);
  if (!chip.regions) drawing?.close(), drawing = null, stopDrawing();
  placed();
}

function pick(code) {
  const chip = chips.find((each) => each.id === code);
  if (chip) return drop(chip);
  const group = chips.find((each) => each.regions?.includes(code));
  if (group) { // a region of a group: the group falls apart into its regions
    chips = chips.filter((each) => each !== group);
    chips.push(...group.regions.filter((each) => each !== code).map((each) => ({ id: each, name: nameOf(each), regions: [each] })));
    return placed();
  }
  return add({ id: code, name: nameOf(code), regions: [code] });
}

const mine = set.regions.split(' ').filter(Boolean);

let searching = Promise.resolve();
function search(query) {
  const going = searched(query);
  searching = going.catch(() => {});
  return going;
}

// Who presses Review right after Enter means the place that Enter will find.
export async function settled() {
  await searching;
  await new Promise((done) => setTimeout(done)); // the finder adds it first
}

async function searched(query) {
  const address = new URL('/api/v1/regions/search', location.href);
  address.searchParams.set('q', query);
  address.searchParams.set('language', root.lang);
  const { body: told } = await ask('GET', `${address.pathname}${address.search}`);
  const regions = told.regions.map((each) => {
    const name = each.names[root.lang] ?? each.latin ?? Object.values(each.names)[0];
    names.set(each.geocode, name);
    return { id: each.geocode, name, note: each.path || each.level, path: each.path };
  });
  const groups = (told.groups ?? []).map((each) => ({ id: `group:${each.id ?? each.name}`, name: each.name, note: word('group.note', { n: each.regions.length }), group: true, regions: each.regions }));
  const inside = (each) => mine.includes(each.id) || mine.some((code) => names.has(code) && each.path.includes(names.get(code)));
  return [...groups, ...regions.filter(inside), ...regions.filter((each) => !inside(each))];
}

async function found(item) {
  if (!item.group) return add({ id: item.id, name: item.name, regions: [item.id] });
  if (item.regions.length > GROUP_AS_CHIPS) return add({ id: item.id, name: item.name, regions: item.regions });
  await learn(item.regions);
  for (const code of item.regions) add({ id: code, name: nameOf(code), regions: [code] });
  return undefined;
}

// ---- shapes: typed and drawn

const numbers = (text) => text.trim().split(/[\s,;]+/).map(Number);
let shapes = 0;

function typed(shape) {
  shapes += 1;
  add(shape.center
    ? { id: `shape:${shapes}`, name: word('shape.circle', { km: (shape.radius_m / 1000).toFixed(1) }), circle: shape }
    : { id: `shape:${shapes}`, name: word('shape.polygon', { n: chips.filter((c) => c.polygon).length + 1 }), polygon: shape });
}

function wireTyped() {
  const no = (name) => { find('e-typed').textContent = name && word(name); find('e-typed').hidden = !name; };
  find('add-ring').onclick = () => {
    const corners = find('ring').value.split('\n').filter((line) => line.trim()).map(numbers);
    if (corners.length < 3 || corners.some((each) => each.length !== 2 || each.some(Number.isNaN))) return no('bad.ring');
    if (String(corners[0]) !== String(corners.at(-1))) corners.push(corners[0]);
    no('');
    return typed(corners);
  };
  find('add-circle').onclick = () => {
    const [lon, lat, km] = ['c-lon', 'c-lat', 'c-km'].map((id) => Number(find(id).value.trim().replace(',', '.') || NaN));
    if ([lon, lat, km].some(Number.isNaN) || km <= 0) return no('bad.circle');
    no('');
    return typed({ center: [lon, lat], radius_m: Math.round(km * 1000) });
  };
}

function stopDrawing() {
  find('draww').hidden = true;
  find('mapw').hidden = false;
  tool('pick');
}

function tool(name) {
  for (const each of ['pick', 'draw', 'circle']) find(`tool-${each}`).setAttribute('aria-pressed', String(each === name));
}

export async function draw(mode) {
  find('e-draw').hidden = true;
  find('mapw').hidden = true;
  find('draww').hidden = false;
  tool(mode === 'circle' ? 'circle' : 'draw');
  if (drawing) { drawing.setMode(mode); return; }
  try {
    const { openDrawing } = await import('./draw.js'); // heavy: only whoever draws pays for it
    const labels = { lang: root.lang };
    for (const each of ['tools', 'polygon', 'circle', 'select', 'remove', 'clear', 'zoomIn', 'zoomOut', 'map', 'drawn', 'shape', 'radius', 'corners', 'removeOne', 'hintPolygon', 'hintCircle', 'hintSelect', 'crossing'])
      labels[each] = wordAsIs(`draw.${each}`);
    drawing = await openDrawing({
      host: find('draww'), geojsonUrl: '/api/v1/outlines', labels,
      shapes: { polygons: area().polygons, circles: area().circles },
      onChange: ({ polygons, circles }) => {
        chips = chips.filter((chip) => chip.regions);
        polygons.forEach((polygon, n) => chips.push({ id: `drawn:p${n}`, name: word('shape.polygon', { n: n + 1 }), polygon }));
        circles.forEach((circle, n) => chips.push({ id: `drawn:c${n}`, name: word('shape.circle', { km: (circle.radius_m / 1000).toFixed(1) }), circle }));
        placed();
      },
    });
    drawing.setMode(mode);
  } catch {
    drawing = null;
    stopDrawing();
    find('e-draw').textContent = word('bad.draw');
    find('e-draw').hidden = false;
  }
}
const wordAsIs = (name) => find('say').content.querySelector(`[data-w="${name}"]`)?.textContent ?? name;
export const pickMode = stopDrawing;

// ---- own words

function openWords(isOpen = true) {
  find('words-box').hidden = !isOpen;
  find('edit').setAttribute('aria-expanded', String(isOpen));
}

export function editWords() {
  openWords(find('words-box').hidden);
  if (!find('words-box').hidden) find('words-box').querySelector('[data-slot]').focus();
}

// Fields show the words as they would go out, without the drill word that every drill gets anyway.
function fillWords(texts) {
  for (const box of find('words-box').querySelectorAll('[data-language]')) {
    const language = box.dataset.language, said = texts[language], drill = set.room === 'drill' ? drillWord(language) : '';
    if (!said) continue;
    const bare = (text) => (drill && text.startsWith(`${drill}: `) ? text.slice(drill.length + 2) : text).replace(drill ? new RegExp(`\\s*${drill}\\.$`) : /$^/, '');
    for (const field of box.querySelectorAll('[data-slot]'))
      if (document.activeElement !== field && !(field.dataset.slot in (own[language] ?? {}))) field.value = bare(said[field.dataset.slot]);
  }
}

// ---- start

// Empty the form; what was issued is not issued twice by a slip.
export function clear() {
  form.reset();
  taken = null;
  showTaken();
  own = {};
  chips = [];
  drawing?.close();
  drawing = null;
  stopDrawing();
  openWords(false);
  find('other-box')?.toggleAttribute('hidden', true);
  find('texts').replaceChildren(...waiting);
  calm();
  placed();
}

// Put a proposal that came back into the form again. Words that the server would not write itself
// from this danger and place are the author's own, and stay his.
export async function refill({ hazard, level, area: covered, text, evacuation }, from = null) {
  clear();
  taken = from;
  showTaken();
  plan.fill(evacuation);
  const radio = form.querySelector(`[name="hazard"][value="${CSS.escape(hazard)}"]`);
  if (radio) radio.checked = true;
  else if (find('others')) {
    find('others').checked = true;
    find('other-box').hidden = false;
    find('other').value = hazard;
  }
  levelsOf(danger().levels);
  if (level) find('level').value = level;
  chips = [
    ...covered.regions.map((code) => ({ id: code, name: nameOf(code), regions: [code] })),
    ...covered.polygons.map((polygon, n) => ({ id: `back:p${n}`, name: word('shape.polygon', { n: n + 1 }), polygon })),
    ...covered.circles.map((circle, n) => ({ id: `back:c${n}`, name: word('shape.circle', { km: (circle.radius_m / 1000).toFixed(1) }), circle })),
  ];
  placed();
  await look();
  const usual = preview?.text?.alert ?? {};
  for (const [language, said] of Object.entries(text))
    for (const slot of ['headline', 'description', 'instruction'])
      if (said[slot] !== usual[language]?.[slot]) (own[language] ??= {})[slot] = bareOf(language, said[slot]);
  if (Object.keys(own).length) {
    for (const [language, slots] of Object.entries(own)) for (const [slot, said] of Object.entries(slots)) {
      const field = form.querySelector(`[data-language="${CSS.escape(language)}"] [data-slot="${slot}"]`);
      if (field) field.value = said;
    }
    openWords();
    touched();
  }
  find('hc')?.scrollIntoView({ block: 'start' });
  find('where').focus();
}

// ---- a draft that machines made

export const draft = () => taken;

// Fill the form from a draft; issuing answers it.
export async function takeOver({ id, handle, hazard, level, regions }) {
  await learn(regions);
  await refill({ hazard, level, area: { regions, polygons: [], circles: [] }, text: {} }, { id, handle, how: '' });
}

// It closed while it was in the form. What was typed stays; the server refuses to answer it twice.
export function draftClosed(id, how) {
  if (taken?.id !== id) return;
  taken = { ...taken, how: how || 'closed' };
  showTaken();
  touched();
}

function showTaken() {
  find('draft-box').hidden = !taken;
  find('draft-said').textContent = taken ? word('draft.from', { handle: taken.handle }) : '';
  const beside = find('e-draft'), isClosed = Boolean(taken?.how);
  beside.hidden = !isClosed;
  beside.textContent = isClosed ? word('draft.closed', { handle: taken.handle, why: word(`closing.${taken.how}`) }) : '';
}

function bareOf(language, text) {
  const drill = set.room === 'drill' ? drillWord(language) : '';
  if (!drill) return text;
  const front = text.startsWith(`${drill}: `) ? text.slice(drill.length + 2) : text;
  return front.endsWith(`${drill}.`) ? front.slice(0, -drill.length - 1).trimEnd() : front;
}

export function choose(number) {
  const radios = form.querySelectorAll('[name="hazard"]');
  const radio = radios[number - 1];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event('change', { bubbles: true }));
}

export function start() {
  if (!form) return;
  form.addEventListener('submit', (e) => e.preventDefault());
  for (const radio of form.querySelectorAll('[name="hazard"]')) radio.addEventListener('change', () => {
    const isOther = find('others')?.checked;
    if (find('other-box')) find('other-box').hidden = !isOther;
    if (isOther) find('other').focus();
    own = {};
    touched();
  });
  find('other')?.addEventListener('change', () => { own = {}; touched(); });
  for (const id of ['level', 'expires', 'hold', 'second', 'because']) find(id).addEventListener('change', touched);
  map = wireMap(find('map'), { onPick: pick, chosen });
  wireFinder(find('where'), find('found'), {
    search, onAdd: found,
    onDropLast: () => { if (chips.length) drop(chips.at(-1)); },
    single: areSingle,
    words: { none: word('find.none'), failed: word('find.failed'), count: (n) => word('find.count', { n }) },
  });
  wireTyped();
  for (const field of find('words-box').querySelectorAll('[data-slot]')) field.addEventListener('input', () => {
    const language = field.closest('[data-language]').dataset.language;
    (own[language] ??= {})[field.dataset.slot] = field.value;
    touched();
  });
  find('own-off').onclick = () => { own = {}; touched(); };
  find('edit').onclick = editWords;
  find('tool-pick').onclick = stopDrawing;
  find('tool-draw').onclick = () => draw('polygon');
  find('tool-circle').onclick = () => draw('circle');
  find('group-save').onclick = saveGroup;
  find('draft-off').onclick = () => { taken = null; showTaken(); touched(); find('where').focus(); };
  plan.start(touched);
  placed();
}

export function wireDistricts() {
  const button = find('tool-parts'), country = find('map');
  if (!button || !country) return;
  let shown = map ?? wireMap(country, { onPick: () => {}, chosen });
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  button.onclick = async () => {
    const parts = !isOn();
    button.setAttribute('aria-pressed', String(parts));
    try {
      await shown.swap(parts ? here({ fragment: 'parts' }) : here({}));
      for (const path of document.querySelectorAll('.mapw [data-geocode]')) names.set(path.dataset.geocode, path.dataset.name);
    } catch {
      button.setAttribute('aria-pressed', String(!parts));
    }
  };
}

async function saveGroup() {
  const regions = [...chosen];
  if (!regions.length) return refuse([{ rule: '', field: '/area', help: word('group.none') }]);
  const name = prompt(word('group.ask'))?.trim();
  if (!name) return undefined;
  try {
    await ask('POST', '/api/v1/groups', { name, regions });
    return toast(word('group'), name);
  } catch (no) {
    return refuse([no]);
  }
}

// The regions that a preview names may not have been seen here yet; learn their names, paint again.
onPreview(async (told) => {
  const codes = [...told?.already_regions ?? [], ...(told?.refusals ?? []).flatMap((no) => no.help?.match(/\b[A-Z]{2}\d{5,}\b/g) ?? [])];
  if (codes.length && await learn(codes)) paint();
});

// Every field of a claim: filled from what the reader or an entry says, read back as the API wants it.
import { make } from '../console/forms.js';
import { fillSentences, fillWhen, fillWhere, readWhen, readWhere, refused, sentences, toField, toUtc, value } from './desk.js';

const NO_NUMBER = new Set(['dozens', 'hundreds', 'thousands', 'some', 'none']);
const rowsOf = (form, name) => form.querySelector(`[data-rows="${name}"]`);

// A row of a list: its fields are called "figures-0-value", so that a refusal finds them.
function addRow(box, told = {}) {
  const row = document.importNode(box.querySelector('template').content.firstElementChild, true);
  for (const each of row.querySelectorAll('[data-name]')) {
    const is = told[each.dataset.name];
    if (each.type === 'checkbox') each.checked = Boolean(is);
    else if (is != null) {
      if (each.tagName === 'SELECT' && ![...each.options].some((one) => one.value === is)) each.append(make('option', { value: is }, is));
      each.value = is;
    }
  }
  row.more = told.more ?? [];
  row.querySelector('[data-drop]').onclick = () => {
    row.remove();
    number(box);
    box.querySelector('[data-add]').focus();
  };
  const qualifier = row.querySelector('[data-name="qualifier"]');
  if (qualifier) {
    const held = () => { row.querySelector('[data-name="value"]').disabled = NO_NUMBER.has(qualifier.value); };
    qualifier.onchange = held;
    held();
  }
  box.querySelector('.rows').append(row);
  number(box);
  return row;
}

function number(box) {
  [...box.querySelector('.rows').children].forEach((row, n) => {
    for (const each of row.querySelectorAll('[data-name]')) each.name = `${box.dataset.rows}-${n}-${each.dataset.name}`;
    row.querySelector('.err').dataset.err = `${box.dataset.rows}-${n}-value`;
  });
}

for (const box of document.querySelectorAll('[data-rows]'))
  box.querySelector('[data-add]').onclick = () => addRow(box).querySelector('select').focus();

// told: a saying of the API. `name`: how its region is called, where that is known.
export function fill(form, told, name) {
  const voice = told.voice ?? {};
  form.elements.kind.value = told.kind ?? 'casualties';
  form.elements.hedge.value = told.hedge ?? 'said';
  form.elements['voice-kind'].value = voice.kind ?? 'organisation';
  for (const part of ['name', 'role', 'org', 'via']) form.elements[`voice-${part}`].value = voice[part] ?? '';
  form.elements['voice-official'].checked = Boolean(voice.official);
  form.elements.outlet.value = told.outlet ?? '';
  form.elements.said_at.value = toField(told.said_at);
  for (const list of ['figures', 'things']) rowsOf(form, list).querySelector('.rows').replaceChildren();
  for (const each of told.figures ?? []) {
    const [measure, measure2 = '', ...more] = each.measures;
    addRow(rowsOf(form, 'figures'), { ...each, measure, measure2, more });
  }
  for (const each of told.things ?? []) addRow(rowsOf(form, 'things'), each);
  fillWhere(form, 'where-', told.where, name);
  fillWhen(form, 'happened-', told.happened);
  fillSentences(form, 'text', told.text);
  form.elements.note.value = told.note ?? '';
}

export function read(form) {
  const rows = (name) => [...rowsOf(form, name).querySelectorAll('.rows > li')];
  const at = (row, name) => row.querySelector(`[data-name="${name}"]`);
  const figures = rows('figures').map((row) => {
    const qualifier = at(row, 'qualifier').value, number = at(row, 'value');
    const bare = NO_NUMBER.has(qualifier);
    if (!bare && !/^\d+$/.test(number.value.trim())) throw refused('missing-member', number.name);
    return {
      measures: [at(row, 'measure').value, at(row, 'measure2').value, ...row.more].filter(Boolean),
      qualifier, value: bare ? null : Number(number.value), what: at(row, 'what').value.trim(), is_part: at(row, 'is_part').checked,
    };
  });
  const voice = { kind: value(form, 'voice-kind'), official: form.elements['voice-official'].checked };
  for (const part of ['name', 'role', 'org', 'via']) voice[part] = value(form, `voice-${part}`);
  return {
    kind: value(form, 'kind'), hedge: value(form, 'hedge'), voice, outlet: value(form, 'outlet'), figures,
    things: rows('things').map((row) => ({ type: at(row, 'type').value, status: at(row, 'status').value })),
    happened: readWhen(form, 'happened-'), where: readWhere(form, 'where-'), said_at: toUtc(value(form, 'said_at')),
    text: sentences(form, 'text'), note: value(form, 'note'),
  };
}

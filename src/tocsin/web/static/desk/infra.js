// What the pages of installations, outages, postures and notices share: their finder of
// installations, times kept to the second, and fields of the API that stand elsewhere in a form.
import { Refused } from '../console/forms.js';
import { find, folded, regionsOf, send, toUtc, value, wirePicker } from './desk.js';

const register = () => JSON.parse(find('register')?.dataset.installations ?? '[]');
async function installations(query) {
  const wanted = folded(query).split(/\s+/).filter(Boolean);
  return register().filter((each) => wanted.every((piece) => folded(`${each.name} ${each.note}`).includes(piece))).slice(0, 12);
}
for (const box of document.querySelectorAll('[data-installation-find]')) wirePicker(box, installations, 'many' in box.dataset);

export const installationsOf = (form, name) => form.querySelector(`[data-installation-find="${name}"]`)?.chosen() ?? [];
export const codesOf = (form, name) => regionsOf(form, name).chosen();

// A moment: as it was, to the second, where nobody changed the field; null where it is empty.
export function moment(form, name) {
  const field = form.elements[name];
  return field.dataset.at && field.value === field.defaultValue ? field.dataset.at : toUtc(field.value);
}

// What is left out stays out: the API knows what its absence means.
export const given = (body) => Object.fromEntries(Object.entries(body).filter(([, each]) => each !== null));

export function voice(form) {
  const found = { kind: value(form, 'voice-kind'), official: form.elements['voice-official'].checked };
  for (const part of ['name', 'role', 'org']) found[part] = value(form, `voice-${part}`);
  return found;
}

export function fillVoice(form, told) {
  form.elements['voice-kind'].value = told.kind;
  form.elements['voice-official'].checked = Boolean(told.official);
  for (const part of ['name', 'role', 'org']) form.elements[`voice-${part}`].value = told[part] ?? '';
}

// Send, and put a refusal of `/needs/2/on` to the field that `names` calls it by.
export async function sendAs(form, path, body, names) {
  try {
    return await send(form, path, body);
  } catch (no) {
    if (no instanceof Refused) no.field = names(no.field) ?? no.field;
    throw no;
  }
}

// To a page of the desk; the reader's language stays.
export function goOn(path) {
  const lang = new URLSearchParams(location.search).get('lang');
  location.assign(`${path}${lang ? `?lang=${lang}` : ''}`);
}

// The letter N opens the page's own form.
export function openNew() {
  const box = find('new');
  if (!box) return;
  box.open = true;
  box.querySelector('select, input')?.focus();
}

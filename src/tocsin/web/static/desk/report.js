// A report beside its drafts. Each draft is entered as it is, edited and entered, or rejected; the
// words it came from are lit in the text, and stand in its card and in every dialog about it.
import { make, wire } from '../console/forms.js';
import * as saying from './saying.js';
import {
  again, fillSentences, fillWhen, fillWhere, find, goTo, incidentOf, openDialog, readOpening, refused, send, sentences, value, wireKeys,
} from './desk.js';

const about = find('report').dataset, text = find('text');
const enter = find('enter'), reject = find('reject');
const form = enter?.querySelector('form'), rejecting = reject?.querySelector('form');
const path = (card, verb) => `/api/v1/reports/${about.report}/drafts/${encodeURIComponent(card.dataset.name)}/${verb}`;
let card = null, isEdit = false;

// ---- the words of a draft, lit

function light(number, scroll) {
  let first = null;
  for (const run of document.querySelectorAll('.text [data-drafts]')) {
    const isOn = run.dataset.drafts.split(' ').includes(number);
    run.classList.toggle('on', isOn);
    if (isOn) first ??= run;
  }
  if (scroll && first) text.scrollTop += first.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
}
const lit = () => document.querySelector('.draft.now')?.dataset.n ?? '';
for (const each of document.querySelectorAll('.draft')) {
  each.addEventListener('now', () => light(each.dataset.n, true));
  each.addEventListener('pointerenter', () => light(each.dataset.n, false));
  each.addEventListener('pointerleave', () => light(lit(), false));
}

// ---- entering

const quoteInto = (dialog) => dialog.querySelector('[data-quote]').replaceChildren(...[...card.querySelector('blockquote').childNodes].map((each) => each.cloneNode(true)));
const regionName = () => card.querySelector('[data-region-name]')?.textContent;

function choices() {
  const maybe = [...card.querySelectorAll('.maybe [data-incident]')].map((each) => make('label', { class: 'tick' },
    make('input', { type: 'radio', name: 'belongs', value: `id:${each.dataset.incident}` }),
    make('span', {}, each.querySelector('a').textContent, ' ', make('small', {}, each.querySelector('small')?.textContent ?? ''))));
  form.querySelector('[data-maybe]').replaceChildren(...maybe);
  const isAlone = 'alone' in card.dataset;
  form.querySelector('[data-none]').hidden = !isAlone;
  // The likeliest stands first and is chosen before anything else; what to do with it is the officer's.
  pick(maybe.length ? maybe[0].querySelector('input').value : isAlone ? 'none' : 'new');
}

function pick(wanted) {
  for (const each of form.querySelectorAll('[name="belongs"]')) each.checked = each.value === wanted;
  shown();
}
function shown() {
  const belongs = form.querySelector('[name="belongs"]:checked')?.value;
  form.querySelector('[data-other]').hidden = belongs !== 'other';
  form.querySelector('[data-new]').hidden = belongs !== 'new';
}

function begin(which, mode) {
  if (!enter || !which || which.dataset.state === 'confirmed') return;
  card = which;
  isEdit = mode === 'edit';
  form.reset();
  const told = JSON.parse(card.dataset.saying), name = regionName();
  const official = card.querySelector('[data-official]')?.checked ?? false;
  quoteInto(enter);
  enter.querySelector('[data-no-alert]').hidden = !card.querySelector('.no-alert');
  form.querySelector('[data-edit]').hidden = !isEdit;
  form.querySelector('[data-plain]').hidden = isEdit;
  saying.fill(form, { ...told, said_at: about.saidAt || null, voice: { ...told.voice, official } }, name);
  form.elements.official.checked = official;
  form.elements['open-kind'].value = card.dataset.cause;
  fillWhere(form, 'open-where-', told.where, name);
  fillWhen(form, 'open-when-', told.happened);
  fillSentences(form, 'text');
  incidentOf(form, 'incident').choose([]);
  choices();
  if (mode === 'link') pick('other');
  openDialog(enter, mode === 'link' ? form.elements.incident : isEdit ? form.elements.kind : form.querySelector('[name="belongs"]:checked'));
}

form?.addEventListener('change', (e) => {
  if (e.target.name !== 'belongs') return;
  shown();
  if (e.target.value === 'other') form.elements.incident.focus();
});

wire(form, async () => {
  const belongs = form.querySelector('[name="belongs"]:checked')?.value ?? '';
  const body = isEdit ? { saying: saying.read(form) } : { text: sentences(form, 'text'), official: form.elements.official.checked };
  if (belongs.startsWith('id:')) body.incident = belongs.slice(3);
  else if (belongs === 'new') body.open = readOpening(form, 'open-');
  else if (belongs === 'other') {
    [body.incident] = incidentOf(form, 'incident').chosen();
    if (!body.incident) throw refused('incident-missing', 'incident');
  }
  await send(form, path(card, 'confirm'), body);
  again(next());
});

// ---- rejecting

function turnDown(which) {
  if (!reject || which?.dataset.state !== 'waiting') return;
  card = which;
  rejecting.reset();
  quoteInto(reject);
  openDialog(reject, rejecting.elements.reason);
}
wire(rejecting, async () => {
  await send(rejecting, path(card, 'reject'), { reason: value(rejecting, 'reason') });
  again(next());
});

// The next draft that waits, after this one; else the first; else what is done with the whole report.
function next() {
  const waiting = [...document.querySelectorAll('.draft[data-state="waiting"]')].filter((each) => each !== card);
  const after = waiting.find((each) => Number(each.dataset.n) > Number(card.dataset.n)) ?? waiting[0];
  return after?.id ?? 'whole';
}

// ---- keys and buttons

const acts = {
  confirm: (which) => begin(which, 'confirm'), edit: (which) => begin(which, 'edit'),
  link: (which) => begin(which, 'link'), reject: turnDown,
};
for (const button of document.querySelectorAll('.draft [data-do]'))
  button.onclick = () => acts[button.dataset.do](button.closest('.draft'));
const official = (which) => {
  const box = which?.querySelector('[data-official]');
  if (box) box.checked = !box.checked;
};
wireKeys(enter ? { c: acts.confirm, e: acts.edit, l: acts.link, x: acts.reject, o: official } : {});

// ---- where one was before the page was read again

const here = location.hash.length > 1 ? find(location.hash.slice(1)) : null;
const first = here?.matches('.draft') ? here : location.hash === '#whole' ? null : document.querySelector('.draft[data-state="waiting"]');
if (first) goTo(first, { scroll: first === here });
else if (location.hash === '#whole') find('whole')?.querySelector('button')?.focus();

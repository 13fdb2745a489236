// Watches and false warnings: both are told at once, in every language.
import { wire } from '../console/forms.js';
import { again, fillSentences, find, openDialog, refused, regionsOf, sentences, value, wireKeys } from './desk.js';
import { codesOf, fillVoice, moment, openNew, sendAs, voice } from './infra.js';

// ---- a watch: the first look, and the next

function look(form) {
  for (const name of ['hazard', 'as_of', 'fresh_until']) if (!value(form, name)) throw refused('missing-member', name);
  return {
    hazard: value(form, 'hazard'), regions: codesOf(form, 'regions'), voice: voice(form),
    as_of: moment(form, 'as_of'), fresh_until: moment(form, 'fresh_until'), text: sentences(form, 'text'),
  };
}

const textOf = (form) => (field) => (field === '/text' ? `/${form.querySelector('[data-sentences="text"] textarea').name}` : null);

wire(find('keep'), async (form) => {
  const told = await sendAs(form, '/api/v1/watches', look(form), textOf(form));
  again(`watch-${told.id}`);
});

const dialog = find('look'), next = dialog?.querySelector('form');
let watch = null;
for (const button of document.querySelectorAll('[data-look]')) {
  button.onclick = () => {
    const card = button.closest('[data-watch]');
    watch = JSON.parse(card.dataset.watch);
    const names = JSON.parse(find('region-names').dataset.names);
    next.reset();
    next.elements.hazard.value = watch.hazard;
    regionsOf(next, 'regions').choose(watch.regions.map((code) => [code, names[code] ?? code]));
    fillVoice(next, watch.says);
    fillSentences(next, 'text', watch.text);
    dialog.querySelector('[data-what]').textContent = card.querySelector('h3').textContent;
    openDialog(dialog, next.elements.as_of);
  };
}
wire(next, async (form) => {
  await sendAs(form, `/api/v1/watches/${watch.id}`, look(form), textOf(form));
  again(`watch-${watch.id}`);
});

// ---- a false warning

const tell = find('tell');
const tongues = [...(tell?.querySelectorAll('.tongue') ?? [])];
const read = (tongue) => {
  const says = tongue.querySelector('[data-says]').value.trim(), isTrue = tongue.querySelector('[data-true]').value.trim();
  if (!says || !isTrue) return '';
  return tongue.querySelector('template').content.textContent.replace('{says}', () => says).replace('{true}', () => isTrue);
};
for (const tongue of tongues)
  tongue.addEventListener('input', () => { tongue.querySelector('[data-read]').textContent = read(tongue) || '–'; });

wire(tell, async (form) => {
  const regions = codesOf(form, 'area'), text = {};
  if (!regions.length) throw refused('empty-area', 'area');
  for (const tongue of tongues) {
    const empty = [...tongue.querySelectorAll('textarea')].find((each) => !each.value.trim());
    if (empty) throw refused('text-missing', empty.name);
    text[tongue.querySelector('[data-says]').lang] = read(tongue);
  }
  const refutes = value(form, 'refutes');
  await sendAs(form, '/api/v1/counterfeits', { area: { regions }, text, ...(refutes ? { refutes } : {}) },
    (field) => field.replace(/^\/text\/?(.*)$/, (_, language) => `/says-${language || tongues[0].querySelector('[data-says]').lang}`));
  again('about-h');
});

wireKeys({ n: () => { if (tell) tell.elements.area.focus(); else openNew(); } });

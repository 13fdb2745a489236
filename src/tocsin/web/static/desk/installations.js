// The register: an installation is registered, described anew, and reported in two presses: how it
// is, then who says so. What needs it is at risk by that, never down.
import { wire } from '../console/forms.js';
import { again, find, incidentOf, openDialog, readWhere, refused, value, wireKeys } from './desk.js';
import { codesOf, given, goOn, installationsOf, moment, openNew, sendAs } from './infra.js';

const TIES = ['powered-by', 'controlled-by', 'fed-by'];

function read(form) {
  const needs = TIES.flatMap((tie) => installationsOf(form, `needs-${tie}`).map((on) => ({ tie, on })));
  const serves = [...form.querySelectorAll('[data-serves] [data-regions]')]
    .map(({ dataset }) => ({ channel: dataset.regions.slice('serves-'.length), regions: codesOf(form, dataset.regions) }))
    .filter(({ regions }) => regions.length);
  for (const name of ['kind', 'name']) if (!value(form, name)) throw refused('missing-member', name);
  return { kind: value(form, 'kind'), name: value(form, 'name'), where: readWhere(form, 'where-'), needs, serves, note: value(form, 'note') };
}

// "/needs/1/on" stands in the finder of its tie, "/serves/0/regions/2" in that of its channel.
const names = ({ needs, serves }) => (field) => {
  const [, list, number] = field.match(/^\/(needs|serves)\/(\d+)/) ?? [];
  if (list === 'needs') return `/needs-${needs[number]?.tie}`;
  if (list === 'serves') return `/serves-${serves[number]?.channel}`;
  return { '/where': '/where-geocode', '/needs': '/needs-powered-by' }[field];
};

wire(find('register-new'), async (form) => {
  const body = read(form);
  const told = await sendAs(form, '/api/v1/installations', given(body), names(body));
  goOn(`/desk/installations/${told.handle}`);
});

wire(find('register-change'), async (form) => {
  const body = read(form);
  await sendAs(form, form.dataset.path, given(body), names(body));
  again();
});
for (const button of document.querySelectorAll('[data-open-dialog]')) button.onclick = () => openDialog(find(button.dataset.openDialog));

// ---- how it is

const dialog = find('condition'), says = dialog?.querySelector('form');
let pressed = '';

function begin(code) {
  if (!dialog) return;
  pressed = code;
  says.reset();
  incidentOf(says, 'incident').choose([]);
  find('condition-h').textContent = says.querySelector(`[data-head="${code}"]`).content.textContent;
  for (const each of says.querySelectorAll('[data-only]')) each.hidden = each.dataset.only !== code;
  openDialog(dialog, code === 'struck' ? says.elements.condition : says.elements.source);
}
for (const button of document.querySelectorAll('[data-condition]')) button.onclick = () => begin(button.dataset.condition);

wire(says, async (form) => {
  const [incident = null] = incidentOf(form, 'incident').chosen();
  const isHit = pressed === 'struck';
  await sendAs(form, form.dataset.path, given({
    condition: isHit ? value(form, 'condition') : pressed, struck: isHit, source: value(form, 'source'), as_of: moment(form, 'as_of'), incident,
  }), () => null);
  again();
});

wireKeys({ n: openNew, ...(dialog ? { d: () => begin('down'), b: () => begin('degraded'), w: () => begin('working'), h: () => begin('struck') } : {}) });

// Outages: entered, back in part, wholly back, said better. Each time the whole of it is said anew.
import { wire } from '../console/forms.js';
import { again, find, incidentName, incidentOf, refused, send, value, wireKeys } from './desk.js';
import { codesOf, given, goOn, installationsOf, moment, openNew } from './infra.js';

const NO_NUMBER = new Set(['dozens', 'hundreds', 'thousands', 'some', 'none']);
const held = JSON.parse(find('outage')?.dataset.outage ?? 'null');

function count(form) {
  const qualifier = value(form, 'scope-count-qualifier'), number = value(form, 'scope-count-value');
  if (!qualifier) return null;
  const isBare = NO_NUMBER.has(qualifier);
  if (!isBare && !/^\d+$/.test(number)) throw refused('missing-member', 'scope-count-value');
  return { qualifier, value: isBare ? null : Number(number), of: value(form, 'scope-count-of') };
}

function share(form) {
  const said = value(form, 'restored_share').replace(',', '.');
  if (said === '' || Number.isNaN(Number(said))) throw refused('missing-member', 'restored_share');
  return Number(said) / 100;
}

function read(form) {
  const [incident = null] = incidentOf(form, 'incident').chosen();
  if (!value(form, 'service')) throw refused('missing-member', 'service');
  return {
    service: value(form, 'service'), source: value(form, 'source'),
    scope: given({
      regions: codesOf(form, 'scope-regions'), count: count(form),
      settlements: value(form, 'scope-settlements').split('\n').map((each) => each.trim()).filter(Boolean),
      // who may not read the register names none, and takes none away
      installations: form.querySelector('[data-installation-find]') ? installationsOf(form, 'scope-installations') : held?.installations ?? [],
    }),
    began: moment(form, 'began'), expected_end: moment(form, 'expected_end'), incident,
  };
}

// What stands of it now, as the API takes it.
function asItIs() {
  const { figure } = held;
  return {
    service: held.service, source: held.source, began: held.began, expected_end: held.expected_end, incident: held.incident,
    restored_share: held.restored_share, ended: held.ended, tell: held.told,
    scope: given({
      regions: held.regions, settlements: held.settlements, installations: held.installations,
      count: figure && { qualifier: figure.qualifier, value: figure.value, of: figure.what },
    }),
  };
}

const path = held && `/api/v1/outages/${held.id}`;

wire(find('enter'), async (form) => {
  const told = await send(form, '/api/v1/outages', given({ ...read(form), tell: form.elements.tell.checked }));
  goOn(`/desk/outages/${told.handle}`);
});

wire(find('part'), async (form) => {
  await send(form, path, given({ ...asItIs(), restored_share: share(form), expected_end: moment(form, 'expected_end'), source: value(form, 'source') }));
  again();
});

wire(find('back'), async (form) => {
  const ended = moment(form, 'ended');
  if (!ended) throw refused('missing-member', 'ended');
  await send(form, path, given({ ...asItIs(), ended, source: value(form, 'source') }));
  again();
});

wire(find('change'), async (form) => {
  const tell = held.told || form.elements.tell.checked;
  await send(form, path, given({ ...read(form), restored_share: share(form), ended: moment(form, 'ended'), tell }));
  again();
});

// The form of what stands begins with the incident that is named now.
const change = find('change');
if (change && held.incident) incidentOf(change, 'incident').choose([[held.incident, incidentName(held.incident)]]);

wireKeys({ n: openNew });

// One incident: claims are corrected, retracted, moved; it is linked, held back, announced; people are
// told what to avoid. Nothing is overwritten here: each of these adds to the record.
import { surely, wire } from '../console/forms.js';
import * as saying from './saying.js';
import {
  again, find, incidentOf, openDialog, readOpening, refused, regionsOf, send, sentences, toUtc, value, wireKeys,
} from './desk.js';

const reason = (form) => {
  const said = value(form, 'reason');
  if (!said) throw refused('reason-missing', 'reason');
  return said;
};

// ---- what it is

const change = find('change');
for (const button of document.querySelectorAll('[data-open-dialog]'))
  button.onclick = () => openDialog(find(button.dataset.openDialog));
wire(change?.querySelector('form'), async (form) => {
  await send(form, form.dataset.path, { ...readOpening(form), is_open: form.elements.is_open.checked, reason: reason(form) });
  again();
});

// ---- claims

const claim = find('claim'), saysIt = claim?.querySelector('form');
let correcting = null;

function openClaim(row) {
  if (!claim || (row && !row.querySelector('[data-correct]'))) return;
  correcting = row ?? null;
  saysIt.reset();
  for (const each of claim.querySelectorAll('[data-only-correct]')) each.hidden = !row;
  find('claim-h').textContent = saysIt.dataset[row ? 'headCorrect' : 'headEnter'];
  const button = saysIt.querySelector('[data-word-enter]');
  button.textContent = button.dataset[row ? 'wordCorrect' : 'wordEnter'];
  const quote = row?.querySelector('blockquote'), shown = claim.querySelector('[data-quote]');
  shown.hidden = !quote;
  shown.textContent = quote?.textContent ?? '';
  saying.fill(saysIt, row ? JSON.parse(row.dataset.saying) : {}, row?.querySelector('[data-region-name]')?.textContent);
  openDialog(claim, saysIt.elements.kind);
}
wire(saysIt, async (form) => {
  const said = saying.read(form);
  if (correcting) {
    const told = await send(form, `/api/v1/claims/${correcting.dataset.claim}/correct`, { saying: said, reason: reason(form) });
    again(`claim-${told.claim.id}`);
  } else {
    const told = await send(form, '/api/v1/claims', { saying: said, incident: form.dataset.incident });
    again(`claim-${told.claim.id}`);
  }
});
for (const button of document.querySelectorAll('[data-correct]')) button.onclick = () => openClaim(button.closest('tr'));
for (const button of document.querySelectorAll('[data-enter]')) button.onclick = () => openClaim(null);

const move = find('move'), moving = move?.querySelector('form');
let moved = null;
function openMove(button) {
  if (!move || !button) return;
  moved = button.dataset.move;
  moving.reset();
  incidentOf(moving, 'incident').choose([]);
  move.querySelector('[data-only-alone]').hidden = !('alone' in button.dataset);
  openDialog(move, moving.elements.incident);
}
for (const button of document.querySelectorAll('[data-move]')) button.onclick = () => openMove(button);
wire(moving, async (form) => {
  const [to] = form.elements.none.checked ? [null] : incidentOf(form, 'incident').chosen();
  if (to === undefined) throw refused('incident-missing', 'incident');
  await send(form, `/api/v1/claims/${moved}/move`, { incident: to, reason: reason(form) });
  again();
});

// ---- other incidents

wire(find('link'), async (form) => {
  const [other] = incidentOf(form, 'other').chosen();
  if (!other) throw refused('unknown-incident', 'other');
  await send(form, form.dataset.path, { kind: value(form, 'kind'), other, reason: reason(form) });
  again('links');
});

// ---- embargo

wire(find('hold'), async (form) => {
  const isNever = form.querySelector('[name="until-kind"]:checked').value === 'never';
  const until = isNever ? null : toUtc(value(form, 'until'));
  if (!isNever && !until) throw refused('missing-member', 'until');
  await send(form, form.dataset.path, { until, reason: reason(form) });
  again('embargo');
});
wire(find('announce'), async (form) => {
  await send(form, form.dataset.path, {});
  again('embargo');
});
// A second person: he has read it, and proves now that it is he.
wire(find('agree'), async (form) => {
  if (!form.elements.read.checked) throw Object.assign(refused('unread', 'read'), { help: form.querySelector('[data-unread]').dataset.unread });
  await surely('POST', form.dataset.path, { ask: form.dataset.ask });
  again('embargo');
});

// ---- guidance

wire(find('guide'), async (form) => {
  const regions = regionsOf(form, 'area').chosen();
  if (!regions.length) throw refused('missing-member', 'area');
  await send(form, '/api/v1/guidance', { area: { regions }, text: sentences(form, 'text'), incident: form.dataset.incident });
  again('guidance');
});

const press = (row, selector) => row?.querySelector(selector)?.click();
wireKeys({
  e: (row) => openClaim(row), n: () => openClaim(null),
  x: (row) => press(row, '[data-why$="/retract"]'), l: (row) => press(row, '[data-move]'),
});

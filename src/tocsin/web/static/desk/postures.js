// Postures: ordered for regions, for one kind of installation, or for one installation.
import { wire } from '../console/forms.js';
import { again, find, refused, send, value, wireKeys } from './desk.js';
import { codesOf, given, installationsOf, moment, openNew } from './infra.js';

const form = find('order');
const of = () => form.querySelector('[name="of"]:checked').value;
const shown = () => { for (const each of form.querySelectorAll('[data-of-part]')) each.hidden = each.dataset.ofPart !== of(); };
for (const each of form?.querySelectorAll('[name="of"]') ?? []) each.onchange = shown;

wire(form, async () => {
  if (!value(form, 'level')) throw refused('missing-member', 'level');
  const [installation = null] = installationsOf(form, 'installation');
  const what = { regions: { regions: codesOf(form, 'regions') }, kind: { kind: value(form, 'kind') || null }, installation: { installation } }[of()];
  await send(form, '/api/v1/postures', given({
    ...what, level: value(form, 'level'), reason: value(form, 'reason'), ordered_by: value(form, 'ordered_by'),
    for_whom: value(form, 'for_whom'), until: moment(form, 'until'),
  }));
  again('now-h');
});

wireKeys({ n: openNew });

// Who controls a region: recorded by administrators.
import { wire } from '../console/forms.js';
import { again, find, refused, send, value, wireKeys } from './desk.js';
import { codesOf, given, moment, openNew } from './infra.js';

wire(find('record'), async (form) => {
  if (!value(form, 'control')) throw refused('missing-member', 'control');
  await send(form, '/api/v1/control', given({
    control: value(form, 'control'), regions: codesOf(form, 'regions'), source: value(form, 'source'),
    valid_from: moment(form, 'valid_from'), valid_until: moment(form, 'valid_until'),
  }));
  again('new');
});

wireKeys({ n: openNew });

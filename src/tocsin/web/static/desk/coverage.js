// Coverage: what a person says of a channel in some regions; and the list that is printed.
import { wire } from '../console/forms.js';
import { again, find, refused, regionsOf, send, value, wireKeys } from './desk.js';
import { codesOf, moment } from './infra.js';

const form = find('set');

wire(form, async () => {
  const channel = value(form, 'channel'), condition = value(form, 'condition');
  if (!channel) throw refused('missing-member', 'channel');
  if (!condition) throw refused('missing-member', 'condition');
  await send(form, `/api/v1/channels/${encodeURIComponent(channel)}`, {
    regions: codesOf(form, 'regions'), source: value(form, 'source'), as_of: moment(form, 'as_of'),
    condition: condition === 'installations' ? null : condition,
  });
  again('hand-h');
});

for (const button of document.querySelectorAll('[data-again]')) {
  button.onclick = () => {
    form.elements.channel.value = button.dataset.again;
    regionsOf(form, 'regions').choose(JSON.parse(button.dataset.pairs));
    form.elements.condition.focus();
  };
}

const print = document.querySelector('[data-print]');
if (print) {
  print.hidden = false;
  print.onclick = () => window.print();
}

wireKeys();

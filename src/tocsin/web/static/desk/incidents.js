// The list of incidents: one is opened without a report, where somebody called.
import { wire } from '../console/forms.js';
import { find, readOpening, send, wireKeys } from './desk.js';

wire(find('open'), async (form) => {
  const told = await send(form, '/api/v1/incidents', readOpening(form));
  const lang = new URLSearchParams(location.search).get('lang');
  location.assign(`/desk/incidents/${told.handle}${lang ? `?lang=${lang}` : ''}`);
});

wireKeys({
  n: () => {
    const box = find('new');
    if (!box) return;
    box.open = true;
    box.querySelector('select').focus();
  },
});

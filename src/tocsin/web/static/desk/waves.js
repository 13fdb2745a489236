// Waves: opened by hand or as they were suggested; alerts and incidents join and leave.
import { wire } from '../console/forms.js';
import { again, find, incidentOf, readWhen, refused, regionsOf, send, sentences, value, wireKeys } from './desk.js';
import { goOn, openNew } from './infra.js';

const lines = (form, name) => value(form, name).split(/[\s,;]+/).filter(Boolean);

for (const form of document.querySelectorAll('[data-suggested]')) {
  wire(form, async () => {
    const { wave, start, end, now, reason } = form.dataset, alerts = JSON.parse(form.dataset.alerts);
    // while it goes on: until the page was made, by the house's clock, which may not be the browser's
    const when = { start, end: end || new Date(Math.max(Date.parse(now), Date.parse(start) + 60e3)).toISOString(), grain: 'minute' };
    const told = wave
      ? await send(form, `/api/v1/waves/${wave}/join`, { alerts, reason })
      : await send(form, '/api/v1/waves', { alerts, when });
    goOn(`/desk/waves/${told.handle}`);
  });
}

wire(find('open'), async (form) => {
  const when = readWhen(form, 'when-');
  if (!when) throw refused('missing-member', 'when-start');
  const [geocode] = regionsOf(form, 'where-geocode').chosen();
  const told = await send(form, '/api/v1/waves', {
    when, ...(geocode ? { where: { geocode } } : {}), title: sentences(form, 'title'),
    alerts: lines(form, 'alerts'), incidents: incidentOf(form, 'incidents').chosen(),
  });
  goOn(`/desk/waves/${told.handle}`);
});

const join = find('join');
wire(join, async (form) => {
  await send(form, form.dataset.path, {
    alerts: lines(form, 'alerts'), incidents: incidentOf(form, 'incidents').chosen(),
    leave_alerts: lines(form, 'leave_alerts'), leave_incidents: lines(form, 'leave_incidents'),
    reason: value(form, 'reason'),
  });
  again('inc-h');
});

// "Take out" fills the form, where the reason is asked for.
for (const [part, name] of [['leaveAlert', 'leave_alerts'], ['leaveIncident', 'leave_incidents']]) {
  for (const button of document.querySelectorAll(`[data-${part.replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`)}]`)) {
    button.hidden = !join;
    button.onclick = () => {
      find('new').open = true;
      const field = join.elements[name];
      if (!lines(join, name).includes(button.dataset[part])) field.value = `${field.value}\n${button.dataset[part]}`.trim();
      join.elements.reason.focus();
    };
  }
}

wireKeys({ n: openNew });

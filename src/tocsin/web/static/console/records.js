// Notes and the self-test: what the pages of the record can add to it.
import { post, wire } from './forms.js';

const find = (id) => document.getElementById(id);
const done = (form) => {
  const said = form.querySelector('[data-done]');
  said.textContent = said.dataset.done;
};

wire(find('note'), async (form) => {
  const body = { kind: form.dataset.kind, text: form.elements.text.value.trim() };
  if (form.dataset.alert) body.alert = form.dataset.alert;
  await post('/api/v1/notes', body);
  done(form);
  location.reload();
});

wire(find('self-test'), async (form) => {
  await post('/api/v1/self-test', {});
  done(form);
});

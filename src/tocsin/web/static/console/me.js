// One's own credentials. What changes who can sign in asks for a fresh proof first (forms.js).
import { attempt, make, post, surely, wire, wireCopy } from './forms.js';
import * as passkey from './passkey.js';
import { drawQr } from './qr.js';

const find = (id) => document.getElementById(id);
const done = (form) => {
  const said = form.querySelector('[data-done]');
  said.textContent = said.dataset.done;
};
const page = document.querySelector('#page-oops form');

find('leave').onclick = () => attempt(page, async () => {
  await surely('DELETE', '/api/v1/session');
  location.assign('/sign-in');
});

for (const button of document.querySelectorAll('[data-post]')) {
  button.onclick = () => attempt(page, async () => {
    await surely('POST', button.dataset.post, {});
    button.closest('tr').remove();
  });
}

wire(find('add-passkey'), async (form) => {
  const options = await surely('POST', '/api/v1/me/passkeys/options', {});
  const credential = await passkey.make(options);
  await surely('POST', '/api/v1/me/passkeys', { name: form.elements.name.value.trim(), credential });
  location.reload();
});

wire(find('password'), async (form) => {
  await surely('POST', '/api/v1/me/password', { password: form.elements.password.value });
  form.elements.password.value = '';
  done(form);
});

wire(find('recovery'), async () => {
  const told = await surely('POST', '/api/v1/me/recovery-codes', {});
  const list = find('codes');
  list.replaceChildren(...told.recovery_codes.map((code) => make('li', {}, code)));
  list.hidden = false;
});
const taking = find('take-app'), taken = find('app-taken');
wire(find('new-app'), async () => {
  const told = await surely('POST', '/api/v1/me/totp', {});
  taken.textContent = '';
  taking.reset();
  drawQr(find('app-qr'), told.svg);
  find('app-secret').value = told.secret;
  taking.hidden = false;
  taking.elements.code.focus();
});
wire(taking, async ({ elements }) => {
  await surely('POST', '/api/v1/me/totp/confirm', { code: elements.code.value.replaceAll(/\s/g, '') });
  taking.reset();
  find('app-secret').value = '';
  find('app-qr').replaceChildren();
  taking.hidden = true;
  taken.textContent = taken.dataset.done;
});
wireCopy();

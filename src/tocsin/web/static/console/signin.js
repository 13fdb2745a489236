// The door: a passkey first, else password and code. Where to go afterwards stands in the page, as
// the server checked it.
import { attempt, post, wire } from './forms.js';
import * as passkey from './passkey.js';

const form = document.getElementById('sign-in');
const byPasskey = document.getElementById('passkey');
const enter = () => location.assign(form.dataset.to);

byPasskey.hidden = !passkey.isThere();
byPasskey.onclick = () => attempt(form, async () => {
  const options = await post('/api/v1/session/passkey/options');
  await post('/api/v1/session/passkey', { credential: await passkey.prove(options) });
  enter();
});

wire(form, async () => {
  const { login, password, code } = form.elements;
  try {
    await post('/api/v1/session', { login: login.value.trim(), password: password.value, code: code.value.replaceAll(/\s/g, '') });
  } catch (problem) {
    code.value = ''; // a code is good once; login and password stay
    throw problem;
  }
  enter();
});

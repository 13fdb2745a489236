// The one-time link: everything goes in one request, which is carried out whole or not at all. A
// passkey is made before it, on this device, and is kept here until then.
import { attempt, make, post, wire, wireCopy } from './forms.js';
import * as passkey from './passkey.js';

const find = (id) => document.getElementById(id);
const begin = find('begin'), recovery = find('recovery');
const way = `/api/v1/start/${encodeURIComponent(begin.dataset.token)}`;
const byPasskey = find('by-passkey');
let credential = null;

byPasskey.hidden = !passkey.isThere();
find('make-passkey').onclick = () => attempt(begin, async () => {
  credential = await passkey.make(JSON.parse(byPasskey.dataset.options));
  find('made').textContent = find('made').dataset.said;
});

wire(begin, async ({ elements }) => {
  const body = { password: elements.password.value, code: elements.code.value.replaceAll(/\s/g, '') };
  for (const name of ['name', 'login']) if (elements[name]) body[name] = elements[name].value.trim();
  if (credential) Object.assign(body, { credential, passkey_name: elements.passkey_name.value.trim() });
  const { recovery_codes: codes } = await post(way, body);
  begin.reset();
  find('codes').replaceChildren(...codes.map((code) => make('li', {}, code)));
  find('step-1').hidden = true;
  find('step-2').hidden = false;
  recovery.querySelector('h2').focus();
});

const on = recovery.querySelector('button');
recovery.elements.written.onchange = () => { on.disabled = !recovery.elements.written.checked; };
wire(recovery, () => location.assign(on.dataset.to));
wireCopy();

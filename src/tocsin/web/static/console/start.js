// The one-time link: four steps, each through the public API. A step that is done is not asked again.
import { post, surely, wire, wireCopy, make } from './forms.js';
import * as passkey from './passkey.js';
import { picture } from './qr.js';

const find = (id) => document.getElementById(id);
const begin = find('begin');
const way = `/api/v1/start/${encodeURIComponent(begin.dataset.token)}`;
let codes = [];

function next(number) {
  for (const step of document.querySelectorAll('.steps > li')) {
    const own = Number(step.id.slice(5));
    step.hidden = own !== number;
  }
  find(`step-${number}`).querySelector('h2').focus();
}

wire(begin, async () => {
  const body = { password: begin.elements.password.value };
  for (const name of ['name', 'login']) {
    if (begin.elements[name]) body[name] = begin.elements[name].value.trim();
  }
  const told = await post(way, body);
  const { secret, svg } = told.totp;
  find('secret').value = secret;
  const qr = find('qr');
  const shown = picture(svg, qr.dataset.label);
  if (shown) qr.replaceChildren(shown);
  codes = told.recovery_codes ?? [];
  begin.elements.password.value = '';
  next(2);
});

wire(find('totp'), async (form) => {
  const told = await post(`${way}/totp`, { code: form.elements.code.value.replaceAll(/\s/g, '') });
  codes = told.recovery_codes ?? codes;
  find('codes').replaceChildren(...codes.map((code) => make('li', {}, code)));
  next(3);
});

const recovery = find('recovery');
recovery.elements.written.onchange = () => {
  recovery.querySelector('button').disabled = !recovery.elements.written.checked;
};
wire(recovery, async () => {
  codes = [];
  find('codes').replaceChildren();
  if (!passkey.isThere()) location.assign(find('enter').href);
  next(4);
});

wire(find('key'), async (form) => {
  const options = await surely('POST', '/api/v1/me/passkeys/options', {});
  const credential = await passkey.make(options);
  await surely('POST', '/api/v1/me/passkeys', { name: form.elements.label.value.trim(), credential });
  const made = find('made');
  made.textContent = made.dataset.said;
  location.assign(find('enter').href);
});
wireCopy();

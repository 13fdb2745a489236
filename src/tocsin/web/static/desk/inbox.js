// The inbox: a report is taken in as text, as a file's bytes, or by its address.
import { wire } from '../console/forms.js';
import { find, refused, send, value, wireKeys } from './desk.js';

const form = find('take');

// The bytes as they are, in base64: the server knows encodings, the browser would guess.
function bytes(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => fail(refused('unreadable-report', 'file'));
    reader.readAsDataURL(file);
  });
}

wire(form, async () => {
  const [file] = form.elements.file.files, text = form.elements.text.value;
  const body = { outlet: value(form, 'outlet'), title: value(form, 'title') };
  const address = value(form, 'address'), published = value(form, 'published');
  if (address) body.address = address;
  if (published) body.published = published;
  if (text.trim()) body[/^\s*<(!doctype|html|article|body|head|div|p)\b/i.test(text) ? 'html' : 'text'] = text;
  else if (file) body.file = await bytes(file);
  else if (!address) throw refused('missing-member', 'text');
  const told = await send(form, '/api/v1/reports', body);
  const lang = new URLSearchParams(location.search).get('lang');
  const query = new URLSearchParams({ ...(lang ? { lang } : {}), ...(told.again ? { again: 1 } : {}) });
  location.assign(`/desk/reports/${told.report.id}?${query}`);
});

wireKeys({ n: () => form?.elements.text.focus() });

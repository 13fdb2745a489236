// What every form of the officers' pages does: asks the public API, keeps what was typed, and says
// what stands in the way, beside the field and in a summary. It holds no words: they stand in the
// page, in <template id="words"> (general) and <dl id="rules"> (one sentence for each rule).
import * as passkey from './passkey.js';

const find = (id) => document.getElementById(id);
export const word = (name) => find('words')?.dataset[name] ?? name;
export const make = (tag, attributes = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
};

export class Refused extends Error {
  constructor(problem) {
    super(problem.help || problem.title);
    Object.assign(this, { rule: problem.rule, field: problem.field ?? '', help: problem.help });
  }
}

// Ask the API. A refusal is thrown as Refused; no answer at all as one of rule "no-answer".
export async function ask(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'same-origin' });
  } catch {
    throw new Refused({ rule: 'no-answer', help: word('unreachable') });
  }
  const said = await answer.text();
  let told = {};
  try {
    told = said ? JSON.parse(said) : {};
  } catch { /* not ours: told by the status */ }
  if (!answer.ok) throw new Refused({ rule: `http-${answer.status}`, help: word('failed'), ...told });
  return told;
}

export const post = (path, body = {}) => ask('POST', path, body);

// Ask for something that needs the officer just confirmed; where it does, ask him, then again.
export async function surely(method, path, body) {
  try {
    return await ask(method, path, body);
  } catch (problem) {
    if (problem.rule !== 'needs-confirmation' || !(await confirmed())) throw problem;
    return await ask(method, path, body);
  }
}

function confirmed() {
  const box = find('confirm');
  if (!box) return Promise.resolve(false);
  return new Promise((answer) => {
    const form = box.querySelector('form');
    let done = false;
    const proven = () => { done = true; box.close(); };
    const byPasskey = box.querySelector('[data-passkey]');
    byPasskey.hidden = !passkey.isThere();
    byPasskey.onclick = () => attempt(form, async () => {
      const options = await post('/api/v1/session/confirm/passkey/options');
      await post('/api/v1/session/confirm/passkey', { credential: await passkey.prove(options) });
      proven();
    });
    form.onsubmit = (event) => {
      event.preventDefault();
      attempt(form, async () => {
        await post('/api/v1/session/confirm', { code: form.elements.code.value.trim() });
        proven();
      });
    };
    box.querySelector('[data-back]').onclick = () => box.close();
    box.onclose = () => { form.reset(); calm(form); answer(done); };
    box.showModal();
    form.elements.code.focus();
  });
}

// ---- what stands in the way

// The sentence of a rule at one field comes before the rule's own.
const sentence = ({ rule = '', field = '', help }) => {
  const known = [...document.querySelectorAll('#rules [data-rule]')];
  const said = known.find((each) => each.dataset.rule === `${rule} ${field}`) ?? known.find((each) => each.dataset.rule === rule);
  return said?.textContent || help || word('failed');
};

function calm(form) {
  const summary = form.querySelector('.oops');
  if (summary) { summary.hidden = true; summary.replaceChildren(); }
  for (const each of form.querySelectorAll('.err')) { each.hidden = true; each.textContent = ''; }
  for (const each of form.querySelectorAll('[aria-invalid]')) each.removeAttribute('aria-invalid');
}

// Show a refusal: at the field that it names, and in the form's summary with a link to it.
export function show(form, problem) {
  calm(form);
  const name = problem.field?.split('/').filter(Boolean).find((part) => form.querySelector(`[name="${CSS.escape(part)}"]`));
  const field = name ? form.querySelector(`[name="${CSS.escape(name)}"]`) : null;
  const said = sentence(problem);
  let item = said;
  if (field) {
    field.setAttribute('aria-invalid', 'true');
    const beside = find(`e-${field.id}`) ?? form.querySelector(`[data-err="${name}"]`);
    if (beside) { beside.textContent = said; beside.hidden = false; }
    item = make('a', { href: `#${field.id}` }, said);
    item.onclick = (event) => { event.preventDefault(); field.focus(); };
  }
  const summary = form.querySelector('.oops');
  if (!summary) return;
  summary.dataset.rule = [problem.rule, problem.field].filter(Boolean).join(' '); // for whoever helps
  summary.replaceChildren(make('strong', {}, word('refused')), make('ul', {}, make('li', {}, item)));
  summary.hidden = false;
  summary.focus();
}

const isGivenUp = (problem) => ['NotAllowedError', 'AbortError'].includes(problem.name);

// Do something for a form, once at a time; what stands in the way is shown there.
export async function attempt(form, what) {
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const buttons = [...form.querySelectorAll('button:not([disabled])')];
  for (const each of buttons) each.setAttribute('aria-disabled', 'true');
  try {
    calm(form);
    await what();
  } catch (problem) {
    if (problem instanceof Refused) show(form, problem);
    else if (isGivenUp(problem)) show(form, new Refused({ rule: 'passkey-given-up', help: word('givenUp') }));
    else if (problem.name === 'InvalidStateError') show(form, new Refused({ rule: 'passkey-known', help: word('passkeyKnown') }));
    else if (problem.name === 'SecurityError') show(form, new Refused({ rule: 'passkey-elsewhere', help: word('passkeyElsewhere') }));
    else throw problem;
  } finally {
    delete form.dataset.busy;
    for (const each of buttons) each.removeAttribute('aria-disabled');
  }
}

// Call `what(form)` when a form is sent; nothing typed is lost by a refusal.
export function wire(form, what) {
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(form, () => what(form, event.submitter));
  });
}

// A secret that is shown once: put into a field that can be copied.
export function wireCopy(within = document) {
  for (const button of within.querySelectorAll('[data-copy]')) {
    button.onclick = async () => {
      const from = find(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(from.value ?? from.textContent);
        button.textContent = button.dataset.done;
      } catch {
        from.select?.();
      }
    };
  }
}

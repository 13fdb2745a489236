// The few things that all of the console's modules use: elements, words, questions to the API.
// It holds no words: they stand in the page, in <template id="say">.
export const root = document.documentElement;
export const set = root.dataset;
export const find = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element[name] = value;
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

const spoken = new Map();
for (const each of find('say')?.content.querySelectorAll('[data-w]') ?? []) spoken.set(each.dataset.w, each.textContent);
export const has = (name) => spoken.has(name);
// A sentence with its slots filled.
export const word = (name, values = {}) =>
  (spoken.get(name) ?? name).replace(/\{(\w+)\}/g, (whole, slot) => values[slot] ?? (slot === 'b' ? '' : whole)).replace('{/b}', '');
// The same as nodes: values stand in bold, and so does what is between {b} and {/b}.
export function rich(name, values = {}) {
  const nodes = [];
  for (const piece of (spoken.get(name) ?? name).split(/(\{b\}.*?\{\/b\}|\{\w+\})/)) {
    const bold = piece.match(/^\{b\}(.*)\{\/b\}$/);
    const slot = piece.match(/^\{(\w+)\}$/);
    if (bold) nodes.push(make('b', {}, bold[1].replace(/\{(\w+)\}/g, (w, s) => values[s] ?? w)));
    else if (slot) nodes.push(make('b', {}, String(values[slot[1]] ?? piece)));
    else if (piece) nodes.push(piece);
  }
  return nodes;
}
export const drillWord = (language) => find('say').content.querySelector(`[data-language="${CSS.escape(language)}"]`)?.textContent ?? '';

export const listed = (names) => new Intl.ListFormat(root.lang, { type: 'conjunction' }).format(names);

// "4.7 million people": two figures that can be said, never the false exactness of the data.
export function people(count) {
  if (count == null) return word('people.none');
  if (count >= 1e6) {
    const n = new Intl.NumberFormat(root.lang, { notation: 'compact', compactDisplay: 'long', maximumFractionDigits: 1 }).format(count);
    return word('people.million', { n });
  }
  const step = count >= 1000 ? 100 : 1, shown = Math.round(count / step) * step;
  const form = new Intl.PluralRules(root.lang).select(shown);
  return word(has(`people.${form}`) ? `people.${form}` : 'people.other', { n: new Intl.NumberFormat(root.lang).format(shown) });
}

const clock = (ms, from, to) => new Date(ms + set.offset * 60e3).toISOString().slice(from, to);
export const hms = (ms) => clock(ms, 11, 19);

// ---- questions

// What the server said no to. `status` 0: no answer at all, so nothing is known.
export class No extends Error {
  constructor(status, problem = {}) {
    super(problem.help ?? problem.title ?? String(status));
    Object.assign(this, { status, rule: problem.rule ?? '', field: problem.field ?? '', help: problem.help ?? problem.title ?? '' });
  }

  // Whether it is certain that nothing was accepted.
  get isCertain() {
    return (this.status >= 400 && this.status < 500) || this.rule === 'not-accepted';
  }
}

export async function ask(method, path, body, { key, wait = 10e3 } = {}) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  let answer, text;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'same-origin', signal: AbortSignal.timeout(wait) });
    text = await answer.text();
  } catch {
    throw new No(0);
  }
  let told = {};
  try { told = text ? JSON.parse(text) : {}; } catch { /* told by the status */ }
  if (!answer.ok) throw new No(answer.status, told);
  return { status: answer.status, body: told };
}

export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

// A page of ours, parsed without a script or a markup sink.
export function fetchPage(address, { etag, wait = 10e3 } = {}) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.timeout = wait;
    if (etag) request.setRequestHeader('If-None-Match', etag);
    // An empty answer is not read: as a "document" it becomes a page of error, with inline styles.
    request.onload = () => done({
      status: request.status, page: request.status === 200 ? request.response : null,
      etag: request.getResponseHeader('ETag'), now: request.getResponseHeader('Tocsin-Now'), url: request.responseURL,
    });
    request.onerror = request.ontimeout = () => fail(new No(0));
    request.send();
  });
}

// This room's own page with other questions; the reader's language stays.
export function here(values) {
  const address = new URL(location.pathname, location.href);
  const lang = new URLSearchParams(location.search).get('lang');
  if (lang) address.searchParams.set('lang', lang);
  for (const [name, value] of Object.entries(values))
    for (const each of [value].flat()) address.searchParams.append(name, each);
  return address;
}

// ---- what stands in the way

// Fill an .oops box with lines: [text, element to go to]. Empty: hide it.
export function oops(box, title, lines) {
  box.hidden = !lines.length;
  box.replaceChildren();
  if (!lines.length) return;
  box.append(make('strong', {}, title), make('ul', {}, ...lines.map(([text, to, rule]) => {
    const link = to ? make('a', { href: `#${to.id}`, onclick: (e) => { e.preventDefault(); to.focus(); } }, text) : text;
    return make('li', {}, link, rule ? make('small', {}, rule) : '');
  })));
  box.focus();
}

// geocode -> name, of every region that was seen here; a refusal names regions by their codes.
export const regionNames = new Map();
const named = (text) => text.replace(/\b[A-Z]{2}\d{2,}\b/g, (code) => regionNames.get(code) ?? code);

// One sentence for a refusal: the page's own for that rule where it has one, else the server's.
export const sentence = (no) =>
  document.querySelector(`#rules [data-rule="${CSS.escape(no.rule)}"]`)?.textContent || named(no.help) || word('unsaved');

// ---- the plain bar after something was done

let fades;
export function toast(bold, rest = '', ...acts) {
  const box = find('toast');
  find('toast-text').replaceChildren(make('b', {}, bold), ' ', rest);
  find('toast-acts').replaceChildren(...acts);
  box.hidden = false;
  clearTimeout(fades);
  fades = setTimeout(() => { box.hidden = true; }, 60e3);
}
find('toast-close')?.addEventListener('click', () => { find('toast').hidden = true; });

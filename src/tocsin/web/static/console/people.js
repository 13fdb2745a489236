// Accounts and keys: a scope that is said back in one sentence while it is chosen, one-time secrets,
// and what cannot be taken back asked for once more. The sentences are the server's patterns.
import { attempt, make, surely, wire, wireCopy, ask, word } from './forms.js';
import { wireFinder } from './finder.js';

const find = (id) => document.getElementById(id);
const language = document.documentElement.lang;
const listed = (names) => new Intl.ListFormat(language).format(names);
const inside = (name) => (/^.\p{Lu}/u.test(name) ? name : name[0].toLowerCase() + name.slice(1));

// ---- a scope

class Scope {
  constructor(box) {
    this.box = box;
    this.patterns = JSON.parse(box.dataset.patterns);
    this.regions = new Map(); // geocode -> name
    this.usual = ['*']; // has no field here: kept as it is
    this.chips = box.querySelector('[data-chips]');
    const input = box.querySelector('[data-find]');
    wireFinder(input, input.parentElement.querySelector('ul'), {
      search: async (query) => {
        const told = await ask('GET', `/api/v1/regions/search?${new URLSearchParams({ q: query, language })}`);
        return told.regions.map((each) => ({
          id: each.geocode,
          name: each.names[language] ?? Object.values(each.names)[0] ?? each.geocode,
          note: each.path,
        }));
      },
      onAdd: (item) => { this.regions.set(item.id, item.name); this.show(); },
      onDropLast: () => { this.regions.delete([...this.regions.keys()].at(-1)); this.show(); },
      words: { none: word('none'), failed: word('unreachable'), count: (n) => String(n) },
      single: () => false,
    });
    box.addEventListener('change', () => this.show());
    this.show();
  }

  ticked(name) {
    return [...this.box.querySelectorAll(`[name="${name}"]:checked`)];
  }

  field(name) {
    return this.box.querySelector(`[name="${name}"]`);
  }

  read() {
    const role = this.field('role').value;
    const warns = !(role in this.patterns.does);
    const channels = this.field('channels').value.split(',').map((each) => each.trim()).filter(Boolean);
    return {
      role,
      sender: this.field('sender').value.trim(),
      regions: warns ? [...this.regions.keys()] : [],
      hazards: warns ? this.hazards().map((each) => each.value) : [],
      realms: warns ? this.ticked('realms').map((each) => each.value) : [],
      severity: this.field('severity').value,
      channels: channels.length ? channels : ['*'],
      usual: this.usual,
    };
  }

  hazards() {
    const all = this.ticked('hazards');
    return all.some((each) => each.value === '*') ? all.filter((each) => each.value === '*') : all;
  }

  async fill(scope) {
    this.field('role').value = scope.role;
    this.field('sender').value = scope.sender ?? '';
    for (const each of this.box.querySelectorAll('[name="hazards"], [name="realms"]'))
      each.checked = (scope[each.name] ?? []).includes(each.value);
    this.field('severity').value = scope.severity ?? 'Extreme';
    this.field('channels').value = (scope.channels ?? ['*']).filter((each) => each !== '*').join(', ');
    this.usual = scope.usual ?? ['*'];
    this.regions = new Map((scope.regions ?? []).map((code) => [code, scope.names?.[code] ?? code]));
    this.show();
  }

  show() {
    const role = this.field('role').value;
    const does = this.patterns.does[role];
    for (const part of this.box.querySelectorAll('.warns')) part.hidden = Boolean(does);
    this.chips.replaceChildren(...[...this.regions].map(([code, name]) => {
      const drop = make('button', { type: 'button', 'aria-label': `${word('remove')}: ${name}` }, '×');
      drop.onclick = () => { this.regions.delete(code); this.show(); this.box.querySelector('[data-find]').focus(); };
      return make('li', {}, name, drop);
    }));
    this.box.querySelector('[data-said]').textContent = does ?? this.sentence(role);
  }

  sentence(role) {
    const { said, rooms } = this.patterns;
    const hazards = this.hazards(), realms = this.ticked('realms');
    if (!hazards.length || !this.regions.size || !realms.length) return said.nothing;
    const what = hazards[0].value === '*' ? said.every : listed(hazards.map((each) => inside(each.parentElement.textContent.trim())));
    const found = [(role === 'supervisor' ? said.supervises : said.may)
      .replace('{hazards}', what)
      .replace('{regions}', listed([...this.regions.values()]))
      .replace('{rooms}', realms.length > 1 ? rooms.both : rooms[realms[0].value])];
    const severity = this.field('severity');
    if (severity.value !== 'Extreme') found.push(said.severity.replace('{severity}', severity.selectedOptions[0].textContent));
    const channels = this.field('channels').value.split(',').map((each) => each.trim()).filter(Boolean);
    if (channels.length && !channels.includes('*')) found.push(said.channels.replace('{channels}', listed(channels)));
    return found.join(' ');
  }
}

const scopes = new Map([...document.querySelectorAll('[data-scope]')].map((box) => [box.closest('form'), new Scope(box)]));

// ---- forms

const zoned = (value) => (value ? new Date(value).toISOString() : null);

function body(form) {
  const { elements } = form;
  const said = { name: elements.name.value.trim(), scope: scopes.get(form).read(), valid_until: zoned(elements.valid_until.value) };
  if (elements.login) said.login = elements.login.value.trim();
  if (elements.account) {
    said.account = elements.account.value;
    said.direct = elements.direct.checked;
    said.per_minute = Number(elements.per_minute.value) || null;
  }
  return said;
}

function shown(text) {
  const box = find('shown');
  find('link').value = text;
  box.hidden = false;
  box.focus();
}

const secret = (told) => told.link ?? told.token;

wire(find('open'), async (form) => {
  const told = await surely('POST', form.dataset.path, body(form));
  form.reset();
  scopes.get(form).regions.clear();
  scopes.get(form).show();
  form.closest('details').open = false;
  shown(secret(told));
});

const change = find('change');
const changing = change?.querySelector('form');
for (const button of document.querySelectorAll('[data-change]')) {
  button.onclick = async () => {
    const account = JSON.parse(button.dataset.account);
    changing.reset();
    changing.elements.name.value = account.name;
    changing.elements.valid_until.value = account.valid_until ? local(account.valid_until) : '';
    scopes.get(changing).fill({ ...account.scope, names: account.names });
    changing.dataset.id = button.dataset.change;
    change.showModal();
  };
}
const local = (at) => {
  const there = new Date(at);
  return new Date(there - there.getTimezoneOffset() * 60e3).toISOString().slice(0, 16);
};
wire(changing, async (form) => {
  await surely('POST', `/api/v1/accounts/${form.dataset.id}/change`, body(form));
  location.reload();
});

// ---- what cannot be taken back

const sure = find('sure');
function really(button, then) {
  sure.querySelector('h2').textContent = button.dataset.ask;
  const act = sure.querySelector('[data-do]');
  act.textContent = button.firstChild.textContent.trim();
  act.onclick = () => attempt(sure.querySelector('form'), async () => { await then(); sure.close(); });
  sure.onclose = () => button.focus();
  sure.showModal();
}
for (const button of document.querySelectorAll('[data-post]')) {
  button.onclick = () => really(button, async () => {
    await surely('POST', button.dataset.post, {});
    location.reload();
  });
}
for (const button of document.querySelectorAll('[data-link]')) {
  button.onclick = () => really(button, async () => {
    const told = await surely('POST', button.dataset.link, {});
    sure.close();
    shown(secret(told));
  });
}
for (const back of document.querySelectorAll('dialog [data-back]')) {
  if (!back.closest('#confirm')) back.onclick = () => back.closest('dialog').close();
}
wireCopy();

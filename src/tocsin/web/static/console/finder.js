// Find a region by name, spelling, code or saved group, without leaving the keyboard: `/` comes
// here, Enter adds the first that was found, Backspace in the empty field takes the last one back.
// A combobox with a list (ARIA APG): the focus stays in the field, the list is pointed at.

const WAIT_MS = 120; // after a key before the server is asked
let finders = 0;

// Wire an <input> and its list (an empty <ul>), and return {close(), clear()}.
//
// search(query) -> Promise<[{id, name, note, group?}]>, best first; an answer that is overtaken by
//   a later question is thrown away, so an old list is never added from.
// onAdd(item), onDropLast(): what the keys do.   say(text): a spoken note, for example a counter;
// words: {none: "Nothing found", failed: "No answer", count(n)}.   single: whether `/` comes here
//   (single-letter keys can be turned off; a function, asked at each key).
export function wireFinder(input, list, { search, onAdd, onDropLast, words, say = () => {}, single = () => true }) {
  const own = list.id || `finder-${++finders}`;
  list.id = own;
  let items = [], at = -1, asked = 0, timer, waiting = null;

  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', own], ['autocomplete', 'off'], ['spellcheck', 'false']])
    input.setAttribute(name, value);
  list.setAttribute('role', 'listbox');
  if (!list.hasAttribute('aria-label') && input.labels?.[0]) list.setAttribute('aria-label', input.labels[0].textContent.trim());
  show([]);

  function option(item, number) {
    const line = document.createElement('li');
    line.id = `${own}-${number}`;
    line.dataset.number = number;
    line.setAttribute('role', 'option');
    if (item.group) line.classList.add('group');
    const name = document.createElement('b');
    name.textContent = item.name;
    line.append(name);
    if (item.note) {
      const note = document.createElement('small');
      note.textContent = item.note;
      line.append(' ', note);
    }
    return line;
  }

  function show(found) {
    items = found;
    list.replaceChildren(...found.map(option));
    list.hidden = !found.length;
    input.setAttribute('aria-expanded', String(!!found.length));
    point(found.length ? 0 : -1);
  }

  function point(number) {
    at = number;
    for (const line of list.children) line.setAttribute('aria-selected', String(Number(line.dataset.number) === at));
    const line = list.children[at];
    if (line) {
      input.setAttribute('aria-activedescendant', line.id);
      line.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  }

  function forget() {
    clearTimeout(timer);
    asked += 1; // whatever is on its way is thrown away
    waiting = null;
    show([]);
  }

  // Ask for what stands in the field; resolves when its answer is shown, or overtaken.
  function ask() {
    clearTimeout(timer);
    timer = undefined;
    const query = input.value.trim(), mine = ++asked;
    if (!query) {
      forget();
      return null;
    }
    waiting = (async () => {
      let found = [], note;
      try {
        found = await search(query);
        note = found.length ? words.count(found.length) : words.none;
      } catch {
        note = words.failed;
      }
      if (mine !== asked) return;
      waiting = null;
      show(found);
      say(note);
    })();
    return waiting;
  }

  function add(item) {
    input.value = '';
    forget();
    onAdd(item);
  }

  // Enter right after the last letter means what that letter will find, not the list before it.
  async function enter() {
    if (timer !== undefined) ask();
    const mine = asked;
    if (waiting) await waiting;
    if (mine === asked && items[at]) add(items[at]);
  }

  const keys = {
    ArrowDown: () => items.length && point((at + 1) % items.length),
    ArrowUp: () => items.length && point((at - 1 + items.length) % items.length),
    Enter: () => { enter(); },
  };

  function key(e) {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return; // Ctrl+Enter is the page's
    if (e.key in keys) {
      e.preventDefault(); // the form is not sent by choosing a place
      if (!e.repeat || e.key !== 'Enter') keys[e.key]();
    } else if (e.key === 'Escape' && (input.value || items.length)) {
      e.preventDefault();
      e.stopPropagation();
      input.value = '';
      forget();
    } else if (e.key === 'Backspace' && !input.value && !e.repeat) {
      e.preventDefault();
      onDropLast();
    }
  }

  function typed() {
    asked += 1; // what is on its way answers an older question
    waiting = null;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  }

  function press(e) {
    const line = e.target.closest?.('[role="option"]');
    if (line && items[line.dataset.number]) add(items[line.dataset.number]);
  }
  const hold = (e) => e.preventDefault(); // a press on the list does not take the focus
  const leave = () => forget();
  const come = () => input.value && typed();

  // `/` anywhere on the page, but where it is a letter that somebody types.
  function slash(e) {
    if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || !single()) return;
    if (e.target.closest?.('input:not([type="radio"], [type="checkbox"], [type="button"]), textarea, select, [contenteditable]')) return;
    if (input.disabled || input.closest('[inert]') || document.querySelector('dialog:modal')) return;
    e.preventDefault();
    input.focus();
    input.select();
  }

  const wires = [[input, 'keydown', key], [input, 'input', typed], [input, 'blur', leave], [input, 'focus', come], [list, 'pointerdown', hold], [list, 'click', press], [document, 'keydown', slash]];
  for (const [where, kind, take] of wires) where.addEventListener(kind, take);

  return {
    clear() {
      input.value = '';
      forget();
    },
    close() {
      forget();
      for (const [where, kind, take] of wires) where.removeEventListener(kind, take);
    },
  };
}

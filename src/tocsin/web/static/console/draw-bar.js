// What stands around the drawing: the tools above it, the list of what is drawn below. The list
// is how a shape is chosen and removed without a pointer (WCAG 2.1.1, 2.5.7).

const make = (tag, members = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), members);
  made.append(...inside);
  return made;
};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const inside = (button, name) => button.setAttribute('aria-label', name);

// Build the tool's frame in `host`.
//
// `words` is the `labels` of openDrawing; `act` holds what the buttons do: mode(name), remove(),
// clear(), zoom(by), choose(id), drop(id).
export function frame(host, words, act) {
  const button = (text, press, label) => {
    const made = make('button', { type: 'button', textContent: text, onclick: press });
    if (label) inside(made, label);
    return made;
  };
  const modes = new Map(['polygon', 'circle', 'select'].map((name) => [name, button(words[name], () => act.mode(name))]));
  const remove = button(words.remove, act.remove), clear = button(words.clear, act.clear);
  const bar = make('div', { className: 'draw-bar' }, ...modes.values(), remove, clear, make('span', { className: 'gap' }),
    button('+', () => act.zoom(1), words.zoomIn), button('\u2212', () => act.zoom(-1), words.zoomOut));
  bar.setAttribute('role', 'toolbar');
  inside(bar, words.tools);
  const map = make('div', { className: 'draw-map' });
  const list = make('ul'), say = make('p', { className: 'draw-say' });
  inside(list, words.drawn);
  say.setAttribute('role', 'status');
  const whole = make('div', { className: 'draw' }, bar, map, make('div', { className: 'draw-foot' }, say, list));
  host.append(whole);

  // A drawn shape in words: "Circle 2: 5.0 km".
  const named = ({ kind, size }, number) => {
    const measure = kind === 'circle' ? fill(words.radius, { km: (size / 1000).toFixed(1) }) : fill(words.corners, { n: size });
    return fill(words.shape, { kind: words[kind], n: number, size: measure });
  };

  return {
    map,
    whole,
    credit(text) {
      if (text) map.append(make('p', { className: 'draw-credit', textContent: text }));
    },
    // Show the tool that is on, and what it waits for.
    mode(now, hint) {
      for (const [name, each] of modes) each.setAttribute('aria-pressed', String(name === now));
      say.textContent = hint;
    },
    say(text) {
      if (say.textContent !== text) say.textContent = text;
    },
    // Show what is drawn: [{id, kind, size}], and which of them is chosen.
    list(shapes, chosen) {
      const had = list.contains(document.activeElement) ? document.activeElement : null;
      const place = had ? [...list.querySelectorAll('button')].indexOf(had) : -1;
      list.replaceChildren(...shapes.map((shape, number) => {
        const name = named(shape, number + 1);
        const choose = button(name, () => act.choose(shape.id));
        choose.setAttribute('aria-pressed', String(shape.id === chosen));
        choose.onkeydown = (e) => {
          if (e.key === 'Delete' || e.key === 'Backspace') { e.preventDefault(); act.drop(shape.id); }
        };
        return make('li', {}, choose, button('\u00d7', () => act.drop(shape.id), fill(words.removeOne, { name })));
      }));
      list.hidden = clear.disabled = !shapes.length;
      remove.disabled = chosen === undefined;
      if (!had) return;
      // Focus stays where it was; after the last shape is gone it goes to the tools.
      const left = [...list.querySelectorAll('button')];
      (left[Math.min(place, left.length - 1)] ?? modes.get('polygon')).focus();
    },
  };
}

// The console's own map: an SVG of regions that the server drew (`path[data-geocode].r`). A press
// picks a region or drops it. The map is one image for whoever cannot see it: the finder is the real
// control, so nothing in it takes the focus.

// Wire `svg` and return {paint(), swap(address), svg}.
//
// onPick(geocode): a region was pressed; the page decides and calls paint().
// chosen: the Set of geocodes that are picked; only read here.
// sentence(chosen): what the map shows in words, for its label; left as it is where not given.
export function wireMap(svg, { onPick, chosen, sentence }) {
  let shown = svg, asked = 0;
  const region = (target) => target.closest?.('path[data-geocode].r');

  const press = (e) => {
    const path = region(e.target);
    if (path) onPick(path.dataset.geocode);
  };
  // Only where a page lets a region have the focus; without that Enter never comes here.
  const type = (e) => {
    const path = region(e.target);
    if (!path || (e.key !== 'Enter' && e.key !== ' ') || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    onPick(path.dataset.geocode);
  };
  const wire = (on) => {
    for (const [kind, take] of [['click', press], ['keydown', type]])
      shown[on ? 'addEventListener' : 'removeEventListener'](kind, take);
  };

  // A part is picked with the region it lies in (`data-within`); a region of which only parts are
  // picked says so with a class of its own.
  function paint() {
    const parts = new Set();
    for (const path of shown.querySelectorAll('path[data-geocode].r')) {
      const { geocode, within } = path.dataset;
      path.classList.toggle('pick', chosen.has(geocode) || chosen.has(within));
      if (chosen.has(geocode) && within) parts.add(within);
    }
    for (const outline of shown.querySelectorAll('[data-outline]'))
      outline.classList.toggle('pick-part', parts.has(outline.dataset.outline));
    if (sentence) shown.setAttribute('aria-label', sentence(chosen));
  }

  // Show another drawing in this one's place: the first `svg.map` of the document at `address`.
  // Where it does not come, the map stays as it is and the promise says why. The last call wins.
  async function swap(address) {
    const mine = ++asked;
    const page = await fetched(address);
    if (mine !== asked) return;
    const found = page.querySelector('svg.map');
    if (!found) throw new Error('no map came');
    const copy = document.importNode(found, true);
    const had = document.activeElement && shown.contains(document.activeElement);
    wire(false);
    shown.replaceWith(copy);
    shown = copy;
    wire(true);
    paint();
    if (had) shown.closest('[tabindex]')?.focus({ preventScroll: true });
  }

  wire(true);
  paint();
  return { paint, swap, get svg() { return shown; } };
}

// Its "document" is parsed without a script or a markup sink, as on the public pages.
function fetched(address) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.timeout = 10e3;
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : fail(new Error(`status ${request.status}`)));
    request.onerror = request.ontimeout = () => fail(new Error('no answer'));
    request.send();
  });
}

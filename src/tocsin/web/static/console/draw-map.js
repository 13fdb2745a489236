// The map under the drawing: no tiles, no fonts, no images from anywhere. Its only sources are the
// outlines of our own regions; its colours are the page's.

const VENDOR = new URL('../vendor/', import.meta.url);
const COUNTRY = 1; // the depth of top regions in the outlines' properties

// Return the tokens that the map is painted with, as the page resolves them now.
export function colours(element) {
  const style = getComputedStyle(element);
  const token = (name) => style.getPropertyValue(name).trim();
  return {
    ground: token('--wash'), land: token('--m-none'), line: token('--ink-2'), thin: token('--edge'),
    ink: token('--m-ink'), halo: token('--paper'), draw: token('--draw'), point: token('--paper'),
  };
}

// What of the style depends on colour: [layer, property, token].
const PAINT = [
  ['ground', 'background-color', 'ground'], ['land', 'fill-color', 'land'], ['parts', 'line-color', 'thin'],
  ['top', 'line-color', 'line'], ['names', 'text-color', 'ink'], ['names', 'text-halo-color', 'halo'],
  ['part-names', 'text-color', 'ink'], ['part-names', 'text-halo-color', 'halo'],
];

export function repaint(map, paint) {
  for (const [layer, property, token] of PAINT) map.setPaintProperty(layer, property, paint[token]);
}

function style(regions, paint, lang, font) {
  const names = regions.features.map(({ properties: { at, names, depth } }) => ({
    type: 'Feature',
    properties: { depth, name: names[lang] ?? Object.values(names)[0] ?? '' },
    geometry: { type: 'Point', coordinates: at },
  }));
  const isTop = ['==', ['get', 'depth'], COUNTRY], isPart = ['!=', ['get', 'depth'], COUNTRY];
  const text = (id, filter, size, more) => ({
    id, type: 'symbol', source: 'names', filter, ...more,
    layout: { 'text-field': ['get', 'name'], 'text-size': size, 'text-font': [font], 'text-max-width': 8 },
    paint: { 'text-color': paint.ink, 'text-halo-color': paint.halo, 'text-halo-width': 1.5 },
  });
  return {
    version: 8,
    sources: {
      regions: { type: 'geojson', data: regions },
      names: { type: 'geojson', data: { type: 'FeatureCollection', features: names } },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': paint.ground } },
      { id: 'land', type: 'fill', source: 'regions', filter: isTop, paint: { 'fill-color': paint.land, 'fill-antialias': false } },
      { id: 'parts', type: 'line', source: 'regions', filter: isPart, paint: { 'line-color': paint.thin, 'line-width': 0.6 } },
      { id: 'top', type: 'line', source: 'regions', filter: isTop, paint: { 'line-color': paint.line, 'line-width': 1.6 } },
      text('names', isTop, 12, { maxzoom: 8 }),
      text('part-names', isPart, 12, { minzoom: 7.5 }),
    ],
  };
}

// Return west, south, east, north of positions; the world where there are none.
export function box(positions) {
  const found = [180, 90, -180, -90];
  for (const [lon, lat] of positions) {
    found[0] = Math.min(found[0], lon);
    found[1] = Math.min(found[1], lat);
    found[2] = Math.max(found[2], lon);
    found[3] = Math.max(found[3], lat);
  }
  return found[0] <= found[2] ? found : [-180, -60, 180, 75];
}

const corners = (regions) => regions.features.flatMap(({ geometry }) => geometry.coordinates.flatMap((polygon) => polygon[0]));

// Return MapLibre and terra-draw. The first call fetches half a megabyte: only when somebody draws.
export async function tools() {
  const load = (name) => import(new URL(name, VENDOR).href);
  const [maplibre, terra, adapter] = await Promise.all([
    load('maplibre-gl.js'), load('terra-draw.js'), load('terra-draw-maplibre-gl-adapter.js'),
  ]);
  maplibre.setWorkerUrl(new URL('maplibre-gl-worker.js', VENDOR).href);
  maplibre.setWorkerCount(1);
  return { maplibre, terra, adapter };
}

// Return the map, drawn once. Fails where the browser has no WebGL.
export async function openMap({ maplibre, container, regions, paint, lang, words }) {
  const font = getComputedStyle(container).fontFamily;
  const map = new maplibre.Map({
    container,
    style: style(regions, paint, lang, font),
    bounds: box(corners(regions)),
    fitBoundsOptions: { padding: 12 },
    attributionControl: false, // it writes HTML; the credit is a line of our own
    maplibreLogo: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, rollEnabled: false,
    renderWorldCopies: false,
    maxZoom: 16,
    fadeDuration: 0,
    locale: { 'Map.Title': words.map },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  try {
    await new Promise((done, fail) => {
      map.once('load', done);
      map.once('error', ({ error }) => fail(error));
    });
  } catch (problem) {
    map.remove();
    throw problem;
  }
  return map;
}

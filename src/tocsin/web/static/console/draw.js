// Draw where people are warned: polygons and circles on a map of our own regions. Everything heavy
// is fetched when this is called, never before. The same can always be typed instead.
import { frame } from './draw-bar.js';
import { circleOf, ringOf, rounded } from './circles.js';
import { box, colours, openMap, repaint, tools } from './draw-map.js';
import { trustWorkers } from './trusted.js';

const SNAP_PX = 12; // so near to its first corner a polygon is closed

// Open the drawing tool in `host` and return it once it can be drawn on.
//
// host: an empty element; the tool fills it.   geojsonUrl: the outlines of regions.
// shapes: {polygons: [closed ring of [lon, lat]], circles: [{center, radius_m}]} to begin with.
// onChange(shapes): after every finished change, never while a line is still being drawn.
// labels: every word: tools, polygon, circle, select, remove, clear, zoomIn, zoomOut, map, drawn,
//   shape "{kind} {n}: {size}", radius "{km} km", corners "{n} corners", removeOne "Remove {name}",
//   hintPolygon, hintCircle, hintSelect, crossing; lang: the language of regions' names.
//
// Returns {setMode('polygon'|'circle'|'select'), clear(), shapes(), unfinished(), close()}.
// Rejects with an Error whose `reason` is 'outlines' (not to be had) or 'map' (no WebGL, no script);
// the host is then as empty as it was.
export async function openDrawing({ host, geojsonUrl, shapes: given = {}, onChange = () => {}, labels }) {
  const act = {};
  let bar, map;
  try {
    const [regions] = await Promise.all([outlines(geojsonUrl), sheet()]);
    trustWorkers();
    const loaded = await tools().catch(because('map'));
    bar = frame(host, labels, act);
    map = await openMap({
      maplibre: loaded.maplibre, container: bar.map, regions, paint: colours(bar.whole),
      lang: labels.lang ?? document.documentElement.lang, words: labels,
    }).catch(because('map'));
    bar.credit(regions.attribution);
    return start({ ...loaded, bar, map, act, given, onChange, labels });
  } catch (problem) {
    map?.remove();
    bar?.whole.remove();
    throw problem;
  }
}

const because = (reason) => (problem) => {
  throw Object.assign(new Error(`the drawing tool did not open: ${reason}`, { cause: problem }), { reason });
};

async function outlines(address) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.json();
  } catch (problem) {
    return because('outlines')(problem);
  }
}

// The tool brings its own sheet: a page on which nobody draws does not load it.
function sheet() {
  const href = new URL('draw.css', import.meta.url).href;
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return undefined;
  return new Promise((done, fail) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, onload: done });
    link.onerror = () => fail(Object.assign(new Error('draw.css'), { reason: 'map' }));
    document.head.append(link);
  });
}

function start({ terra, adapter, bar, map, act, given, onChange, labels }) {
  const circles = new Map(); // id -> the circle as the API says it
  let chosen, mode, told = '';
  const hints = { polygon: labels.hintPolygon, circle: labels.hintCircle, select: labels.hintSelect };

  // Lines that cross make no area, and the server would refuse them: the corner is not taken.
  const uncrossed = (feature, { updateType }) => {
    if (updateType === 'provisional') return { valid: true };
    const verdict = terra.ValidateNotSelfIntersecting(feature);
    bar.say(verdict.valid ? hints[mode] : labels.crossing);
    return verdict;
  };
  const drawing = new terra.TerraDraw({
    adapter: new adapter.TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 6 }),
    modes: [
      new terra.TerraDrawPolygonMode({ pointerDistance: SNAP_PX, validation: uncrossed }),
      new terra.TerraDrawCircleMode({ projection: 'globe', drawInteraction: 'click-move-or-drag' }),
      new terra.TerraDrawSelectMode({
        pointerDistance: SNAP_PX,
        flags: {
          polygon: { feature: { draggable: true, validation: uncrossed, coordinates: { midpoints: true, draggable: true, deletable: true } } },
          circle: { feature: { draggable: true, coordinates: { resizable: 'center-fixed' } } },
        },
      }),
    ],
  });

  function dress() {
    const { draw, point } = colours(bar.whole);
    const area = { fillColor: draw, fillOpacity: 0.25, outlineColor: draw, outlineWidth: 3 };
    const dot = (name) => ({ [`${name}Color`]: point, [`${name}Width`]: 6, [`${name}OutlineColor`]: draw, [`${name}OutlineWidth`]: 3 });
    drawing.updateModeOptions('polygon', { styles: { ...area, ...dot('closingPoint') } });
    drawing.updateModeOptions('circle', { styles: area });
    drawing.updateModeOptions('select', {
      styles: {
        selectedPolygonColor: draw, selectedPolygonFillOpacity: 0.4, selectedPolygonOutlineColor: draw,
        selectedPolygonOutlineWidth: 4, ...dot('selectionPoint'), ...dot('midPoint'), midPointWidth: 4,
      },
    });
  }

  const finished = () => drawing.getSnapshot().filter(({ geometry, properties }) =>
    geometry.type === 'Polygon' && (properties.mode === 'polygon' || properties.mode === 'circle') && !properties.currentlyDrawing);
  const ring = (feature) => feature.geometry.coordinates[0];

  function shapes() {
    const found = { polygons: [], circles: [] };
    for (const feature of finished()) {
      if (feature.properties.mode === 'polygon') found.polygons.push(ring(feature).map(rounded));
      else found.circles.push(circles.get(feature.id) ?? circleOf(ring(feature)));
    }
    return found;
  }

  function show() {
    bar.list(finished().map(({ id, properties, geometry }) => ({
      id, kind: properties.mode,
      size: properties.mode === 'circle' ? circles.get(id)?.radius_m ?? 0 : geometry.coordinates[0].length - 1,
    })), chosen);
  }

  function tell() {
    show();
    const now = shapes(), said = JSON.stringify(now);
    if (said === told) return;
    told = said;
    onChange(now);
  }

  // A circle that was drawn, moved or made larger is set to the exact ring of what the API is told.
  function settle(id, action) {
    const feature = drawing.getSnapshotFeature(id);
    if (feature?.properties.mode === 'circle') {
      const circle = circleOf(ring(feature), circles.get(id), action === 'dragFeature');
      circles.set(id, circle);
      drawing.updateFeatureGeometry(id, { type: 'Polygon', coordinates: [ringOf(circle)] });
    }
    tell();
  }

  function setMode(name) {
    mode = name;
    drawing.setMode(name);
    bar.mode(name, hints[name]);
  }

  function drop(ids) {
    if (chosen !== undefined && ids.includes(chosen)) drawing.deselectFeature(chosen);
    drawing.removeFeatures(ids);
    for (const id of ids) circles.delete(id);
    tell();
  }

  const unfinished = () => drawing.getModeState() === 'drawing';
  const clear = () => drop(finished().map(({ id }) => id));

  drawing.start();
  dress();
  const add = (kind, coordinates) => {
    const id = drawing.getFeatureId();
    const radius = kind === 'circle' ? { radiusKilometers: 0 } : {};
    const [verdict] = drawing.addFeatures([{ id, type: 'Feature', properties: { mode: kind, ...radius }, geometry: { type: 'Polygon', coordinates: [coordinates] } }]);
    if (!verdict.valid) throw Object.assign(new Error(`shape not drawn: ${verdict.reason}`), { reason: 'shapes' });
    return id;
  };
  for (const each of given.polygons ?? []) add('polygon', each.map(rounded));
  for (const each of given.circles ?? []) circles.set(add('circle', ringOf(each)), each);
  told = JSON.stringify(shapes());

  // Inside its own events terra-draw is half way through a step; we look when it is done.
  drawing.on('finish', (id, { action }) => queueMicrotask(() => settle(id, action)));
  drawing.on('change', (ids, type) => { if (type === 'delete') queueMicrotask(tell); });
  drawing.on('select', (id) => { chosen = id; show(); });
  drawing.on('deselect', () => { chosen = undefined; show(); });

  Object.assign(act, {
    mode: setMode,
    remove: () => chosen !== undefined && drop([chosen]),
    clear,
    zoom: (by) => map.zoomTo(map.getZoom() + by),
    choose(id) {
      if (mode !== 'select') setMode('select');
      if (id === chosen) return drawing.deselectFeature(id);
      drawing.selectFeature(id);
      map.fitBounds(box(ring(drawing.getSnapshotFeature(id))), { padding: 60, maxZoom: 10 });
    },
    drop: (id) => drop([id]),
  });
  // Esc gives up the line that is being drawn, and only then what the page does with Esc.
  const keep = (e) => { if (e.key === 'Escape' && unfinished()) e.stopPropagation(); };
  bar.map.addEventListener('keydown', keep);
  const theme = matchMedia('(prefers-color-scheme: dark)');
  const turn = () => { repaint(map, colours(bar.whole)); dress(); };
  theme.addEventListener('change', turn);
  setMode('polygon');
  show();

  return {
    setMode,
    clear,
    shapes,
    unfinished,
    close() {
      theme.removeEventListener('change', turn);
      drawing.stop();
      map.remove();
      bar.whole.remove();
    },
  };
}

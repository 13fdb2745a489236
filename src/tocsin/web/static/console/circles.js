// Circles as the API says them (`center` [lon, lat], `radius_m`) and as rings that can be drawn.
// The same plain arithmetic as the server's, so that what is seen is what is warned.
const M_PER_DEGREE = 111195; // of latitude, on a sphere of 6,371 km
const CORNERS = 64;
const RAD = Math.PI / 180;

export const rounded = ([lon, lat]) => [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];

// Return the closed ring around a circle, from its east point on, against the clock.
export function ringOf({ center: [lon, lat], radius_m }) {
  const tall = radius_m / M_PER_DEGREE, wide = tall / Math.cos(lat * RAD);
  const ring = Array.from({ length: CORNERS }, (_, n) => {
    const turn = (n * 2 * Math.PI) / CORNERS;
    return rounded([lon + wide * Math.cos(turn), lat + tall * Math.sin(turn)]);
  });
  return [...ring, ring[0]];
}

// Return the circle around which a ring was drawn. Where `was` is known, it says what must not
// change: moved, a circle keeps its size; made larger, its middle.
export function circleOf(ring, was, moved) {
  if (was && moved) {
    const before = ringOf(was);
    const lon = was.center[0] + ring[0][0] - before[0][0];
    const lat = latitude(height(was.center[1]) + height(ring[0][1]) - height(before[0][1]));
    return { center: rounded([lon, lat]), radius_m: was.radius_m };
  }
  const center = was?.center ?? rounded([middle(ring, 0), middle(ring, 1)]);
  const corners = ring.slice(1);
  const sum = corners.reduce((all, corner) => all + metres(center, corner), 0);
  return { center, radius_m: Math.max(1, Math.round(sum / corners.length)) };
}

function middle(ring, axis) {
  const all = ring.map((corner) => corner[axis]);
  return (Math.min(...all) + Math.max(...all)) / 2;
}

// Mercator's height, in which the map moves things, and back.
const height = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * RAD) / 2));
const latitude = (h) => (2 * Math.atan(Math.exp(h)) - Math.PI / 2) / RAD;

function metres([lonA, latA], [lonB, latB]) {
  const up = Math.sin(((latB - latA) * RAD) / 2), along = Math.sin(((lonB - lonA) * RAD) / 2);
  const part = up * up + Math.cos(latA * RAD) * Math.cos(latB * RAD) * along * along;
  return (2 * Math.asin(Math.sqrt(part)) / RAD) * M_PER_DEGREE;
}

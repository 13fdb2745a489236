// The duty console and the drill room. This file only ties the parts together.
import * as called from './called.js';
import * as compose from './compose.js';
import * as cover from './cover.js';
import * as dialogs from './dialogs.js';
import * as follow from './follow.js';
import { wireKeys } from './keys.js';
import * as link from './link.js';
import * as nolink from './nolink.js';
import { ask, find, root, set, toast, word } from './parts.js';
import * as taken from './taken.js';

const BEAT_MS = 15e3;

// ---- the map is painted from the list, which says the same: they cannot differ

function paint() {
  const list = document.querySelector('.spots[data-part="spots"]'), map = find('map');
  if (!list || !map || map.classList.contains('parts')) return;
  for (const { dataset: { region, face } } of list.querySelectorAll('[data-region]')) {
    const path = find(`m-${region}`);
    path?.setAttribute('class', `r ${face}${path.classList.contains('pick') ? ' pick' : ''}`);
    find(`t-${region}`)?.setAttribute('class', face);
  }
  map.setAttribute('aria-label', list.dataset.sentence);
}

// A drill that a real alert ended is no longer told of as one that began.
let real = document.querySelector('.realbar')?.dataset.real ?? '';
function broken() {
  const now = document.querySelector('.realbar')?.dataset.real ?? '';
  if (now && now !== real) find('toast').hidden = true;
  real = now;
}

// ---- others see that I am here, and what I am writing

let told = '';
async function beat(always = false) {
  if (!link.isUp() || document.hidden) return;
  const { hazard, regions } = compose.isThere() ? compose.composed() : { hazard: '', regions: [] };
  const doing = hazard ? { hazard, regions: regions.slice(0, 20) } : null;
  const body = { room: set.room, doing };
  const said = JSON.stringify(body);
  if (!always && said === told) return;
  told = said;
  await ask('POST', '/api/v1/desk/presence', body).catch(() => { told = ''; });
}

cover.start();
compose.start();
compose.wireDistricts();
dialogs.start();
called.start();
follow.start(dialogs.openFrame);
taken.start();
nolink.start();
link.onTurn(paint);
link.onTurn(called.show);
link.onTurn(() => { follow.turned(dialogs.shutProposal); dialogs.turned(); });
link.onTurn(taken.turned);
link.onTurn(broken);
link.start();
compose.onPreview(() => beat());
setInterval(() => beat(true), BEAT_MS);
beat(true);
root.addEventListener('tocsin:up', ({ detail }) => { toast(word('link.back', detail)); beat(true); });
if (compose.isThere()) wireKeys({
  review: dialogs.openReview, send: dialogs.sendByKey, danger: compose.choose, edit: compose.editWords,
  pick: compose.pickMode, draw: () => compose.draw('polygon'), circle: () => compose.draw('circle'),
  lie: dialogs.lie,
  fresh: () => document.querySelector('[name="hazard"]')?.focus(),
});
else wireKeys({ review() {}, send() {}, danger() {}, edit() {}, pick() {}, draw() {}, circle() {}, lie() {}, fresh() {} });

root.classList.add('js');

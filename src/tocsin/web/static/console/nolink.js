// A dialog that stands open while the link is lost says so itself: the page behind it cannot be read.
import { isUp } from './link.js';
import { make, root, word } from './parts.js';

const SENDS = '.issue, [data-send], #send-alone, [data-call], [data-withdraw], [data-passkey]';

function down() {
  for (const box of document.querySelectorAll('dialog[open]')) {
    if (box.id === 'd-keys' || box.querySelector(':scope > .nolink')) continue;
    const line = make('p', { class: 'nolink', role: 'alert' });
    box.prepend(line);
    line.textContent = word('no.link');
    for (const button of box.querySelectorAll(SENDS)) if (!button.disabled) { button.disabled = true; button.dataset.off = ''; }
    box.scrollTo({ top: 0 });
  }
}

function up() {
  for (const line of document.querySelectorAll('dialog > .nolink')) line.remove();
  for (const button of document.querySelectorAll('dialog [data-off]')) { button.disabled = false; delete button.dataset.off; }
}

// Whatever wakes a button later must look at the link first.
export function wakes(button) {
  if (isUp()) button.disabled = false;
  else button.dataset.off = '';
}

export function start() {
  root.addEventListener('tocsin:down', down);
  root.addEventListener('tocsin:up', up);
}

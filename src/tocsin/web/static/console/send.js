// Send one thing so that it is done once, and say only what is true. The same Idempotency-Key goes
// with every try, so asking again never does it twice. What cannot be proved within a minute is left
// to the operator: nothing is kept to be sent later, because a late alert is a false alert.
import { No, ask, make, newKey, word } from './parts.js';
import { isUp } from './link.js';

const AGAIN_MS = 2e3;
const GIVE_UP_MS = 60e3;

// Return {status, body}; throws No where it is certain that nothing was accepted. `state` is the
// element that says how it stands; `button` is held down meanwhile.
export async function sure(path, body, { key = newKey(), button, state }) {
  if (!isUp()) throw new No(499, { rule: 'offline', help: word('offline') });
  const said = button.textContent;
  const label = button.querySelector('span') ?? button;
  const was = label.textContent;
  button.setAttribute('aria-disabled', 'true');
  label.textContent = word('saving');
  try {
    return await again(path, body, key, state);
  } finally {
    label.textContent = was || said;
    button.removeAttribute('aria-disabled');
  }
}

async function again(path, body, key, state) {
  let began = performance.now();
  for (;;) {
    try {
      const answer = await ask('POST', path, body, { key });
      state.replaceChildren();
      return answer;
    } catch (no) {
      if (!(no instanceof No) || no.isCertain) throw no;
      state.replaceChildren(word('unknown'));
    }
    if (performance.now() - began > GIVE_UP_MS) {
      await pressed(state);
      began = performance.now();
    } else await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

// Wait until the operator presses "Ask again" himself.
function pressed(state) {
  return new Promise((done) => {
    state.replaceChildren(word('lost'), ' ', make('button', { type: 'button', class: 'btn s', onclick: done }, word('ask-again')));
  });
}

// Prove again that it is you: by a code or a passkey, in the page's own dialog.
import { No, ask, find, oops, sentence, word } from './parts.js';
import * as passkey from './passkey.js';

// Resolve true once proven, false where the officer goes back.
export function confirmed() {
  const box = find('confirm');
  if (!box) return Promise.resolve(false);
  const form = box.querySelector('form'), summary = box.querySelector('.oops');
  return new Promise((answer) => {
    let done = false;
    const trying = async (what) => {
      oops(summary, '', []);
      try {
        await what();
        done = true;
        box.close();
      } catch (problem) {
        oops(summary, word('refused'), [[problem instanceof No ? sentence(problem) : problem.message, null]]);
      }
    };
    const byPasskey = box.querySelector('[data-passkey]');
    byPasskey.hidden = !passkey.isThere();
    byPasskey.onclick = () => trying(async () => {
      const { body } = await ask('POST', '/api/v1/session/confirm/passkey/options', {});
      await ask('POST', '/api/v1/session/confirm/passkey', { credential: await passkey.prove(body) });
    });
    form.onsubmit = (e) => {
      e.preventDefault();
      trying(() => ask('POST', '/api/v1/session/confirm', { code: form.elements.code.value.trim() }));
    };
    box.querySelector('[data-back]').onclick = () => box.close();
    box.onclose = () => { form.reset(); oops(summary, '', []); answer(done); };
    box.showModal();
    form.elements.code.focus();
  });
}

// Checks the latest signed statement in the browser. It holds no words: every sentence is asleep in
// the page, and the right one is woken. Where the browser cannot check, the page says so.
const statement = document.getElementById('statement');
const check = document.getElementById('check');
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// What was signed: every member but the signature, sorted by name, without spaces.
function canonical(said) {
  const names = Object.keys(said).filter((name) => name !== 'signature').sort();
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, said[name]])));
}

async function checked() {
  let key;
  try {
    key = await crypto.subtle.importKey('raw', bytes(statement.dataset.key), { name: 'Ed25519' }, false, ['verify']);
  } catch {
    return 'cannot';
  }
  let said;
  try {
    const answer = await fetch(statement.dataset.now, { cache: 'no-store', credentials: 'omit' });
    if (!answer.ok) return 'silent';
    said = await answer.json();
  } catch {
    return 'silent';
  }
  try {
    const plain = new TextEncoder().encode(canonical(said));
    const fits = await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes(said.signature), plain);
    statement.textContent = JSON.stringify(said);
    return fits ? 'fits' : 'differs';
  } catch {
    return 'differs';
  }
}

check.hidden = false;
document.getElementById('check-now').addEventListener('click', async () => {
  const found = await checked();
  for (const each of check.querySelectorAll('[data-said]')) each.hidden = each.dataset.said !== found;
});

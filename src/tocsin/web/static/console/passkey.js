// Passkeys in the browser: turns what the API says into what the browser wants, and back.
// The API speaks JSON with base64url; older browsers know ArrayBuffers only.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

export const isThere = () => Boolean(globalThis.PublicKeyCredential && navigator.credentials);

const described = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

function plain(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) said[name] = text(response[name]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response: said,
  };
}

// Make a passkey from the options of a line that ends in /options; return it as JSON.
export async function make(options) {
  const asked = options.publicKey ?? options;
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: described(asked.excludeCredentials),
  };
  return plain(await navigator.credentials.create({ publicKey }));
}

// Prove oneself with a passkey that is there; return the proof as JSON.
export async function prove(options) {
  const asked = options.publicKey ?? options;
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: described(asked.allowCredentials),
  };
  return plain(await navigator.credentials.get({ publicKey }));
}

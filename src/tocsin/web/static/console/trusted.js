// The page's one Trusted Types policy. The pages' rule (`trusted-types tocsin`) lets it be made
// once: every module that must hand a script's address to the browser asks here.
const OURS = new URL('../', import.meta.url).href; // the folder of this build's files

const allow = (address) => {
  const full = new URL(address, location.href).href;
  if (!full.startsWith(OURS)) throw new TypeError(`${full} is not one of our scripts`);
  return full;
};
const policy = globalThis.trustedTypes?.createPolicy('tocsin', { createScriptURL: allow });

// Return the address of one of our own scripts as the browser wants it; anything else is an error.
export const scriptAddress = (address) => (policy ? policy.createScriptURL(address) : allow(address));

// MapLibre names its worker by a plain text, which the policy refuses. Workers of ours go through.
export function trustWorkers() {
  if (globalThis.Worker.isTocsins) return;
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    static isTocsins = true;
    constructor(address, options) {
      super(scriptAddress(String(address)), options);
    }
  };
}

// node:crypto and Web Crypto, loaded and patched when somebody asks for them. A file of its own in the package: `edge/late.ts` requires it.
// Their originals are taken when their files load.
import { nodeCrypto } from '../../platform/engine/node-crypto.ts';
import { patchCrypto } from './edge/crypto/patch.ts';

/** The global classes that have patched functions, which Node shows to nobody before they are loaded. */
export function globals(): Readonly<Record<string, object>> {
  const { webcrypto } = nodeCrypto();
  return { Crypto: webcrypto.constructor, SubtleCrypto: webcrypto.subtle.constructor };
}

export { patchCrypto as patchLate };

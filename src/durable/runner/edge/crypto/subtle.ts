// crypto.subtle: what is a function of its input is done again on replay, in the recorded order; what chance decides is recorded.
import type { Patcher } from '../../globals/patch.ts';
import { hopPromise } from '../hop.ts';
import { nodeCrypto, originals } from './originals.ts';

const prototype = nodeCrypto.webcrypto.subtle.constructor.prototype as SubtleCrypto;

const HOPS = originals(prototype, [
  'digest',
  'importKey',
  'exportKey',
  'deriveKey',
  'deriveBits',
  'verify',
  'decrypt',
  'unwrapKey',
  'decapsulateBits',
  'decapsulateKey',
  'getPublicKey',
  'sign',
  'encrypt',
  'wrapKey',
]);
const DRAWN = originals(prototype, ['generateKey', 'encapsulateBits', 'encapsulateKey']);

/** Signatures that are a function of key and data. */
const FIXED_SIGNATURES: ReadonlySet<string> = new Set(['HMAC', 'KMAC128', 'KMAC256', 'RSASSA-PKCS1-V1_5', 'ED25519', 'ED448']);

const nameOf = (algorithm: unknown): string => {
  const name: unknown = typeof algorithm === 'object' && algorithm !== null ? Reflect.get(algorithm, 'name') : algorithm;
  return String(name).toUpperCase();
};

/** Whether a call of a method draws. */
function isDrawn(name: string, args: readonly unknown[]): boolean {
  if (name === 'sign') return !FIXED_SIGNATURES.has(nameOf(args[0]));
  if (name === 'encrypt') return nameOf(args[0]) === 'RSA-OAEP';
  return name === 'wrapKey' && nameOf(args[3]) === 'RSA-OAEP';
}

/** Arguments without data and keys, which may be large and secret: what is compared on replay. */
const shown = (args: readonly unknown[]): readonly unknown[] =>
  args.map((arg) =>
    ArrayBuffer.isView(arg) || arg instanceof ArrayBuffer ? arg.byteLength : arg instanceof CryptoKey ? nameOf(arg.algorithm) : arg,
  );

/** Web Crypto in a session. */
export function patchSubtle(patcher: Patcher): void {
  for (const [name, original] of [...HOPS, ...DRAWN])
    patcher.replace(prototype, name, 'own', function (this: unknown, ...args: unknown[]): unknown {
      const session = patcher.session();
      if (session === undefined) return Reflect.apply(original, this, args);
      const start = (): unknown => Reflect.apply(original, this, args);
      if (!DRAWN.has(name) && !isDrawn(name, args)) return hopPromise(session, start);
      return session.world.call({ fn: `crypto.subtle.${name}`, args: shown(args), run: async () => await start() });
    });
}

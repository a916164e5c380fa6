// Functions of node:crypto with a callback whose result is a function of the arguments: done again on replay.
import type { Patcher } from '../../globals/patch.ts';
import { hopBack } from '../hop.ts';
import { nodeCrypto, originals } from './originals.ts';

const HOPS = originals(nodeCrypto, ['pbkdf2', 'scrypt', 'hkdf', 'argon2', 'checkPrime', 'diffieHellman', 'decapsulate', 'verify']);

type Callback = (...outcome: unknown[]) => void;

/** Derivations, checks and agreements. Their forms without a callback are plain functions. */
export function patchAsyncForms(patcher: Patcher): void {
  for (const [name, original] of HOPS)
    patcher.replace(nodeCrypto, name, 'language', (...args: unknown[]): unknown => {
      const session = patcher.session();
      const callback = args.at(-1);
      if (session === undefined || typeof callback !== 'function') return Reflect.apply(original, nodeCrypto, args);
      hopBack(session, (done) => Reflect.apply(original, nodeCrypto, [...args.slice(0, -1), done]), callback as Callback);
      return undefined;
    });
}

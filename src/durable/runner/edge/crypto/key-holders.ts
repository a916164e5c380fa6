// Objects of node:crypto that draw inside: ECDH, DiffieHellman and Sign. The objects are made again on replay, and what they drew is put in.
import { DiffieHellman, DiffieHellmanGroup, ECDH, Sign, type BinaryToTextEncoding } from 'node:crypto';
import type { Patcher } from '../../globals/patch.ts';
import { isDrawnSignature, shownKey } from './key-facts.ts';
import { nodeCrypto } from './originals.ts';

type AnyFunction = (...args: unknown[]) => unknown;
const method = (Class: { readonly prototype: object }, name: string): AnyFunction => Reflect.get(Class.prototype, name) as AnyFunction;

const ecdhKeys = method(ECDH, 'generateKeys');
const signNow = method(Sign, 'sign');
const createDiffieHellman = nodeCrypto.createDiffieHellman as AnyFunction;

function patchEcdh(patcher: Patcher): void {
  patcher.replace(
    ECDH.prototype,
    'generateKeys',
    'own',
    function (this: ECDH, encoding?: BinaryToTextEncoding, format?: 'compressed'): unknown {
      const session = patcher.session();
      if (session === undefined) return Reflect.apply(ecdhKeys, this, [encoding, format]);
      const secret = session.world.callSync('node:crypto.ECDH.generateKeys', [], false, () => {
        Reflect.apply(ecdhKeys, this, []);
        return this.getPrivateKey();
      });
      this.setPrivateKey(secret);
      return encoding === undefined ? this.getPublicKey(null, format) : this.getPublicKey(encoding, format);
    },
  );
}

/** The objects of a group have the same method, under another prototype, and no way to put keys in: they are seen as a whole group. */
function patchDiffieHellman(patcher: Patcher): void {
  const make = method(DiffieHellman, 'generateKeys');
  patcher.replace(DiffieHellman.prototype, 'generateKeys', 'own', function (this: DiffieHellman, encoding?: BinaryToTextEncoding): unknown {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(make, this, [encoding]);
    const [secret, shared] = session.world.callSync('node:crypto.DiffieHellman.generateKeys', [], false, () => {
      Reflect.apply(make, this, []);
      return [this.getPrivateKey(), this.getPublicKey()] as const;
    });
    this.setPrivateKey(secret);
    this.setPublicKey(shared);
    return encoding === undefined ? this.getPublicKey() : this.getPublicKey(encoding);
  });
  // A number of bits asks for a prime: that is drawn. With the prime the object is a function of its arguments.
  patcher.replace(nodeCrypto, 'createDiffieHellman', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    const [bits, generator] = args;
    if (session === undefined || typeof bits !== 'number') return Reflect.apply(createDiffieHellman, nodeCrypto, args);
    const prime = session.world.callSync('node:crypto.createDiffieHellman', [bits], false, () =>
      (Reflect.apply(createDiffieHellman, nodeCrypto, args) as DiffieHellman).getPrime(),
    );
    return Reflect.apply(createDiffieHellman, nodeCrypto, generator === undefined ? [prime] : [prime, generator]);
  });
}

/** A group of fixed primes: an object with its prime and generator takes keys, and stands in for it. */
function patchGroups(patcher: Patcher): void {
  for (const name of ['getDiffieHellman', 'createDiffieHellmanGroup'] as const) {
    const original = nodeCrypto[name] as AnyFunction;
    patcher.replace(nodeCrypto, name, 'language', (...args: unknown[]): unknown => {
      const group = Reflect.apply(original, nodeCrypto, args) as DiffieHellman;
      if (patcher.session() === undefined) return group;
      const made = Reflect.apply(createDiffieHellman, nodeCrypto, [group.getPrime(), group.getGenerator()]) as object;
      const shown = { constructor: { value: DiffieHellmanGroup, enumerable: false, configurable: true, writable: true } };
      return Object.defineProperties(made, shown);
    });
  }
}

function patchSign(patcher: Patcher): void {
  patcher.replace(Sign.prototype, 'sign', 'own', function (this: Sign, ...args: unknown[]): unknown {
    const session = patcher.session();
    const [key, encoding] = args;
    if (session === undefined || !isDrawnSignature(key)) return Reflect.apply(signNow, this, args);
    const bytes = session.world.callSync(
      'node:crypto.Sign.sign',
      [shownKey(key)],
      false,
      () => Reflect.apply(signNow, this, [key]) as Buffer,
    );
    return typeof encoding === 'string' && encoding !== 'buffer' ? bytes.toString(encoding as BufferEncoding) : bytes;
  });
}

/** Objects that draw. */
export function patchKeyHolders(patcher: Patcher): void {
  patchEcdh(patcher);
  patchDiffieHellman(patcher);
  patchGroups(patcher);
  patchSign(patcher);
}

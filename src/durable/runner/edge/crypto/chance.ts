// What Web Crypto and node:crypto draw. Packages draw from node:crypto (uuid, nanoid), so that is patched too.
import { nodeCrypto as asNodeMadeIt } from '../../../../platform/engine/node-crypto.ts';
import type { LoadWorld } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';
import { real as realGlobals } from '../../globals/real.ts';
import { nodeCrypto, originalOf } from './originals.ts';

const HIGHEST_RANGE = 2 ** 48;

const real = asNodeMadeIt();
const web = real.webcrypto;
const webPrototype = web.constructor.prototype as Crypto;
const { randomUUID: webRandomUuid, getRandomValues: webRandomValues } = webPrototype;

function bytesOf(target: ArrayBufferView | ArrayBufferLike): Uint8Array {
  return ArrayBuffer.isView(target) ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target);
}

/** @param version 4: all of it is drawn; 7: it begins with the time */
function uuid(world: LoadWorld, version: 4 | 7 = 4): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = Buffer.alloc(16);
  world.fill(bytes);
  if (version === 7) bytes.writeUIntBE(Math.trunc(world.nowMs()), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A whole number from `low` to `high` (out), without a bias. */
function integer(world: LoadWorld, low: number, high: number): number {
  const range = high - low;
  const limit = HIGHEST_RANGE - (HIGHEST_RANGE % range);
  const bytes = Buffer.alloc(6);
  for (;;) {
    world.fill(bytes);
    const drawn = bytes.readUIntBE(0, 6);
    if (drawn < limit) return low + (drawn % range);
  }
}

/** Gives a result to a callback in its own turn, as the original does. */
function later<T>(patcher: Patcher, callback: (error: null, value: T) => void, value: T): void {
  const session = patcher.session();
  if (session === undefined) realGlobals.setImmediate(callback, null, value);
  else session.world.immediate(() => callback(null, value));
}

function patchWeb(patcher: Patcher): void {
  patcher.replace(webPrototype, 'randomUUID', 'language', function (this: Crypto, options?: unknown) {
    const world = patcher.world();
    return world === undefined || this !== web ? Reflect.apply(webRandomUuid, web, [options]) : uuid(world);
  });
  patcher.replace(webPrototype, 'getRandomValues', 'language', function (this: Crypto, target: Uint8Array<ArrayBuffer>) {
    const world = patcher.world();
    const isTyped = ArrayBuffer.isView(target) && !(target instanceof DataView) && target.byteLength <= 65_536;
    // What it refuses, the original refuses in its own words.
    if (world === undefined || !isTyped) return Reflect.apply(webRandomValues, web, [target]);
    world.fill(bytesOf(target));
    return target;
  });
}

function patchNode(patcher: Patcher): void {
  type Callback = (error: Error | null, value?: unknown) => void;
  const isCallback = (value: unknown): value is Callback => typeof value === 'function';
  patcher.replace(nodeCrypto, 'randomBytes', 'language', (size: number, callback?: Callback): unknown => {
    const world = patcher.world();
    const isValid = Number.isInteger(size) && size >= 0 && size < 2 ** 31;
    if (world === undefined || !isValid) return Reflect.apply(real.randomBytes, nodeCrypto, [size, callback]) as unknown;
    const bytes = Buffer.alloc(size);
    world.fill(bytes);
    if (!isCallback(callback)) return bytes;
    later(patcher, callback, bytes);
    return undefined;
  });
  // Old names of the same function, which Node makes when they are first looked at.
  for (const name of ['pseudoRandomBytes', 'prng', 'rng'])
    if (name in nodeCrypto) patcher.replace(nodeCrypto, name, 'language', nodeCrypto.randomBytes);
  patcher.replace(nodeCrypto, 'randomFillSync', 'language', (target: ArrayBufferView, offset?: number, size?: number): unknown => {
    const world = patcher.world();
    const isWhole = offset === undefined && size === undefined && ArrayBuffer.isView(target);
    if (world === undefined) return Reflect.apply(real.randomFillSync, nodeCrypto, [target, offset, size]) as unknown;
    // The original checks the range, then its bytes are drawn over.
    if (!isWhole) Reflect.apply(real.randomFillSync, nodeCrypto, [target, offset, size]);
    const bytes = bytesOf(target);
    const unit = bytes.length / ('length' in target && typeof target.length === 'number' ? target.length || 1 : bytes.length || 1);
    const from = (offset ?? 0) * unit;
    world.fill(bytes.subarray(from, size === undefined ? undefined : from + size * unit));
    return target;
  });
  patcher.replace(nodeCrypto, 'randomFill', 'language', (target: ArrayBufferView, ...rest: unknown[]): unknown => {
    const world = patcher.world();
    const callback = rest.at(-1);
    if (world === undefined || !isCallback(callback)) return Reflect.apply(real.randomFill, nodeCrypto, [target, ...rest]) as unknown;
    Reflect.apply(nodeCrypto.randomFillSync, nodeCrypto, [target, ...rest.slice(0, -1)]);
    later(patcher, callback, target);
    return undefined;
  });
  for (const [name, version] of [
    ['randomUUID', 4],
    ['randomUUIDv7', 7],
  ] as const) {
    const original = originalOf(real, name);
    if (original === undefined) continue;
    patcher.replace(nodeCrypto, name, 'language', (options?: object): unknown => {
      const world = patcher.world();
      // What it refuses, the original refuses in its own words.
      const drawn = world === undefined || options !== undefined ? original(options) : undefined;
      return world === undefined ? drawn : uuid(world, version);
    });
  }
  patcher.replace(nodeCrypto, 'randomInt', 'language', (...args: unknown[]): unknown => {
    const world = patcher.world();
    const callback = args.at(-1);
    const numbers = args.filter((arg) => typeof arg === 'number');
    const low = numbers.length > 1 ? (numbers[0] ?? 0) : 0;
    const high = numbers.at(-1) ?? Number.NaN;
    const isValid = Number.isSafeInteger(low) && Number.isSafeInteger(high) && high > low && high - low < HIGHEST_RANGE;
    if (world === undefined || !isValid) return Reflect.apply(real.randomInt, nodeCrypto, args) as unknown;
    const drawn = integer(world, low, high);
    if (!isCallback(callback)) return drawn;
    later(patcher, callback, drawn);
    return undefined;
  });
}

/** Chance of sessions comes from their seed. */
export function patchCryptoChance(patcher: Patcher): void {
  patchWeb(patcher);
  patchNode(patcher);
}

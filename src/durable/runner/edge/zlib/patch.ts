// node:zlib: what its streams give is a function of what they are given. Their one method that leaves JavaScript is patched, in the class that
// all of them share: the functions with a callback, CompressionStream and the classes of packages are made of such streams.
import zlib from 'node:zlib';
import type { Patcher } from '../../globals/patch.ts';
import { StreamHop, type ZlibStream } from './stream-hop.ts';

type TransformStep = (this: ZlibStream, chunk: Uint8Array, encoding: BufferEncoding, callback: (error?: Error | null) => void) => void;

/** The prototype that has the method. */
function holderOf(key: string): object {
  let prototype: object | null = zlib.Gzip.prototype;
  while (prototype !== null && !Object.hasOwn(prototype, key)) prototype = Object.getPrototypeOf(prototype) as object | null;
  if (prototype === null) throw new TypeError(`the streams of node:zlib have no ${key}`);
  return prototype;
}

const base = holderOf('_transform');
const transform = Reflect.get(base, '_transform') as TransformStep;

/** Compression in a session: each step is delivered in its turn. */
export function patchZlib(patcher: Patcher): void {
  const hops = new WeakMap<ZlibStream, StreamHop>();
  const hopOf = (stream: ZlibStream): StreamHop => {
    const known = hops.get(stream) ?? new StreamHop(stream);
    hops.set(stream, known);
    return known;
  };
  const patched: TransformStep = function (this: ZlibStream, chunk, encoding, callback) {
    const session = patcher.session();
    if (session === undefined) return transform.call(this, chunk, encoding, callback);
    return hopOf(this).run(session, (done) => transform.call(this, chunk, encoding, done), callback);
  };
  patcher.replace(base, '_transform', 'language', patched);
}

// createReadStream and createWriteStream: Node's own streams, which call the patched functions with the place of the program where they were made.
import fs, { type ReadStream, type WriteStream } from 'node:fs';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { realFs, type FsFunction } from '../real-fs.ts';
import { joinReads, type Made } from './joined.ts';
import { StreamFs } from './stream-fs.ts';

const writers = new WeakMap<object, Made<WriteStream>>();

/** Options with the `fs` of the stream; undefined when the program has its own, or gives a handle. */
function withCalls(calls: StreamFs, given: unknown): object | undefined {
  const options = typeof given === 'string' ? { encoding: given } : ((given ?? {}) as { readonly fs?: unknown; readonly fd?: unknown });
  if (typeof options !== 'object' || ('fs' in options && options.fs !== undefined)) return undefined;
  if ('fd' in options && typeof options.fd === 'object' && options.fd !== null) return undefined;
  return { ...options, fs: calls.functions };
}

/** What a reader is piped to, while that is one stream: known by its own `pipe` and `unpipe`. */
function targetOf(patcher: Patcher, stream: ReadStream): () => Made<WriteStream> | undefined {
  const targets = new Set<object>();
  const { pipe, unpipe } = stream;
  const hidden = (key: 'pipe' | 'unpipe', value: FsFunction): void => {
    patcher.realm.kinds.mark(value, 'language');
    Object.defineProperty(stream, key, { value, writable: true, configurable: true, enumerable: false });
  };
  hidden('pipe', (to, options) => {
    if (typeof to === 'object' && to !== null) targets.add(to);
    return Reflect.apply(pipe, stream, [to as WriteStream, options as object]);
  });
  hidden('unpipe', (to) => {
    if (typeof to === 'object' && to !== null) targets.delete(to);
    else targets.clear();
    return Reflect.apply(unpipe, stream, [to as WriteStream]);
  });
  return () => {
    const [only] = targets;
    return targets.size === 1 && only !== undefined ? writers.get(only) : undefined;
  };
}

function reader(patcher: Patcher, session: Session, original: FsFunction, [path, given]: readonly unknown[]): ReadStream {
  const calls = new StreamFs(session);
  const options = withCalls(calls, given);
  if (options === undefined) return original(path, given) as ReadStream;
  const stream = original(path, options) as ReadStream;
  joinReads(session, { stream, calls }, targetOf(patcher, stream));
  return stream;
}

function writer(session: Session, original: FsFunction, [path, given]: readonly unknown[]): WriteStream {
  const calls = new StreamFs(session);
  const options = withCalls(calls, given);
  if (options === undefined) return original(path, given) as WriteStream;
  const stream = original(path, options) as WriteStream;
  writers.set(stream, { stream, calls });
  return stream;
}

/** Patches them. */
export function patchFileStreams(patcher: Patcher): void {
  const read = realFs('createReadStream');
  const write = realFs('createWriteStream');
  if (read === undefined || write === undefined) return;
  patcher.replace(fs, 'createReadStream', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    return session === undefined ? read(...args) : reader(patcher, session, read, args);
  });
  patcher.replace(fs, 'createWriteStream', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    return session === undefined ? write(...args) : writer(session, write, args);
  });
}

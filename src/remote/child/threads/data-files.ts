// Data files beside far modules: their paths exist on no disk, so what reads whole files asks the controller for them. Everything else that is
// tried on such a path fails as for a file that is not there, with the reason.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isError } from '../../../base/errors/is-error.ts';
import type { FarFile, ModuleStore } from '../core/calls/module-store.ts';

/** Gives the bytes of a data file, and blocks until they are there. @throws why there are none */
export type AskData = (file: FarFile) => Uint8Array;

type AnyFunction = (...args: unknown[]) => unknown;
type Holder = Record<string, AnyFunction | undefined>;
type Callback = (error: unknown, value?: unknown) => void;

/** What one function makes of the bytes of a file. @param path the far one */
type Read = (bytes: Uint8Array, options: unknown, path: string) => unknown;

const encodingOf = (options: unknown): BufferEncoding | undefined =>
  (typeof options === 'string' ? options : (options as { encoding?: string } | null | undefined)?.encoding) as BufferEncoding | undefined;

/** What works, in all three forms of Node. */
const READS: Readonly<Record<string, Read>> = {
  readFile: (bytes, options) => {
    const encoding = encodingOf(options);
    const copy = Buffer.from(bytes);
    return encoding === undefined || encoding === null ? copy : copy.toString(encoding);
  },
  access: () => undefined,
  realpath: (_bytes, _options, path) => path,
  stat: factsOf,
  lstat: factsOf,
};

function factsOf({ length }: Uint8Array): fs.Stats {
  const times = { atimeMs: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0 };
  const facts = { dev: 0, ino: 0, mode: 0o100444, nlink: 1, uid: 0, gid: 0, rdev: 0, size: length, blksize: 4096, blocks: 0, ...times };
  return Object.assign(Object.create(fs.Stats.prototype) as fs.Stats, facts);
}

/** What cannot be done with a file that is in memory. */
const REFUSED = ['open', 'opendir', 'readdir', 'copyFile', 'cp', 'watch', 'watchFile'];

function reasonOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

function notThere(path: string, syscall: string, reason: string, cause?: unknown): Error {
  const error = new Error(`ENOENT: no such file or directory, ${syscall} '${path}' (${reason})`, { cause });
  return Object.assign(error, { errno: -2, code: 'ENOENT', syscall, path });
}

/** Lets functions of `node:fs` find data files of far modules. Once per process, before any module is loaded. */
export function serveDataFiles(store: ModuleStore, ask: AskData): void {
  const farOf = (given: unknown): FarFile | undefined => {
    let path = given;
    if (given instanceof URL) path = given.protocol === 'file:' ? fileURLToPath(given) : undefined;
    else if (Buffer.isBuffer(given)) path = given.toString();
    const far = typeof path === 'string' ? store.parsePath(path) : undefined;
    return far === undefined ? undefined : { build: far.build, path: posix.normalize(far.path) };
  };
  const bytesOf = (far: FarFile, syscall: string): Uint8Array => {
    try {
      return ask(far);
    } catch (error) {
      throw notThere(far.path, syscall, reasonOf(error), error);
    }
  };
  const patch = (holder: Holder, name: string, make: (far: FarFile, args: unknown[]) => unknown): void => {
    const original = holder[name];
    if (original === undefined) return;
    const patched = function (this: unknown, ...args: unknown[]): unknown {
      const far = farOf(args[0]);
      return far === undefined ? Reflect.apply(original, this, args) : make(far, args);
    };
    // What hangs on it (`realpath.native`, the promise form of `exists`) stays.
    holder[name] = Object.defineProperties(patched, Object.getOwnPropertyDescriptors(original)) as AnyFunction;
  };
  const holder = fs as unknown as Holder;
  const promises = fs.promises as unknown as Holder;

  /** The three forms of one function. */
  const patchAll = (name: string, run: (far: FarFile, options: unknown) => unknown): void => {
    patch(holder, `${name}Sync`, (far, [, options]) => run(far, options));
    patch(promises, name, async (far, [, options]) => {
      await Promise.resolve();
      return run(far, options);
    });
    patch(holder, name, (far, args) => {
      const callback = args.findLast((arg) => typeof arg === 'function') as Callback;
      const [, options] = args;
      let value: unknown;
      try {
        value = run(far, options === callback ? undefined : options);
      } catch (error) {
        process.nextTick(callback, error);
        return;
      }
      process.nextTick(callback, null, value);
    });
  };
  for (const [name, read] of Object.entries(READS)) {
    const syscall = name === 'readFile' ? 'open' : name;
    patchAll(name, (far, options) => read(bytesOf(far, syscall), options, store.farPath(far)));
  }
  for (const name of REFUSED)
    patchAll(name, (far) => {
      throw notThere(far.path, name, 'it lies on the controller: on this side it can only be read as a whole');
    });
  patch(holder, 'existsSync', (far) => {
    try {
      return ask(far) !== undefined;
    } catch {
      // A question, and this is the answer.
      return false;
    }
  });
  patch(holder, 'createReadStream', (far, [, options]) => {
    const { end = Number.POSITIVE_INFINITY, start = 0 } = (typeof options === 'object' ? options : {}) as { start?: number; end?: number };
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(bytesOf(far, 'open')).subarray(start, end + 1);
    }
    const stream = Readable.from(pieces(), { objectMode: false });
    const encoding = encodingOf(options);
    return encoding === undefined ? stream : stream.setEncoding(encoding);
  });
  syncBuiltinESMExports();
}

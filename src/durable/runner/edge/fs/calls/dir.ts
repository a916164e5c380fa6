// opendir. What is in the folder is read when it is opened, in one record; the program goes through it as through Node's Dir.
import fs from 'node:fs';
import { markClass } from '../../../puppets/mark.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { real, realFs, realPromises, type FsFunction } from '../real-fs.ts';
import { isPath } from '../refused.ts';
import { askBack, askLater, askNow, callbackAt, tell, type Request } from '../request.ts';

type Given = (error: unknown, entry?: fs.Dirent | null) => void;

function closed(): Error {
  return Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' });
}

/** Node's Dir over what was in the folder. */
class SessionDir {
  readonly #path: string;
  readonly #entries: fs.Dirent[];
  #isClosed = false;

  constructor(path: string, entries: readonly fs.Dirent[]) {
    this.#path = path;
    this.#entries = [...entries];
  }

  get path(): string {
    return this.#path;
  }

  #next(): fs.Dirent | null {
    if (this.#isClosed) throw closed();
    return this.#entries.shift() ?? null;
  }

  #end(): void {
    if (this.#isClosed) throw closed();
    this.#isClosed = true;
  }

  readSync(): fs.Dirent | null {
    return this.#next();
  }

  read(callback?: Given): Promise<fs.Dirent | null> | undefined {
    if (callback === undefined) return (async () => await Promise.resolve(this.#next()))();
    process.nextTick(callback, null, this.#next());
    return undefined;
  }

  closeSync(): void {
    this.#end();
  }

  close(callback?: Given): Promise<void> | undefined {
    if (callback === undefined) return (async () => await Promise.resolve(this.#end()))();
    if (this.#isClosed) process.nextTick(callback, closed());
    else {
      this.#end();
      process.nextTick(callback, null);
    }
    return undefined;
  }

  async *entries(): AsyncGenerator<fs.Dirent> {
    try {
      for (let entry = await this.read(); entry !== null && entry !== undefined; entry = await this.read()) yield entry;
    } finally {
      await this.close();
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<fs.Dirent> {
    return this.entries();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
    this.#isClosed = true;
  }
}

Object.defineProperty(SessionDir, 'name', { value: 'Dir', configurable: true });
// Its own methods stand before those of Node's class, of which it is one.
Object.setPrototypeOf(SessionDir.prototype, fs.Dir.prototype);

function request(fn: string, args: readonly unknown[]): Request<SessionDir> {
  const open = args as Parameters<typeof real.opendirSync>;
  return {
    fn,
    args,
    isRead: true,
    now() {
      const folder = real.opendirSync(...open);
      try {
        const entries: fs.Dirent[] = [];
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) entries.push(entry);
        return entries;
      } finally {
        folder.closeSync();
      }
    },
    async later() {
      const entries: fs.Dirent[] = [];
      for await (const entry of await real.promises.opendir(...open)) entries.push(entry);
      return entries;
    },
    take: (value) => new SessionDir(String(args[0]), value as fs.Dirent[]),
  };
}

/** Patches `opendir` in its three forms. */
export function patchDir(patcher: Patcher): void {
  markClass(patcher.realm.kinds, SessionDir);
  const now = realFs('opendirSync');
  const later = realFs('opendir');
  const promised = realPromises('opendir');
  patcher.replace(fs, 'opendirSync', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    return session === undefined || !isPath(args[0]) ? now?.(...args) : askNow(session, request('node:fs.opendirSync', args));
  });
  patcher.replace(fs, 'opendir', 'own', (...args: unknown[]): void => {
    const session = patcher.session();
    const at = callbackAt(args);
    if (session === undefined || at < 1 || !isPath(args[0])) return void later?.(...args);
    askBack(session, request('node:fs.opendir', args.slice(0, at)), tell(args[at] as FsFunction));
    return undefined;
  });
  patcher.replace(fs.promises, 'opendir', 'own', async (...args: unknown[]): Promise<unknown> => {
    const session = patcher.session();
    if (session === undefined || !isPath(args[0])) return await promised?.(...args);
    return await askLater(session, request('node:fs/promises.opendir', args));
  });
}

// fs.watch: Node's watcher without a handle, fed by a real one outside. After a crash the path is watched again, and what is not as the program
// was told last is told to it; where that would be too much to look at, it is said.
import { EventEmitter } from 'node:events';
import type fs from 'node:fs';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FunctionKinds } from '../../../../replay/kinds/function-kinds.ts';
import type { Conversation } from '../../../../replay/objects/conversation.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import { markClass } from '../../../puppets/mark.ts';
import { real } from '../real-fs.ts';
import { missedNote } from './missed.ts';
import { look, markIn, missed, parseSeen, type Seen } from './seen.ts';

interface WatchOptions {
  readonly persistent?: boolean;
  readonly recursive?: boolean;
  readonly encoding?: string;
  readonly signal?: AbortSignal;
}

/** The watcher of a program. */
export class SessionWatcher extends EventEmitter {
  readonly #path: unknown;
  readonly #options: WatchOptions;
  readonly #object: Conversation;
  readonly #session: Session;
  #native: fs.FSWatcher | undefined;
  #isClosed = false;
  /** What the program knows, up to the last event that it was given. */
  #seen: Map<string, string> | undefined;

  /** @throws what Node throws for a path that cannot be watched */
  constructor(session: Session, path: unknown, { signal, ...options }: WatchOptions) {
    super();
    this.#session = session;
    this.#path = path;
    this.#options = options;
    this.#object = session.world.conversation({
      shown: `watcher of ${String(path)}`,
      half: {
        take: (name, value) => this.#take(name, value),
        wake: () => this.#wake(),
        isListener: true,
        dispose: () => this.#native?.close(),
      },
    });
    if (options.persistent === false) this.#object.setRef(false);
    const { refusal, seen } = this.#object.openNow('node:fs.watch', [path, options], () => {
      const why = this.#open();
      return why === undefined ? { seen: this.#look() } : { refusal: why };
    }) as { readonly refusal?: Error; readonly seen?: unknown };
    if (refusal !== undefined) {
      this.#isClosed = true;
      this.#object.over();
      throw refusal;
    }
    this.#seen = parseSeen(seen);
    if (signal?.aborted === true) process.nextTick(() => this.close());
    else signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Gives why it cannot be watched. */
  #open(): unknown {
    try {
      const native = real.watch(this.#path as string, this.#options as fs.WatchOptionsWithStringEncoding);
      native.on('change', (type, name) => this.#arrive(type, name));
      native.on('error', (error) => this.#object.arrive('error', error));
      this.#native = native;
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #wake(): undefined {
    // The program closed it, in a process that is gone.
    if (this.#isClosed) return;
    const refusal = this.#open();
    if (refusal !== undefined) return this.#object.arrive('error', refusal) as undefined;
    const now = this.#seen === undefined ? undefined : this.#look();
    if (this.#seen === undefined || now === undefined) this.#session.world.note(missedNote(this.#path));
    else
      for (const [type, name] of missed(this.#seen, now))
        this.#arrive(type, this.#options.encoding === 'buffer' ? Buffer.from(name) : name);
  }

  get #file(): string {
    const given = this.#path;
    return given instanceof URL ? fileURLToPath(given) : String(given);
  }

  #look(): Seen | undefined {
    return look(this.#file, this.#options.recursive === true);
  }

  #arrive(type: string, name: string | Buffer | null): void {
    this.#object.arrive('change', [type, name, name === null ? undefined : markIn(this.#file, String(name))]);
  }

  #take(name: string, value: unknown): void {
    if (this.#isClosed) return;
    if (name === 'error') {
      this.#end();
      this.emit('error', value);
      return;
    }
    const [type, file, mark] = value as [string, string | Buffer | null, string?];
    if (file !== null) {
      if (mark === undefined) this.#seen?.delete(String(file));
      else this.#seen?.set(String(file), mark);
    }
    this.emit('change', type, file);
  }

  #end(): void {
    this.#isClosed = true;
    this.#object.over();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#object.effect('close', 0, () => this.#native?.close());
    this.#isClosed = true;
    this.#object.setRef(false);
    process.nextTick(() => this.emit('close'));
  }

  ref(): this {
    if (!this.#isClosed) this.#object.setRef(true);
    return this;
  }

  unref(): this {
    this.#object.setRef(false);
    return this;
  }
}

Object.defineProperty(SessionWatcher, 'name', { value: 'FSWatcher', configurable: true });

/** Makes the watchers of sessions instances of Node's class, which is exported nowhere, and says what their methods are. */
export function prepareWatchers(kinds: FunctionKinds): void {
  markClass(kinds, SessionWatcher);
  try {
    const probe = real.watch(devNull);
    Object.setPrototypeOf(SessionWatcher.prototype, Object.getPrototypeOf(probe) as object);
    probe.close();
  } catch {
    // This machine watches nothing. A watcher of a session is an emitter then, and opening one says why.
  }
}

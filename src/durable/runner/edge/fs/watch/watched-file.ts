// fs.watchFile: one watcher for all listeners of a path in a session, as in Node.
import { EventEmitter } from 'node:events';
import path from 'node:path';
import type fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Conversation } from '../../../../replay/objects/conversation.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import { real } from '../real-fs.ts';
import { missedNote } from './missed.ts';

interface Options {
  readonly persistent?: boolean | undefined;
  readonly interval?: number | undefined;
  readonly bigint?: boolean | undefined;
}

/** What `watchFile` gives. */
export class SessionStatWatcher extends EventEmitter {
  readonly #object: Conversation;
  readonly #file: string;
  readonly #options: Options;
  readonly #session: Session;
  #isOver = false;
  /** The file as the program knows it. */
  #last: fs.Stats | undefined;
  readonly #heard = (current: fs.Stats, previous: fs.Stats): void => this.#object.arrive('change', [current, previous]);

  constructor(session: Session, file: string, options: Options) {
    super();
    this.#session = session;
    this.#file = file;
    this.#options = options;
    this.#object = session.world.conversation({
      shown: `watcher of ${file}`,
      half: {
        take: (_name, value) => this.#take(value as [fs.Stats, fs.Stats]),
        wake: () => this.#wake(),
        isListener: true,
        dispose: () => real.unwatchFile(file, this.#heard),
      },
    });
    if (options.persistent === false) this.#object.setRef(false);
    const seen = this.#object.openNow('node:fs.watchFile', [file, options], () => {
      this.#open();
      return this.#look();
    });
    this.#last = seen as fs.Stats | undefined;
  }

  /** Undefined when nothing is to be seen. */
  #look(): fs.Stats | undefined {
    try {
      return real.statSync(this.#file, { bigint: this.#options.bigint === true }) as fs.Stats;
    } catch {
      return undefined;
    }
  }

  #open(): void {
    real.watchFile(this.#file, this.#options as fs.WatchFileOptions & { bigint?: false }, this.#heard);
  }

  #wake(): undefined {
    // The program ended it, in a process that is gone.
    if (this.#isOver) return;
    this.#open();
    const [was, is] = [this.#last, this.#look()];
    if (was === undefined || is === undefined) this.#session.world.note(missedNote(this.#file));
    else if (was.mtimeMs !== is.mtimeMs || was.size !== is.size || was.ino !== is.ino) this.#heard(is, was);
  }

  #take(stats: readonly [current: fs.Stats, previous: fs.Stats]): void {
    [this.#last] = stats;
    this.emit('change', ...stats);
  }

  /** Nobody listens any more. */
  end(): void {
    this.#isOver = true;
    this.#object.effect('close', 0, () => real.unwatchFile(this.#file, this.#heard));
    this.#object.setRef(false);
    this.removeAllListeners();
  }

  ref(): this {
    this.#object.setRef(true);
    return this;
  }

  unref(): this {
    this.#object.setRef(false);
    return this;
  }
}

Object.defineProperty(SessionStatWatcher, 'name', { value: 'StatWatcher', configurable: true });

type Listener = (current: fs.Stats, previous: fs.Stats) => void;
const bySession = new WeakMap<Session, Map<string, SessionStatWatcher>>();

function watchersOf(session: Session): Map<string, SessionStatWatcher> {
  const known = bySession.get(session) ?? new Map<string, SessionStatWatcher>();
  bySession.set(session, known);
  return known;
}

const absolute = (session: Session, file: unknown): string =>
  path.resolve(session.folder, file instanceof URL ? fileURLToPath(file) : String(file));

/** Adds a listener. */
export function watchFile(session: Session, given: unknown, options: Options, listener: Listener): SessionStatWatcher {
  const file = absolute(session, given);
  const known = watchersOf(session);
  const watcher = known.get(file) ?? new SessionStatWatcher(session, file, options);
  known.set(file, watcher);
  watcher.on('change', listener);
  return watcher;
}

/** Takes a listener away, or all. */
export function unwatchFile(session: Session, given: unknown, listener: Listener | undefined): void {
  const file = absolute(session, given);
  const known = watchersOf(session);
  const watcher = known.get(file);
  if (watcher === undefined) return;
  if (listener === undefined) watcher.removeAllListeners('change');
  else watcher.removeListener('change', listener);
  if (watcher.listenerCount('change') > 0) return;
  known.delete(file);
  watcher.end();
}

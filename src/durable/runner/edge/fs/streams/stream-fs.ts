// The `fs` of one stream: the patched functions, called with the place where the program made the stream. It knows what is under way.
import fs from 'node:fs';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { FsFunction } from '../real-fs.ts';
import { callbackAt } from '../request.ts';

type Table = Readonly<Record<string, FsFunction>>;

/** Takes part in a read before it is made. @returns false when the read is to be made as it is */
export type Intercept = (args: readonly unknown[]) => boolean;

/** What one stream calls. */
export class StreamFs {
  /** Given to Node's stream as its option `fs`. */
  readonly functions: Table;
  readonly #session: Session;
  readonly #at: Session['hook']['at'];
  #pending = 0;
  #waiting: (() => void)[] = [];
  /** Asked before each read. */
  beforeRead: Intercept | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#at = session.hook.at;
    const names = ['open', 'close', 'read', 'write', 'writev', 'fsync'] as const;
    this.functions = Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => this.#call(name, args)]));
  }

  #call(name: 'open' | 'close' | 'read' | 'write' | 'writev' | 'fsync', args: unknown[]): void {
    if (name === 'read' && this.beforeRead?.(args) === true) return;
    const at = callbackAt(args);
    const callback = args[at] as FsFunction;
    this.#pending++;
    const done = (...given: unknown[]): void => {
      this.#pending--;
      callback(...given);
      if (this.#pending === 0) for (const run of this.#waiting.splice(0)) run();
    };
    this.here(() => void Reflect.apply(fs[name], fs, args.with(at, done)));
  }

  /** Runs `run` as a call at the place where the stream was made. */
  here(run: () => void): void {
    const { hook } = this.#session;
    const saved = hook.at;
    hook.at = this.#at;
    try {
      run();
    } finally {
      hook.at = saved;
    }
  }

  /** Whether nothing of this stream is under way. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** Runs `run` as soon as nothing is under way. */
  whenIdle(run: () => void): void {
    if (this.isIdle) run();
    else this.#waiting.push(run);
  }
}

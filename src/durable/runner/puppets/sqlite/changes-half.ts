// A session of node:sqlite: it collects changes in its connection, so it goes with it.
import type { Connection } from './connection.ts';
import { NativeChanges } from './natives.ts';

interface Native {
  changeset(): Uint8Array;
  patchset(): Uint8Array;
  close(): void;
}

/** How the objects of the program are known. */
export const changes: WeakMap<object, ChangesHalf> = new WeakMap();

/** One session of changes. */
export class ChangesHalf {
  readonly #db: Connection;
  #handle: Native | undefined;

  constructor(db: Connection, args: readonly unknown[]) {
    this.#db = db;
    db.leave('DatabaseSync.createSession', args, false, (native) => {
      this.#handle = Reflect.apply(native.createSession as (...args: unknown[]) => Native, native, [...args]);
    });
  }

  #leave<T>(method: string, run: (native: Native) => T): T {
    return this.#db.leave(`Session.${method}`, [], false, () => {
      if (this.#handle === undefined) throw this.#db.lostError('a session of changes', 'what it had collected was in memory');
      return run(this.#handle);
    });
  }

  changeset(): Uint8Array {
    return this.#leave('changeset', (native) => native.changeset());
  }

  patchset(): Uint8Array {
    return this.#leave('patchset', (native) => native.patchset());
  }

  close(): void {
    this.#leave('close', (native) => native.close());
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What `createSession` gives to a program. */
export function newChanges(db: Connection, args: readonly unknown[]): object {
  const half = new ChangesHalf(db, args);
  const shell = Object.create(NativeChanges.prototype) as object;
  changes.set(shell, half);
  return shell;
}

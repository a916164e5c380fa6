// watch, promises.watch, watchFile and unwatchFile.
import fs from 'node:fs';
import type { Session } from '../../../../replay/session/session-api.ts';
import { markClass } from '../../../puppets/mark.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { abortError } from '../aborts.ts';
import { realFs, realPromises, type FsFunction } from '../real-fs.ts';
import { isPath } from '../refused.ts';
import { SessionStatWatcher, unwatchFile, watchFile } from './watched-file.ts';
import { SessionWatcher, prepareWatchers } from './watcher.ts';

const isFunction = (value: unknown): value is FsFunction => typeof value === 'function';
const optionsOf = (value: unknown): Record<string, unknown> => {
  if (typeof value === 'string') return { encoding: value };
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

/** A change as `promises.watch` gives it. */
interface Change {
  readonly eventType: string;
  readonly filename: string | Buffer | null;
}

/** What a watcher said and nobody has taken yet. */
class Changes {
  readonly #waiting: Change[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(watcher: SessionWatcher, signal: AbortSignal | undefined) {
    watcher.on('change', (eventType: string, filename: string | Buffer | null) => {
      this.#waiting.push({ eventType, filename });
      this.#wake?.();
    });
    watcher.on('error', (error: unknown) => this.#fail(error));
    signal?.addEventListener('abort', () => this.#fail(abortError(signal)), { once: true });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** The next one. @throws what ended it */
  async next(): Promise<Change> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const change = this.#waiting.shift();
      if (change !== undefined) return change;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

async function* changesOf(session: Session, path: unknown, { signal, ...options }: Record<string, unknown>): AsyncGenerator<Change> {
  const given = signal instanceof AbortSignal ? signal : undefined;
  if (given?.aborted === true) throw abortError(given);
  const watcher = new SessionWatcher(session, path, options);
  const changes = new Changes(watcher, given);
  try {
    for (;;) yield await changes.next();
  } finally {
    watcher.close();
  }
}

/** Patches them. */
export function patchWatchers(patcher: Patcher): void {
  prepareWatchers(patcher.realm.kinds);
  markClass(patcher.realm.kinds, SessionStatWatcher);
  const watch = realFs('watch');
  const promised = realPromises('watch');
  const watchOne = realFs('watchFile');
  const unwatch = realFs('unwatchFile');
  patcher.replace(fs, 'watch', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    if (session === undefined || !isPath(args[0])) return watch?.(...args);
    const listener = args.find(isFunction);
    const watcher = new SessionWatcher(session, args[0], optionsOf(args[1]));
    if (listener !== undefined) watcher.on('change', listener);
    return watcher;
  });
  patcher.replace(fs.promises, 'watch', 'own', (path: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    return session === undefined || !isPath(path) ? promised?.(path, options) : changesOf(session, path, optionsOf(options));
  });
  patcher.replace(fs, 'watchFile', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    const listener = args.find(isFunction);
    if (session === undefined || listener === undefined || !isPath(args[0])) return watchOne?.(...args);
    return watchFile(session, args[0], optionsOf(args[1]), listener);
  });
  patcher.replace(fs, 'unwatchFile', 'own', (path: unknown, listener?: unknown): unknown => {
    const session = patcher.session();
    if (session === undefined || !isPath(path)) return unwatch?.(path, listener);
    return unwatchFile(session, path, isFunction(listener) ? listener : undefined);
  });
}

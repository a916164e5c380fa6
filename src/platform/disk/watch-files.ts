// Looks after files and folders: says once that something below them has changed, when it has been quiet for a moment.
import { watch, type FSWatcher } from 'node:fs';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';

/** Editors and compilers write in several steps. */
const QUIET_MS = 200;

/** What others write into for themselves: version control, packages, stores of sessions. */
const NOT_MEANT = /(?:^|[/\\])(?:\.git|node_modules|\.resprout)(?:[/\\]|$)/;

export interface WatchedFiles {
  close(): void;
}

/**
 * Watches files, and folders with all that is below them, until `close`. Packages, version control and stores below them are left out.
 *
 * @param onChange called once, 200 ms after the last of the changes
 * @param onFailed called once when something cannot be watched: it is not there, or the system has no watches left
 */
export function watchFiles(
  paths: readonly string[],
  { clock, onChange, onFailed }: { readonly clock: Clock; onChange(): void; onFailed(error: Error): void },
): WatchedFiles {
  const watchers: FSWatcher[] = [];
  let quiet: TimerHandle | undefined;
  let isOver = false;
  const close = (): void => {
    isOver = true;
    quiet?.clear();
    for (const watcher of watchers) watcher.close();
  };
  const over = (tell: () => void): void => {
    if (isOver) return;
    close();
    tell();
  };
  const changed = (name: string | null): void => {
    if (isOver || (name !== null && NOT_MEANT.test(name))) return;
    quiet?.clear();
    quiet = clock.after(QUIET_MS, () => over(onChange));
  };
  try {
    for (const path of paths) {
      const watcher = watch(path, { recursive: true, persistent: false }, (_kind, name) => changed(name));
      watcher.on('error', (error: Error) => over(() => onFailed(error)));
      watchers.push(watcher);
    }
  } catch (error) {
    // Not before the caller has what it closes.
    void Promise.resolve().then(() => over(() => onFailed(error as Error)));
  }
  return { close };
}

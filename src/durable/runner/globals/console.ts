import type { Patcher } from './patch.ts';

/**
 * Console output of a program is shown once: what it says while its history is replayed was shown by the process that recorded it.
 * Counters, groups and timers of the console keep working, since they are kept by the methods that are passed through.
 */
export function patchConsole(patcher: Patcher): void {
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'dirxml', 'table', 'trace'] as const) {
    const original = console[name].bind(console) as (...args: unknown[]) => void;
    patcher.replace(console, name, 'language', (...args: unknown[]): void => {
      const session = patcher.session();
      if (session?.replaying !== true) original(...args);
    });
  }
}

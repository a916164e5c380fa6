import type { RunControl } from '../../worker/index.ts';
import type { Terminal } from '../terminal.ts';

const PARKING = ['SIGTERM', 'SIGHUP'] as const;
/** A program may listen for these; otherwise they do nothing. */
const GIVEN = ['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'] as const;

/** Parks the runs on ^C and its like, unless the program wants ^C; the second time at once. Dispose it when the runs are over. */
export function parkOnSignals(controls: readonly RunControl[], { ending }: Pick<Terminal, 'ending'>): Disposable {
  const park = (): void => {
    ending.abort();
    for (const control of controls) control.park();
  };
  const interrupt = (): void => {
    for (const control of controls) control.interrupt();
  };
  const give = (name: NodeJS.Signals): void => {
    for (const control of controls) control.signal(name);
  };
  process.on('SIGINT', interrupt);
  for (const signal of PARKING) process.on(signal, park);
  for (const signal of GIVEN) process.on(signal, give);
  return {
    [Symbol.dispose]() {
      process.off('SIGINT', interrupt);
      for (const signal of PARKING) process.off(signal, park);
      for (const signal of GIVEN) process.off(signal, give);
    },
  };
}

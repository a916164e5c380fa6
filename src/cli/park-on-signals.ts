import type { RunControl } from '../worker/index.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Parks the runs on ^C and its like; the second time at once. Dispose it when the runs are over. */
export function parkOnSignals(controls: readonly RunControl[]): Disposable {
  const park = (): void => {
    for (const control of controls) control.park();
  };
  for (const signal of SIGNALS) process.on(signal, park);
  return {
    [Symbol.dispose]() {
      for (const signal of SIGNALS) process.off(signal, park);
    },
  };
}

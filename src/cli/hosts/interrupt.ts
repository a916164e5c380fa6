import { ResproutError } from '../../base/errors/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first signal that asks for the end into an abort; the next one ends the process as if nobody had listened, and its contexts with it. */
export function interruptible(what: string): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const off = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    off();
    controller.abort(new ResproutError('REMOTE_CALL_ABORTED', `the call was interrupted by ${signal}`, { tried: what }));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, [Symbol.dispose]: off };
}

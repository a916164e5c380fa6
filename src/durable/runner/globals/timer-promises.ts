// node:timers/promises and scheduler, as Node writes them, over the timers of a session.
import timersPromises from 'node:timers/promises';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from './patch.ts';
import { real } from './real.ts';
import { Immediate, Timeout, delayMs } from './timer-handles.ts';

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ref?: boolean | undefined;
}

/** As Node's own, which is not exported. */
class AbortError extends Error {
  readonly code = 'ABORT_ERR';
  override name = 'AbortError';

  constructor(signal: AbortSignal | undefined) {
    super('The operation was aborted', { cause: signal?.reason as unknown });
  }
}

interface Handle {
  unref(): unknown;
}

/** What of `options` Node refuses, it refuses in its own words. */
function isUsable(options: unknown): options is WaitOptions | undefined {
  if (options === undefined) return true;
  if (typeof options !== 'object' || options === null) return false;
  const { signal, ref } = options as WaitOptions;
  return (signal === undefined || signal instanceof AbortSignal) && (ref === undefined || typeof ref === 'boolean');
}

const isDelay = (ms: unknown): boolean => ms === undefined || typeof ms === 'number';

/** Resolves with `value` when `start` calls back; rejects when the signal aborts first. */
function wait(
  start: (fire: () => void) => { readonly handle: Handle; stop(): void },
  value: unknown,
  options: WaitOptions = {},
): Promise<unknown> {
  const { signal, ref } = options;
  if (signal?.aborted === true) return Promise.reject(new AbortError(signal));
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      stop();
      reject(new AbortError(signal));
    };
    const { handle, stop } = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (ref === false) handle.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

async function* ticks(session: Session, ms: unknown, value: unknown, { signal, ref }: WaitOptions): AsyncGenerator {
  if (signal?.aborted === true) throw new AbortError(signal);
  let waiting = 0;
  let wake: (() => void) | undefined;
  const interval = new Timeout(
    session,
    delayMs(ms),
    () => {
      waiting++;
      wake?.();
      wake = undefined;
    },
    [],
    true,
  );
  if (ref === false) interval.unref();
  const onAbort = (): void => {
    interval.close();
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!isAborted(signal)) {
      if (waiting === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      for (; waiting > 0; waiting--) yield value;
    }
    throw new AbortError(signal);
  } finally {
    interval.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Waits of a program are durable. */
export function patchTimerPromises(patcher: Patcher): void {
  patcher.replace(timersPromises, 'setTimeout', 'own', (ms?: unknown, value?: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    if (session === undefined || !isDelay(ms) || !isUsable(options))
      return Reflect.apply(real.promises.setTimeout, timersPromises, [ms as number, value, options as never]);
    return wait(
      (fire) => {
        const handle = new Timeout(session, delayMs(ms), fire, [], false);
        return { handle, stop: () => void handle.close() };
      },
      value,
      options,
    );
  });
  patcher.replace(timersPromises, 'setImmediate', 'own', (value?: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    if (session === undefined || !isUsable(options))
      return Reflect.apply(real.promises.setImmediate, timersPromises, [value, options as never]);
    return wait(
      (fire) => {
        const handle = new Immediate(session, fire, []);
        return { handle, stop: () => Immediate.close(handle) };
      },
      value,
      options,
    );
  });
  patcher.replace(timersPromises, 'setInterval', 'own', (ms?: unknown, value?: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    if (session === undefined || !isDelay(ms) || !isUsable(options))
      return Reflect.apply(real.promises.setInterval, timersPromises, [ms as number, value, options as never]);
    return ticks(session, ms, value, options ?? {});
  });
  const { scheduler } = timersPromises;
  patcher.replace(scheduler, 'wait', 'own', (ms: unknown, options?: unknown): unknown =>
    timersPromises.setTimeout(ms as number, undefined, options as never),
  );
  patcher.replace(scheduler, 'yield', 'own', (): unknown => timersPromises.setImmediate());
}

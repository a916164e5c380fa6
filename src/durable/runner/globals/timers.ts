// setTimeout and its kin, in `globalThis`, node:timers and node:timers/promises, and AbortSignal.timeout.
import nodeTimers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from './patch.ts';
import { real } from './real.ts';
import { DurableImmediate, DurableTimer, delayMs } from './timer-handles.ts';

type Callback = (...args: unknown[]) => void;
const isCallback = (value: unknown): value is Callback => typeof value === 'function';

/** Timers by their number, for `clearTimeout(Number(timer))`. Entries go when they are cleared; a session has few that nobody clears. */
type ByNumber = WeakMap<Session, Map<number, DurableTimer>>;

function callbackTimers(patcher: Patcher, byNumber: ByNumber): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  const set =
    (original: (...args: never) => unknown, isRepeated: boolean) =>
    (callback: unknown, ms?: unknown, ...args: unknown[]): unknown => {
      const session = patcher.session();
      if (isCallback(callback) && patcher.loadsInline()) return neverFires();
      if (session === undefined || !isCallback(callback)) return Reflect.apply(original, globalThis, [callback, ms, ...args] as never);
      const timer = new DurableTimer(session, delayMs(ms), callback, args, isRepeated);
      numbersOf(byNumber, session).set(timer[Symbol.toPrimitive](), timer);
      return timer;
    };
  const clear =
    (original: (handle: never) => void) =>
    (handle: unknown): void => {
      const session = patcher.session();
      if (handle instanceof DurableTimer || handle instanceof DurableImmediate) handle.close();
      else if (session !== undefined && (typeof handle === 'number' || typeof handle === 'string'))
        numbersOf(byNumber, session).get(Number(handle))?.close();
      else original(handle as never);
    };
  return {
    setTimeout: set(real.setTimeout as never, false),
    setInterval: set(real.setInterval as never, true),
    setImmediate: (callback: unknown, ...args: unknown[]): unknown => {
      const session = patcher.session();
      if (session === undefined || !isCallback(callback)) return Reflect.apply(real.setImmediate, globalThis, [callback, ...args] as never);
      return new DurableImmediate(session, callback, args);
    },
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
    clearImmediate: clear(real.clearImmediate),
  };
}

const LONGEST_MS = 2 ** 31 - 1;

/** The timer of a package that runs inline and loads: a timer of Node's that nothing waits for. */
const neverFires = (): NodeJS.Timeout => real.setTimeout(() => undefined, LONGEST_MS).unref();

function numbersOf(byNumber: ByNumber, session: Session): Map<number, DurableTimer> {
  const known = byNumber.get(session) ?? new Map<number, DurableTimer>();
  byNumber.set(session, known);
  return known;
}

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Resolves with `value` when `start` calls back; rejects when the signal aborts first. */
function wait(start: (fire: () => void) => () => void, value: unknown, { signal }: WaitOptions = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const aborted = (): Error =>
      Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), { name: 'AbortError', code: 'ABORT_ERR' });
    if (signal?.aborted === true) return reject(aborted());
    const onAbort = (): void => {
      stop();
      reject(aborted());
    };
    const stop = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    return undefined;
  });
}

function promiseTimers(patcher: Patcher): void {
  const onTimer =
    (session: Session, ms: unknown) =>
    (fire: () => void): (() => void) => {
      const timer = session.world.timer(delayMs(ms));
      timer.fired.then(fire, () => undefined);
      return () => timer.clear();
    };
  patcher.replace(timersPromises, 'setTimeout', 'own', (ms?: unknown, value?: unknown, options?: WaitOptions): unknown => {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(real.promises.setTimeout, timersPromises, [ms as number, value, options as never]);
    return wait(onTimer(session, ms), value, options);
  });
  patcher.replace(timersPromises, 'setImmediate', 'own', (value?: unknown, options?: WaitOptions): unknown => {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(real.promises.setImmediate, timersPromises, [value, options as never]);
    return wait((fire) => session.world.immediate(fire), value, options);
  });
  patcher.replace(timersPromises, 'setInterval', 'own', (ms?: unknown, value?: unknown, options?: WaitOptions): unknown => {
    const session = patcher.session();
    if (session === undefined) return Reflect.apply(real.promises.setInterval, timersPromises, [ms as number, value, options as never]);
    return ticks(() => wait(onTimer(session, ms), value, options));
  });
  const { scheduler } = timersPromises;
  patcher.replace(scheduler, 'wait', 'own', (ms: unknown, options?: WaitOptions): unknown =>
    timersPromises.setTimeout(ms as number, undefined, options as never),
  );
  patcher.replace(scheduler, 'yield', 'own', (): unknown => timersPromises.setImmediate());
}

async function* ticks(next: () => Promise<unknown>): AsyncGenerator {
  for (;;) yield await next();
}

/** Timers of sessions are durable; those of activities and of the host are Node's own. */
export function patchTimers(patcher: Patcher): void {
  const patched = callbackTimers(patcher, new WeakMap());
  for (const holder of [globalThis, nodeTimers]) for (const [name, fn] of Object.entries(patched)) patcher.replace(holder, name, 'own', fn);
  promiseTimers(patcher);
  patcher.replace(AbortSignal, 'timeout', 'own', (ms: number): AbortSignal => {
    const session = patcher.session();
    if (session === undefined) return real.abortTimeout.call(AbortSignal, ms);
    const controller = new AbortController();
    const abort = (): void => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    session.world.timer(delayMs(ms)).fired.then(abort, () => undefined);
    return controller.signal;
  });
  syncBuiltinESMExports();
}

// setTimeout and its kin, in `globalThis` and node:timers, and AbortSignal.timeout. Timers that a package sets while it loads are those of the
// process: they hold nothing, and what they do is not recorded.
import nodeTimers from 'node:timers';
import { syncBuiltinESMExports } from 'node:module';
import { markClass } from '../puppets/mark.ts';
import type { Patcher } from './patch.ts';
import { real } from './real.ts';
import { Immediate, Timeout, delayMs, timeoutOfNumber, warnOfDelay } from './timer-handles.ts';
import { patchTimerPromises } from './timer-promises.ts';

type Callback = (...args: unknown[]) => void;
const isCallback = (value: unknown): value is Callback => typeof value === 'function';

function callbackTimers(patcher: Patcher): Readonly<Record<string, (...args: unknown[]) => unknown>> {
  const set =
    (original: (...args: never) => { unref?: () => unknown }, isRepeated: boolean) =>
    (callback: unknown, ms?: unknown, ...args: unknown[]): unknown => {
      const session = patcher.session();
      if (isCallback(callback) && patcher.loadsInline()) return neverFires();
      // What is no function, the original refuses in its own words.
      if (session === undefined || !isCallback(callback)) {
        const timer = Reflect.apply(original, globalThis, [callback, ms, ...args] as never) as { unref?: () => unknown };
        if (patcher.realm.context.current()?.kind === 'load') timer.unref?.();
        return timer;
      }
      warnOfDelay(session, ms);
      return new Timeout(session, delayMs(ms), callback, args, isRepeated);
    };
  const clear =
    (original: (handle: never) => void) =>
    (handle: unknown): void => {
      const session = patcher.session();
      if (handle instanceof Timeout) handle.close();
      else if (session !== undefined && (typeof handle === 'number' || typeof handle === 'string'))
        timeoutOfNumber(session, Number(handle))?.close();
      else if (!(handle instanceof Immediate)) original(handle as never);
    };
  return {
    setTimeout: set(real.setTimeout as never, false),
    setInterval: set(real.setInterval as never, true),
    setImmediate: (callback: unknown, ...args: unknown[]): unknown => {
      const session = patcher.session();
      if (session === undefined || !isCallback(callback)) return Reflect.apply(real.setImmediate, globalThis, [callback, ...args] as never);
      return new Immediate(session, callback, args);
    },
    clearTimeout: clear(real.clearTimeout),
    clearInterval: clear(real.clearInterval),
    clearImmediate: (handle: unknown): void => {
      if (handle instanceof Immediate) Immediate.close(handle);
      else if (!(handle instanceof Timeout)) real.clearImmediate(handle as never);
    },
  };
}

const LONGEST_MS = 2 ** 31 - 1;

/** The timer of a package that runs inline and loads: a timer of Node's that nothing waits for. */
const neverFires = (): NodeJS.Timeout => real.setTimeout(() => undefined, LONGEST_MS).unref();

/** Timers of sessions are durable; those of activities and of the host are Node's own. */
export function patchTimers(patcher: Patcher): void {
  markClass(patcher.realm.kinds, Timeout, ['refresh']);
  markClass(patcher.realm.kinds, Immediate);
  const patched = callbackTimers(patcher);
  for (const holder of [globalThis, nodeTimers]) for (const [name, fn] of Object.entries(patched)) patcher.replace(holder, name, 'own', fn);
  patchTimerPromises(patcher);
  patcher.replace(AbortSignal, 'timeout', 'own', (ms: number): AbortSignal => {
    const session = patcher.session();
    const isUsable = Number.isInteger(ms) && ms >= 0;
    if (session === undefined || !isUsable) return real.abortTimeout.call(AbortSignal, ms);
    const controller = new AbortController();
    const abort = (): void => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    session.world.timer(delayMs(ms), abort).setRef(false);
    return controller.signal;
  });
  syncBuiltinESMExports();
}

// What builtins tell of the machine and of the process: recorded where it is read.
import perfHooks from 'node:perf_hooks';
import v8 from 'node:v8';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';

type AnyFunction = (...args: unknown[]) => unknown;
const RealProxy = Proxy;

const V8_READS = [
  'getHeapStatistics',
  'getHeapSpaceStatistics',
  'getHeapCodeStatistics',
  'getCppHeapStatistics',
  'cachedDataVersionTag',
  'queryObjects',
] as const;

/** A function of no effect: its answer is recorded. */
function patchRead(patcher: Patcher, holder: object, name: string, fn: string, isEffect = false): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== 'function') return;
  patcher.replace(holder, name, 'own', function (this: unknown, ...args: unknown[]): unknown {
    const session = patcher.session();
    const read = (): unknown => Reflect.apply(original as AnyFunction, this, args) as unknown;
    // What is asked about (a constructor) is no data.
    const shown = args.map((arg) => (typeof arg === 'function' ? arg.name : arg));
    return session === undefined ? read() : session.world.callSync(fn, shown, isEffect, read);
  });
}

/** Says with a code that something has no form in a journal. */
function patchRefused(patcher: Patcher, holder: object, name: string, what: string): void {
  const original: unknown = Reflect.get(holder, name);
  if (typeof original !== 'function') return;
  patcher.replace(holder, name, 'own', function (this: unknown, ...args: unknown[]): unknown {
    if (patcher.session() === undefined) return Reflect.apply(original as AnyFunction, this, args) as unknown;
    throw new ResproutError('JOURNAL_VALUE_UNRECORDABLE', `the result of ${what} is not kept in a journal`, {
      tried: what,
      do: 'Call it inside activity(), and return what you need of it',
    });
  });
}

/** A histogram that the machine fills: its numbers are reads. */
function measured(patcher: Patcher, session: Session, histogram: object): object {
  const read = (key: string, run: () => unknown): unknown =>
    session.world.callSync(`node:perf_hooks.IntervalHistogram.${key}`, [], false, run);
  return new RealProxy(histogram, {
    get: (target, key) => {
      const value = (): unknown => Reflect.get(target, key, target) as unknown;
      if (typeof key !== 'string') return value();
      if (patcher.session() !== session) return value();
      const isMethod = typeof Reflect.get(Object.getPrototypeOf(target) as object, key, target) === 'function';
      if (!isMethod) return read(key, value);
      const changes = ['enable', 'disable', 'reset'].includes(key);
      const method = (...args: unknown[]): unknown => {
        const run = (): unknown => Reflect.apply(value() as AnyFunction, target, args);
        return changes ? run() : read(key, run);
      };
      patcher.realm.kinds.mark(method, 'own');
      return method;
    },
  });
}

function patchDelay(patcher: Patcher): void {
  const { monitorEventLoopDelay } = perfHooks;
  patcher.replace(perfHooks, 'monitorEventLoopDelay', 'own', (...args: Parameters<typeof monitorEventLoopDelay>): unknown => {
    const session = patcher.session();
    const histogram = monitorEventLoopDelay(...args);
    return session === undefined ? histogram : measured(patcher, session, histogram);
  });
}

/** Heap, event loop, histograms and reports in a session. */
export function patchMachineReads(patcher: Patcher): void {
  for (const name of V8_READS) patchRead(patcher, v8, name, `node:v8.${name}`);
  patchRead(patcher, v8, 'writeHeapSnapshot', 'node:v8.writeHeapSnapshot', true);
  for (const name of ['getHeapSnapshot', 'startCpuProfile', 'startHeapProfile']) patchRefused(patcher, v8, name, `v8.${name}()`);
  patchRead(patcher, perfHooks.performance, 'eventLoopUtilization', 'node:perf_hooks.performance.eventLoopUtilization');
  patchRead(patcher, perfHooks, 'eventLoopUtilization', 'node:perf_hooks.eventLoopUtilization');
  patchDelay(patcher);
  if (process.report === undefined) return;
  patchRead(patcher, process.report, 'getReport', 'node:process.report.getReport');
  patchRead(patcher, process.report, 'writeReport', 'node:process.report.writeReport', true);
}

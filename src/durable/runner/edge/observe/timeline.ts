// The timeline of `performance`: marks and measures are the program's own and run again. What Node measures (requests, lookups, connections, the
// collector, functions by `timerify`) happens outside or is other in every run: a program does not find it there. What it measured of its start is
// a read.
import { performance as nodePerformance, PerformanceObserver } from 'node:perf_hooks';
import type { Patcher } from '../../globals/patch.ts';

type AnyFunction = (...args: never) => unknown;

/** Kinds of entries that come of the program's own code alone. */
const OWN: ReadonlySet<string> = new Set(['mark', 'measure']);

function patchEntries(patcher: Patcher): void {
  for (const name of ['getEntries', 'getEntriesByName', 'getEntriesByType'] as const) {
    const original: AnyFunction = Performance.prototype[name];
    patcher.replace(Performance.prototype, name, 'language', function (this: Performance, ...args: never): unknown {
      const entries = Reflect.apply(original, this, args) as readonly PerformanceEntry[];
      return patcher.world() === undefined ? entries : entries.filter(({ entryType }) => OWN.has(entryType));
    });
  }
}

interface Observed {
  readonly entryTypes?: readonly string[];
  readonly type?: string;
}

function patchObserver(patcher: Patcher): void {
  const { observe } = PerformanceObserver.prototype;
  patcher.replace(PerformanceObserver.prototype, 'observe', 'language', function (this: PerformanceObserver, given?: Observed): unknown {
    const ask = (options: unknown): unknown => Reflect.apply(observe as AnyFunction, this, [options] as never);
    if (patcher.world() === undefined || typeof given !== 'object') return ask(given);
    const isOwn = (kind: unknown): boolean =>
      typeof kind !== 'string' || OWN.has(kind) || !PerformanceObserver.supportedEntryTypes.includes(kind as never);
    const { entryTypes, type } = given;
    if (Array.isArray(entryTypes)) {
      const own = entryTypes.filter(isOwn);
      return own.length === 0 && entryTypes.length > 0 ? undefined : ask({ ...given, entryTypes: own });
    }
    return isOwn(type) ? ask(given) : undefined;
  });
}

/** Where Node was at which time of its start, as of the process that asked first. */
function patchNodeTiming(patcher: Patcher): void {
  const property = Object.getOwnPropertyDescriptor(Performance.prototype, 'nodeTiming');
  const real: unknown = property?.value;
  if (property === undefined || typeof real !== 'object' || real === null) return;
  const read = (): object => JSON.parse(JSON.stringify(real)) as object;
  const nodeTiming = (): unknown => {
    const session = patcher.session();
    if (session === undefined) return real;
    const seen = session.world.callSync('node:perf_hooks.performance.nodeTiming', [], false, read);
    return Object.setPrototypeOf(seen, Object.getPrototypeOf(real) as object) as unknown;
  };
  patcher.realm.kinds.mark(nodeTiming, 'own');
  Object.defineProperty(Performance.prototype, 'nodeTiming', {
    configurable: true,
    enumerable: property.enumerable ?? false,
    get: nodeTiming,
  });
  const { toJSON } = Performance.prototype;
  patcher.replace(Performance.prototype, 'toJSON', 'language', function (this: Performance): unknown {
    if (patcher.session() === undefined) return Reflect.apply(toJSON, this, []) as unknown;
    const { timeOrigin } = nodePerformance;
    return { nodeTiming: nodePerformance.nodeTiming, timeOrigin, eventLoopUtilization: nodePerformance.eventLoopUtilization() };
  });
}

/** Entries, observers and the start of Node in a session. */
export function patchTimeline(patcher: Patcher): void {
  patchEntries(patcher);
  patchObserver(patcher);
  patchNodeTiming(patcher);
}

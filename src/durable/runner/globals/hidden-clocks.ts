// Where the language and Node look at the clock without `Date` or `performance.now`: formatting of nothing, Temporal, files, events, marks.
import { syncBuiltinESMExports } from 'node:module';
import nodeBuffer from 'node:buffer';
import type { Patcher } from './patch.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** `format()` and `formatToParts()` without a date show the session's time. `format` is a getter that gives a bound function. */
function patchIntl(patcher: Patcher): void {
  const { prototype } = Intl.DateTimeFormat;
  const property = Object.getOwnPropertyDescriptor(prototype, 'format');
  const formats = new WeakMap<object, AnyFunction>();
  const format = property?.get;
  if (format !== undefined)
    Object.defineProperty(prototype, 'format', {
      ...property,
      get(this: object): unknown {
        const bound = Reflect.apply(format, this, []) as AnyFunction;
        const known = formats.get(this);
        if (known !== undefined) return known;
        const patched = Object.defineProperty(
          (date: unknown) => bound(date ?? (date === undefined ? patcher.world()?.nowMs() : date)),
          'name',
          {
            value: '',
          },
        );
        patcher.realm.kinds.mark(patched, 'language');
        formats.set(this, patched);
        return patched;
      },
    });
  const { formatToParts } = prototype;
  patcher.replace(prototype, 'formatToParts', 'language', function (this: Intl.DateTimeFormat, date?: Date | number): unknown {
    return Reflect.apply(formatToParts, this, [date === undefined ? patcher.world()?.nowMs() : date]);
  });
}

interface TemporalLike {
  readonly Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): ZonedLike } };
  readonly Now: Record<string, unknown> & { timeZoneId(): string };
}

interface ZonedLike {
  toPlainDateTime(): unknown;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
}

/** Temporal.Now, where this Node has it. */
function patchTemporal(patcher: Patcher): void {
  const temporal = Reflect.get(globalThis, 'Temporal') as TemporalLike | undefined;
  if (temporal === undefined) return;
  const { Now, Instant } = temporal;
  const replace = (name: string, give: (zoned: (zone: unknown) => ZonedLike, zone: unknown, ms: number) => unknown): void => {
    const original = Now[name];
    if (typeof original !== 'function') return;
    patcher.replace(Now, name, 'language', (zone?: unknown): unknown => {
      const world = patcher.world();
      if (world === undefined) return Reflect.apply(original, Now, zone === undefined ? [] : [zone]) as unknown;
      const ms = world.nowMs();
      return give((of) => Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(of ?? Now.timeZoneId()), zone, ms);
    });
  };
  replace('instant', (_zoned, _zone, ms) => Instant.fromEpochMilliseconds(ms));
  replace('zonedDateTimeISO', (zoned, zone) => zoned(zone));
  replace('plainDateTimeISO', (zoned, zone) => zoned(zone).toPlainDateTime());
  replace('plainDateISO', (zoned, zone) => zoned(zone).toPlainDate());
  replace('plainTimeISO', (zoned, zone) => zoned(zone).toPlainTime());
}

/** The time of an event is that of its first look: Node makes events itself, and keeps the time where nobody can set it. */
function patchEvent(patcher: Patcher): void {
  const property = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp');
  const stamp = property?.get;
  if (stamp === undefined) return;
  const seen = new WeakMap<object, number>();
  Object.defineProperty(Event.prototype, 'timeStamp', {
    ...property,
    get(this: object): unknown {
      const world = patcher.world();
      const real: unknown = Reflect.apply(stamp, this, []);
      if (world === undefined) return real;
      const first = seen.get(this) ?? world.sinceStartMs();
      seen.set(this, first);
      return first;
    },
  });
}

/** A file without a time gets that of the session. */
function patchFile(patcher: Patcher): void {
  const { File: RealFile } = globalThis;
  const patched: typeof RealFile = new Proxy(RealFile, {
    construct(target, args: [unknown, unknown, FilePropertyBag?], newTarget): object {
      const world = patcher.world();
      const [, , options] = args;
      const isPlain = world !== undefined && (options === undefined || (typeof options === 'object' && options.lastModified === undefined));
      const given = isPlain ? [args[0], args[1], { ...options, lastModified: world.nowMs() }] : args;
      return Reflect.construct(target, args.length < 2 ? args : given, newTarget === patched ? target : newTarget) as object;
    },
  });
  patcher.realm.kinds.mark(patched, 'language');
  Object.defineProperty(RealFile.prototype, 'constructor', { value: patched, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'File', { value: patched, writable: true, configurable: true });
  Object.defineProperty(nodeBuffer, 'File', { value: patched, writable: true, enumerable: true, configurable: true });
}

/** Marks, measures and the origin of `performance`. */
function patchPerformance(patcher: Patcher): void {
  const { prototype } = Performance;
  const { mark, measure } = prototype;
  patcher.replace(
    prototype,
    'mark',
    'language',
    function (this: Performance, name: string, options?: { readonly startTime?: number; readonly detail?: unknown }): unknown {
      const world = patcher.world();
      if (world === undefined || options?.startTime !== undefined) return Reflect.apply(mark, this, [name, options]);
      return Reflect.apply(mark, this, [name, { ...options, startTime: world.sinceStartMs() }]);
    },
  );
  patcher.replace(prototype, 'measure', 'language', function (this: Performance, name: string, ...rest: unknown[]): unknown {
    const world = patcher.world();
    if (world === undefined) return Reflect.apply(measure, this, [name, ...rest] as never);
    const [from, to] = rest;
    if (typeof from === 'object' && from !== null) {
      const bag = from as { readonly end?: unknown; readonly duration?: unknown };
      const isOpen = bag.end === undefined && bag.duration === undefined;
      return Reflect.apply(measure, this, [name, isOpen ? { ...bag, end: world.sinceStartMs() } : bag]);
    }
    // A name of a mark that is not there, Node refuses.
    const start = from === undefined ? 0 : (from as string);
    return Reflect.apply(measure, this, [name, { start, end: to === undefined ? world.sinceStartMs() : (to as string) }]);
  });
  const origin = Object.getOwnPropertyDescriptor(prototype, 'timeOrigin');
  const real = origin?.get;
  if (real !== undefined)
    Object.defineProperty(prototype, 'timeOrigin', {
      ...origin,
      get(this: object): unknown {
        const world = patcher.world();
        return world === undefined ? Reflect.apply(real, this, []) : world.nowMs() - Math.floor(world.sinceStartMs());
      },
    });
}

/** Every place that shows the time shows that of the session. */
export function patchHiddenClocks(patcher: Patcher): void {
  patchIntl(patcher);
  patchTemporal(patcher);
  patchEvent(patcher);
  patchFile(patcher);
  patchPerformance(patcher);
  syncBuiltinESMExports();
}

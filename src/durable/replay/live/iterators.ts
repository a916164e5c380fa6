// Iterables from outside. Synchronous ones are read ahead in chunks, one event each, so that a loop over rows is never half-read in the
// journal; asynchronous ones are one event a step. Arrays and everything the program made itself are returned as they are.
import { siteOf, type CallSpec } from '../calls/call-spec.ts';
import { activityInfo } from '../session/activity-info.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { externalCall } from '../calls/external-call.ts';
import type { HookSite } from '../calls/hook-contract.ts';
import { classNameOf, type LiveInfo } from './live-objects.ts';
import { modeOf } from '../session/mode.ts';
import { isFunction, isObject, type AnyFunction } from '../kinds/value-checks.ts';

/** Items of one event. */
const CHUNK_ITEMS = 1000;
/** Chunks that are read before the program gets its first item. Longer sources, and endless ones, go on one chunk at a time. */
const CHUNKS_AHEAD = 64;

interface Source {
  readonly value: object;
  readonly key: typeof Symbol.iterator | typeof Symbol.asyncIterator;
  readonly info: LiveInfo | undefined;
}

/** The source behind `x` when it comes from outside and its steps are to be recorded. */
function outsideSource(parts: SessionParts, x: unknown, keys: readonly Source['key'][]): Source | undefined {
  if (!isObject(x) || Array.isArray(x)) return undefined;
  const { live, options } = parts;
  const info = live.of(x);
  const key = keys.find((one) => info?.isStandIn === true || isFunction(Reflect.get(x, one)));
  if (key === undefined) return undefined;
  if (info === undefined && options.realm.kinds.of(Reflect.get(x, key) as AnyFunction).how !== 'outside') return undefined;
  return modeOf(parts) === 'record' ? { value: x, key, info } : undefined;
}

interface Step {
  readonly done: boolean;
  readonly value: unknown;
}

const asStep = (result: unknown): Step => {
  if (!isObject(result)) throw new TypeError(`Iterator result ${String(result)} is not an object`);
  return { done: Boolean(Reflect.get(result, 'done')), value: Reflect.get(result, 'value') };
};

/** One reading of a source from its beginning. The iterator behind it is opened at the first step that is really made. */
class Reading {
  readonly #parts: SessionParts;
  readonly #site: HookSite;
  readonly #source: Source;
  readonly #info: LiveInfo;
  readonly #name: string;
  #iterator: object | undefined;

  constructor(parts: SessionParts, site: HookSite, source: Source) {
    this.#parts = parts;
    this.#site = site;
    this.#source = source;
    const className = source.info?.className ?? classNameOf(source.value);
    const module = source.info?.module ?? '';
    const about = { className, module, callId: source.info?.callId ?? -1, site: source.info?.site ?? siteOf(site) };
    this.#info = parts.live.adopt(this, {
      ...about,
      isStandIn: source.info?.isStandIn ?? false,
      reopen: source.info?.reopen,
    }) as LiveInfo;
    this.#name = `${module === '' ? '' : `${module}.`}${className}`;
  }

  /** Whether this process has opened the iterator. */
  get isOpen(): boolean {
    return this.#iterator !== undefined;
  }

  open(value: object): object {
    if (this.#iterator === undefined) {
      this.#iterator = Reflect.apply(Reflect.get(value, this.#source.key) as AnyFunction, value, []) as object;
      // From here on it is this process that reads.
      this.#info.answered = 0;
    }
    return this.#iterator;
  }

  /** Calls a method of the iterator; undefined when it has none. Inside an activity. */
  use(iterator: object, method: string, args: readonly unknown[]): unknown {
    const found: unknown = Reflect.get(iterator, method);
    return isFunction(found) ? Reflect.apply(found, iterator, [...args]) : undefined;
  }

  /** One recorded step. `make` gets the iterator when it asks for it. */
  step(name: string, how: Pick<CallSpec, 'mode' | 'step' | 'effect'>, make: (open: () => object) => unknown): unknown {
    const parts = this.#parts;
    return externalCall(parts, {
      ...how,
      fn: `${this.#name}.${name}`,
      site: siteOf(this.#site),
      args: [],
      awaited: how.mode === 'async',
      atMostOnce: false,
      liveAllowed: false,
      module: this.#info.module,
      channels: false,
      receiver: { value: this, info: this.#info, method: name, invoke: (real) => make(() => this.open(real)) },
      run: () => make(() => this.open(this.#source.value)),
    });
  }

  /** Tells the source that nobody reads on, when it was opened here. Not recorded: nothing waits for it. */
  leave(): void {
    const iterator = this.#iterator;
    if (iterator === undefined) return;
    const parts = this.#parts;
    parts.outside(activityInfo(parts, this.#info.callId), () => this.use(iterator, 'return', []));
  }
}

/** A synchronous source, read ahead. */
function* chunks(reading: Reading): Generator<unknown, void, undefined> {
  let given = 0;
  let skip = 0;
  let isOver = false;
  const read = (isFirst: boolean): readonly unknown[] => {
    const chunk = reading.step('next', { mode: 'sync', step: 'chunk', effect: isFirst }, (open) => {
      const iterator = open();
      // Opened again after a crash: what the journal holds is passed over.
      for (; skip > 0; skip--) if (asStep(reading.use(iterator, 'next', [])).done) break;
      const items: unknown[] = [];
      while (items.length < CHUNK_ITEMS) {
        const { done, value } = asStep(reading.use(iterator, 'next', []));
        if (done) return { items, end: true };
        items.push(value);
      }
      return { items, end: false };
    }) as { readonly items: readonly unknown[]; readonly end: boolean };
    isOver = chunk.end;
    given += chunk.items.length;
    if (!reading.isOpen) skip = given;
    return chunk.items;
  };
  let hasEnded = false;
  try {
    const ahead: unknown[] = [];
    for (let i = 0; i < CHUNKS_AHEAD && !isOver; i++) for (const item of read(i === 0)) ahead.push(item);
    yield* ahead;
    while (!isOver) yield* read(true);
    hasEnded = true;
  } finally {
    if (!hasEnded) reading.leave();
  }
}

/** What `for of`, spread and the like iterate instead of `x`. */
export function outsideIterable(parts: SessionParts, site: HookSite, x: unknown): unknown {
  const source = outsideSource(parts, x, [Symbol.iterator]);
  if (source === undefined) return x;
  return { [Symbol.iterator]: () => chunks(new Reading(parts, site, source)) };
}

/** What `yield*` delegates to: each step is an event, since values that are sent in must reach the source. */
export function outsideDelegate(parts: SessionParts, site: HookSite, x: unknown): unknown {
  const source = outsideSource(parts, x, [Symbol.iterator]);
  if (source === undefined) return x;
  const how = { mode: 'sync', step: 'single', effect: true } as const;
  return {
    [Symbol.iterator]: () => {
      const reading = new Reading(parts, site, source);
      return {
        next: (value: unknown) => reading.step('next', how, (open) => asStep(reading.use(open(), 'next', [value]))),
        return: (value: unknown) => {
          reading.leave();
          return { done: true, value };
        },
      };
    },
  };
}

/** What `for await` and `yield*` of an async generator iterate instead of `x`. */
export function outsideAsyncIterable(parts: SessionParts, site: HookSite, x: unknown): unknown {
  const source = outsideSource(parts, x, [Symbol.asyncIterator, Symbol.iterator]);
  if (source === undefined) return x;
  return {
    [Symbol.asyncIterator]: () => {
      const reading = new Reading(parts, site, source);
      return {
        next: (value: unknown) =>
          reading.step('next', { mode: 'async', step: 'single', effect: true }, async (open) => {
            const { done, value: item } = asStep(await reading.use(open(), 'next', [value]));
            return { done, value: await item };
          }),
        return: async (value: unknown) => {
          await reading.step('return', { mode: 'async', step: false, effect: true }, async (open) => {
            if (reading.isOpen) await reading.use(open(), 'return', []);
          });
          return { done: true, value };
        },
      };
    },
  };
}

// A hook that changes nothing: every call is made, every value is given back. What differs then is the transform's fault.
import type { Hook, HookSite, ImportFunction, SiteTables } from '../../../src/durable/replay/calls/hook-contract.ts';
import { requireIterable } from '../../../src/durable/replay/live/not-iterable.ts';

type Anything = (this: unknown, ...args: unknown[]) => unknown;

// What no program can call: with undefined here, calling undefined would look like a known function.
const EMPTY = Symbol('empty');

/** Calls like the real hook: by the cache of the site first, so that depth and speed can be measured with it. */
class InlineHook implements Hook {
  t: unknown;
  u: unknown;
  r: unknown;
  f: unknown;
  at: HookSite | undefined;
  last: HookSite | undefined;
  readonly #tables: SiteTables;

  constructor(tables: SiteTables) {
    this.#tables = tables;
  }

  sites(key: string): readonly HookSite[] {
    return this.#tables.siteInfos(key).map((info) => ({ info, f0: EMPTY, f1: EMPTY, f2: EMPTY, f3: EMPTY }));
  }

  c0(s: HookSite, o: unknown, f: unknown): unknown {
    return s.f0 === f ? (f as Anything).call(o) : first(s, o, f, []);
  }

  c1(s: HookSite, o: unknown, f: unknown, a: unknown): unknown {
    return s.f0 === f ? (f as Anything).call(o, a) : first(s, o, f, [a]);
  }

  c2(s: HookSite, o: unknown, f: unknown, a: unknown, b: unknown): unknown {
    return s.f0 === f ? (f as Anything).call(o, a, b) : first(s, o, f, [a, b]);
  }

  c3(s: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown): unknown {
    return s.f0 === f ? (f as Anything).call(o, a, b, c) : first(s, o, f, [a, b, c]);
  }

  c4(s: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
    return s.f0 === f ? (f as Anything).call(o, a, b, c, d) : first(s, o, f, [a, b, c, d]);
  }

  cn(s: HookSite, o: unknown, f: unknown, args: unknown[]): unknown {
    return first(s, o, f, args);
  }

  n(site: HookSite, C: unknown, args: unknown[]): unknown {
    // `new` of something that is callable and no constructor: construct says so in other words than the engine's `new`.
    if (!isConstructor(C)) throw new TypeError(`${site.info.label.slice('new '.length)} is not a constructor`);
    return Reflect.construct(C, args) as unknown;
  }

  tag(site: HookSite, o: unknown, f: unknown): (...args: unknown[]) => unknown {
    if (typeof f !== 'function') throw new TypeError(`${site.info.label} is not a function`);
    return (...args) => Reflect.apply(f, o, args) as unknown;
  }

  g(o: unknown, key: unknown): unknown {
    const value = (o as Record<PropertyKey, unknown>)[key as PropertyKey];
    this.r = o;
    this.f = value;
    return value;
  }

  o(o?: unknown, f?: unknown): unknown {
    this.r = o;
    this.f = f;
    return f;
  }

  i(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return x;
  }

  yi(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return x;
  }

  ai(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return x;
  }

  w(_: HookSite, x: unknown): unknown {
    return x;
  }

  ap(_: HookSite, o: unknown, key: unknown): unknown {
    return (o as Record<PropertyKey, unknown>)[key as PropertyKey];
  }

  imp(_: HookSite, load: ImportFunction, specifier: unknown, options?: unknown): Promise<unknown> {
    return load(specifier, options);
  }
}

function first(site: HookSite, receiver: unknown, fn: unknown, args: readonly unknown[]): unknown {
  if (typeof fn !== 'function') throw new TypeError(`${site.info.label} is not a function`);
  site.f0 = fn;
  return Reflect.apply(fn, receiver, args) as unknown;
}

// A function that constructs nothing: `Reflect.construct` looks whether its third argument is a constructor before it calls anything.
const nothing = function () {};

function isConstructor(value: unknown): value is new (...args: unknown[]) => unknown {
  try {
    Reflect.construct(nothing, [], value as new () => unknown);
    return true;
  } catch {
    return false;
  }
}

export function createInlineHook(tables: SiteTables): Hook {
  return new InlineHook(tables);
}

// What the transformed code of one session calls. The fast path of a call is four comparisons and the call itself.
import type { ImportFunction, Hook, HookSite, SiteInfo } from './hook-contract.ts';
import { siteOf } from './call-spec.ts';
import { Dispatch } from './dispatch.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Imports } from './imports.ts';
import { outsideAsyncIterable, outsideDelegate, outsideIterable } from '../live/iterators.ts';
import { requireIterable } from '../live/not-iterable.ts';
import { modeOf } from '../session/mode.ts';
import { NOTHING } from './site-cache.ts';
import { awaited, awaitedField } from '../live/thenables.ts';
import type { AnyFunction } from '../kinds/value-checks.ts';

class CallSite implements HookSite {
  readonly info: SiteInfo;
  f0: unknown = NOTHING;
  f1: unknown = NOTHING;
  f2: unknown = NOTHING;
  f3: unknown = NOTHING;

  constructor(info: SiteInfo) {
    this.info = info;
  }
}

const isCached = (site: HookSite, f: unknown): f is AnyFunction => site.f0 === f || site.f1 === f || site.f2 === f || site.f3 === f;

/** The hook object of one session. */
export class HookObject implements Hook {
  t: unknown;
  u: unknown;
  r: unknown;
  f: unknown;
  at: HookSite | undefined;
  last: HookSite | undefined;
  readonly #parts: SessionParts;
  readonly #imports: Imports;
  readonly #dispatch: Dispatch;

  constructor(parts: SessionParts, imports: Imports) {
    this.#parts = parts;
    this.#imports = imports;
    this.#dispatch = new Dispatch(parts);
  }

  sites(key: string): readonly HookSite[] {
    return this.#parts.options.sites.siteInfos(key).map((info) => new CallSite(info));
  }

  c0(site: HookSite, o: unknown, f: unknown): unknown {
    this.last = site;
    return isCached(site, f) ? f.call(o) : this.#dispatch.call(site, o, f, []);
  }

  c1(site: HookSite, o: unknown, f: unknown, a: unknown): unknown {
    this.last = site;
    return isCached(site, f) ? f.call(o, a) : this.#dispatch.call(site, o, f, [a]);
  }

  c2(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown): unknown {
    this.last = site;
    return isCached(site, f) ? f.call(o, a, b) : this.#dispatch.call(site, o, f, [a, b]);
  }

  c3(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown): unknown {
    this.last = site;
    return isCached(site, f) ? f.call(o, a, b, c) : this.#dispatch.call(site, o, f, [a, b, c]);
  }

  c4(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
    this.last = site;
    return isCached(site, f) ? f.call(o, a, b, c, d) : this.#dispatch.call(site, o, f, [a, b, c, d]);
  }

  cn(site: HookSite, o: unknown, f: unknown, args: unknown[]): unknown {
    this.last = site;
    return isCached(site, f) ? Reflect.apply(f, o, args) : this.#dispatch.call(site, o, f, args);
  }

  n(site: HookSite, C: unknown, args: unknown[]): unknown {
    this.last = site;
    return this.#dispatch.construct(site, C, args);
  }

  tag(site: HookSite, o: unknown, f: unknown): (...args: unknown[]) => unknown {
    if (typeof f !== 'function') throw new TypeError(`${site.info.label} is not a function`);
    return (...args) => this.#dispatch.call(site, o, f, args);
  }

  g(o: unknown, key: unknown): unknown {
    const found: unknown = (o as Record<PropertyKey, unknown>)[key as PropertyKey];
    this.r = o;
    this.f = found;
    return found;
  }

  o(o?: unknown, f?: unknown): unknown {
    this.r = o;
    this.f = f;
    return f;
  }

  i(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return outsideIterable(this.#parts, site, x);
  }

  yi(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return outsideDelegate(this.#parts, site, x);
  }

  ai(site: HookSite, x: unknown): unknown {
    requireIterable(site.info, x);
    return outsideAsyncIterable(this.#parts, site, x);
  }

  w(site: HookSite, x: unknown): unknown {
    return awaited(this.#parts, site, x);
  }

  ap(site: HookSite, o: unknown, key: unknown): unknown {
    return awaitedField(this.#parts, site, o, key);
  }

  imp(site: HookSite, load: ImportFunction, specifier: unknown, options?: unknown): Promise<unknown> {
    if (modeOf(this.#parts) === 'plain') return load(specifier, options);
    const spec = {
      fn: 'import',
      site: siteOf(site),
      args: [String(specifier)],
      mode: 'async',
      awaited: true,
      effect: false,
      atMostOnce: false,
      liveAllowed: true,
      module: '',
      step: false,
      channels: false,
      run: () => undefined,
    } as const;
    return this.#imports.import(spec, () => load(specifier, options));
  }
}

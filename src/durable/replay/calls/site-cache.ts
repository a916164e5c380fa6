import type { HookSite } from './hook-contract.ts';

/** What an empty place of a call-site cache holds: equal to nothing that a program can call. */
export const NOTHING: unique symbol = Symbol('nothing');

const nativeCall = Function.prototype.call;

/**
 * Remembers an inline function at a site: it is called there from now on without asking. Four are kept, the oldest goes.
 * A function with a `call` of its own is left out, since the fast path uses `call`.
 */
export function cache(site: HookSite, fn: object): void {
  if (Reflect.get(fn, 'call') !== nativeCall) return;
  site.f3 = site.f2;
  site.f2 = site.f1;
  site.f1 = site.f0;
  site.f0 = fn;
}

// Functions of the language that call another one: what they call decides. And combinators, which wait for what they are given.
// None of them is ever cached at a site.
import type { SessionParts } from '../session/session-parts.ts';
import type { HookSite } from './hook-contract.ts';
import { modeOf } from '../session/mode.ts';
import { awaited } from '../live/thenables.ts';
import { isFunction, type AnyFunction } from '../kinds/value-checks.ts';

/** What a bound function of the outside calls, and with what. */
export interface BoundFunction {
  readonly target: AnyFunction;
  readonly receiver: unknown;
  readonly args: readonly unknown[];
}

/** The calls of one session, as these functions need them. */
export interface Calls {
  readonly parts: SessionParts;
  /** Bound functions of the outside: their target and receiver, which the function itself does not show. */
  readonly bound: WeakMap<object, BoundFunction>;
  call(site: HookSite, o: unknown, f: unknown, args: unknown[]): unknown;
  construct(site: HookSite, Class: unknown, args: unknown[]): unknown;
}

type Special = (calls: Calls, site: HookSite, o: unknown, f: AnyFunction, args: unknown[]) => unknown;
const list = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.from(value as ArrayLike<unknown>));

const call: Special = (calls, site, o, f, args) =>
  isFunction(o) ? calls.call(site, args[0], o, args.slice(1)) : Reflect.apply(f, o, args);

const apply: Special = (calls, site, o, f, args) =>
  isFunction(o) && isListLike(args[1]) ? calls.call(site, args[0], o, list(args[1])) : Reflect.apply(f, o, args);

const reflectApply: Special = (calls, site, o, f, args) =>
  isFunction(args[0]) && isListLike(args[2]) && args[2] !== undefined
    ? calls.call(site, args[1], args[0], list(args[2]))
    : Reflect.apply(f, o, args);

const reflectConstruct: Special = (calls, site, o, f, args) =>
  isFunction(args[0]) && args.length === 2 && isListLike(args[1]) && args[1] !== undefined
    ? calls.construct(site, args[0], list(args[1]))
    : Reflect.apply(f, o, args);

const isListLike = (value: unknown): boolean => value === undefined || value === null || typeof value === 'object';

const bind: Special = (calls, site, o, f, args) => {
  const made: unknown = Reflect.apply(f, o, args);
  if (!isFunction(o) || !isFunction(made)) return made;
  const { kinds } = calls.parts.options.realm;
  const kind = kinds.of(o);
  if (kind.how === 'user' || kind.how === 'language' || kind.how === 'inline') kinds.copy(o, made);
  else calls.bound.set(made, { target: o, receiver: args[0], args: args.slice(1) });
  return made;
};

const combinator: Special = (calls, site, o, f, args) => {
  const [items] = args;
  if (typeof items !== 'object' || items === null || modeOf(calls.parts) === 'plain') return Reflect.apply(f, o, args);
  if (typeof Reflect.get(items, Symbol.iterator) !== 'function') return Reflect.apply(f, o, args);
  const waited = Array.from(items as Iterable<unknown>, (item) => awaited(calls.parts, site, item));
  return Reflect.apply(f, o, [waited]);
};

const resolve: Special = (calls, site, o, f, args) =>
  Reflect.apply(f, o, modeOf(calls.parts) === 'plain' || args.length === 0 ? args : [awaited(calls.parts, site, args[0])]);

/** By identity. */
export const SPECIALS: ReadonlyMap<unknown, Special> = new Map<unknown, Special>([
  [Function.prototype.call, call],
  [Function.prototype.apply, apply],
  [Function.prototype.bind, bind],
  [Reflect.apply, reflectApply],
  [Reflect.construct, reflectConstruct],
  [Promise.all, combinator],
  [Promise.race, combinator],
  [Promise.any, combinator],
  [Promise.allSettled, combinator],
  [Promise.resolve, resolve],
]);

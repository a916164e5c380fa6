// Functions of the language that call another one: what they call decides. And combinators, which wait for what they are given.
// None of them is ever cached at a site.
import type { AnyFunction, Dispatch } from './dispatch.ts';
import type { Site } from './hook-contract.ts';
import { awaited } from './thenables.ts';

type Special = (dispatch: Dispatch, site: Site, o: unknown, f: AnyFunction, args: unknown[]) => unknown;
const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';
const list = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.from(value as ArrayLike<unknown>));

const call: Special = (dispatch, site, o, f, args) =>
  isFunction(o) ? dispatch.call(site, args[0], o, args.slice(1)) : Reflect.apply(f, o, args);

const apply: Special = (dispatch, site, o, f, args) =>
  isFunction(o) && isListLike(args[1]) ? dispatch.call(site, args[0], o, list(args[1])) : Reflect.apply(f, o, args);

const reflectApply: Special = (dispatch, site, o, f, args) =>
  isFunction(args[0]) && isListLike(args[2]) && args[2] !== undefined
    ? dispatch.call(site, args[1], args[0], list(args[2]))
    : Reflect.apply(f, o, args);

const reflectConstruct: Special = (dispatch, site, o, f, args) =>
  isFunction(args[0]) && args.length === 2 && isListLike(args[1]) && args[1] !== undefined
    ? dispatch.construct(site, args[0], list(args[1]))
    : Reflect.apply(f, o, args);

const isListLike = (value: unknown): boolean => value === undefined || value === null || typeof value === 'object';

const bind: Special = (dispatch, site, o, f, args) => {
  const made: unknown = Reflect.apply(f, o, args);
  if (!isFunction(o) || !isFunction(made)) return made;
  const { kinds } = dispatch.engine.options.realm;
  const kind = kinds.of(o);
  if (kind.how === 'user' || kind.how === 'language' || kind.how === 'inline') kinds.copy(o, made);
  else dispatch.bound.set(made, { target: o, receiver: args[0], args: args.slice(1) });
  return made;
};

const combinator: Special = (dispatch, site, o, f, args) => {
  const [items] = args;
  if (typeof items !== 'object' || items === null || dispatch.mode() === 'plain') return Reflect.apply(f, o, args);
  if (typeof Reflect.get(items, Symbol.iterator) !== 'function') return Reflect.apply(f, o, args);
  const waited = Array.from(items as Iterable<unknown>, (item) => awaited(dispatch, site, item));
  return Reflect.apply(f, o, [waited]);
};

const resolve: Special = (dispatch, site, o, f, args) =>
  Reflect.apply(f, o, dispatch.mode() === 'plain' || args.length === 0 ? args : [awaited(dispatch, site, args[0])]);

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

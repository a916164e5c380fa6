// Which built-in kind an object is, whatever realm made it: test runners load programs into a vm context of their own, whose Date and Map are none
// of ours. The slot tells that no object can pretend to have; the prototype tells that it is no instance of a class below the kind.
// The one file of the codec that names Date: as a kind of value, never as a clock.
/* oxlint-disable no-restricted-globals */
import { isError } from '../../base/errors/is-error.ts';
import { isPlainObject } from './value-path.ts';

/** Kinds without parts of the program's own. */
export type BuiltinKind = 'Map' | 'Set' | 'Date' | 'RegExp' | 'ArrayBuffer' | 'URL';

/** A getter of a prototype, to be called on what may be of another realm. */
function getter(prototype: object, key: string): (this: object) => unknown {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  if (get === undefined) throw new TypeError(`no getter ${key}`);
  return get;
}

type Kind = readonly [kind: BuiltinKind, prototype: object, readSlot: (this: object) => unknown];

const KINDS: readonly Kind[] = [
  ['Map', Map.prototype, getter(Map.prototype, 'size')],
  ['Set', Set.prototype, getter(Set.prototype, 'size')],
  ['Date', Date.prototype, Date.prototype.getTime],
  ['RegExp', RegExp.prototype, getter(RegExp.prototype, 'source')],
  ['ArrayBuffer', ArrayBuffer.prototype, getter(ArrayBuffer.prototype, 'byteLength')],
];

/** Whether an object is the prototype of this kind in another realm, or pretends to be. */
function isForeign(prototype: object, kind: string): boolean {
  if (!isPlainObject(prototype) || Object.getPrototypeOf(prototype) === Object.prototype) return false;
  const made = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  return typeof made === 'function' && made.name === kind;
}

/** Whether an array is one itself, and no instance of a class below it. */
export function isOwnArray(prototype: unknown): boolean {
  return prototype === Array.prototype || (typeof prototype === 'object' && prototype !== null && isForeign(prototype, 'Array'));
}

/** The kind of an object that is no array; undefined for everything else, instances of classes below a kind among it. */
export function kindOf(value: object, prototype: unknown): BuiltinKind | undefined {
  if (typeof prototype !== 'object' || prototype === null) return undefined;
  if (prototype === URL.prototype) return 'URL';
  const found = KINDS.find(([kind, own]) => prototype === own || isForeign(prototype, kind));
  if (found === undefined) return undefined;
  try {
    Reflect.apply(found[2], value, []);
    return found[0];
  } catch {
    return undefined;
  }
}

/** Milliseconds of a Date, NaN when it is invalid. */
export function dateMs(value: object): number {
  return Reflect.apply(Date.prototype.getTime, value, []);
}

export function dateOf(ms: number): Date {
  return new Date(ms);
}

/** Whether the codec writes this object without an extension (what it contains is another question). */
export function isBuiltinKind(value: object): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value) || isError(value) || isPlainObject(value)) return true;
  return kindOf(value, Object.getPrototypeOf(value)) !== undefined;
}

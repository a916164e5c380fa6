// The functions of the language and of the platform that every program has. Walked once per realm, before anything else is loaded.
import { isFunction, isObject } from './value-checks.ts';

/** Functions of the language: never leave the program, whatever they are called on. */
const LANGUAGE = [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Symbol',
  'Error',
  'AggregateError',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'SuppressedError',
  'DisposableStack',
  'AsyncDisposableStack',
  'RegExp',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'FinalizationRegistry',
  'Promise',
  'Proxy',
  'JSON',
  'Math',
  'Reflect',
  'Intl',
  'Temporal',
  'Atomics',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'Uint8ClampedArray',
  'BigInt64Array',
  'BigUint64Array',
  'Iterator',
  'Date',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
  'escape',
  'unescape',
  'eval',
  'structuredClone',
  'queueMicrotask',
  'atob',
  'btoa',
  'console',
  'WebAssembly',
];

/**
 * Functions of the platform: stay inside the program unless called on, or with, an object that came from outside. Those of web streams and of the
 * classes that come with `fetch` are known by their place: to look at one of these is to load them all, which takes up to 25 ms, and when somebody
 * does, the program may have put its own there.
 */
const PLATFORM = [
  'URL',
  'URLSearchParams',
  'URLPattern',
  'TextEncoder',
  'TextDecoder',
  'AbortController',
  'AbortSignal',
  'Event',
  'EventTarget',
  'CustomEvent',
  'DOMException',
  'Buffer',
  'Blob',
  'File',
];

/** Every function that can be reached from `value` through own properties of functions and prototypes, and through its ancestors. */
function collect(value: unknown, into: Set<object>, seen: Set<object>): void {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  if (isFunction(value)) into.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property === undefined) continue;
    const held: unknown = property.value;
    if (isFunction(held) || (isObject(held) && key === 'prototype')) collect(held, into, seen);
    collect(property.get, into, seen);
    collect(property.set, into, seen);
  }
  collect(Object.getPrototypeOf(value), into, seen);
}

/** Iterators and generators whose prototypes have no global name. */
function hiddenPrototypes(): unknown[] {
  const generator = (function* () {})();
  const asyncGenerator = (async function* () {})();
  const iterators = [
    [].values(),
    new Map().entries(),
    new Set().values(),
    ''[Symbol.iterator](),
    'a'.matchAll(/a/g),
    generator,
    asyncGenerator,
  ];
  return iterators.map((one) => Object.getPrototypeOf(one) as unknown);
}

/** The prototype of what a set of search parameters gives, which has no global name. */
function hiddenPlatformPrototype(globals: object): unknown {
  const Params = Reflect.get(globals, 'URLSearchParams') as typeof URLSearchParams | undefined;
  return Params === undefined ? undefined : Object.getPrototypeOf(new Params().entries());
}

/** The methods of generator objects: whose generator it is decides, so they are in neither set. */
export const GENERATOR_METHODS: ReadonlySet<object> = new Set(
  [(function* () {})(), (async function* () {})()].flatMap((generator) => {
    const shared: object = Object.getPrototypeOf(Object.getPrototypeOf(generator) as object) as object;
    return ['next', 'return', 'throw'].map((name) => Reflect.get(shared, name) as object);
  }),
);

/** The functions of the language and of the platform. */
export interface Intrinsics {
  readonly language: ReadonlySet<object>;
  readonly platform: ReadonlySet<object>;
}

/** Walks the globals of a realm. @param globals its global object, before anything of it is patched */
export function walkIntrinsics(globals: object): Intrinsics {
  const language = new Set<object>();
  const seen = new Set<object>();
  for (const name of LANGUAGE) collect(Reflect.get(globals, name), language, seen);
  for (const prototype of hiddenPrototypes()) collect(prototype, language, seen);
  const platform = new Set<object>();
  for (const name of PLATFORM) collect(Reflect.get(globals, name), platform, seen);
  collect(hiddenPlatformPrototype(globals), platform, seen);
  for (const method of GENERATOR_METHODS) language.delete(method);
  return { language, platform };
}

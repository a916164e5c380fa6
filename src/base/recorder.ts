// The seam between functions of the package (`own`) and whatever records them. Imports types only. It lives on globalThis under a
// registered symbol, so that two copies of the package in one process share it. This is the one file of base/ that may name globalThis.
import type { FunctionAddress } from './builds/build.ts';
import type { Site } from './site.ts';

/** One call that an `own` function asks to be recorded. */
export interface Recorded<T> {
  /** Name in the journal, such as `open`, `ops.ts#upgrade`. */
  readonly fn: string;
  /** Name of the far context that it goes to; absent for a call in the program's own process. */
  readonly context?: string | undefined;
  readonly args: readonly unknown[];
  readonly site?: Site | undefined;
  /** The intent is made durable before the call runs, and the call is never repeated: OUTCOME_UNKNOWN instead. */
  readonly atMostOnce?: boolean | undefined;
  /** Makes the call. Runs outside the session, after the intent is durable; never on replay. `key` is its idempotency key. */
  run(key: string, signal: AbortSignal): Promise<T>;
}

/** A function that the far side can find, and how the journal names it. */
export interface IdentifiedFunction {
  readonly address: FunctionAddress;
  /** Such as `host-ops.ts#upgrade`: by path, never by number, since numbers move with every edit. */
  readonly label: string;
}

/** What an `own` function sees of the session it was called in. */
export interface Recorder {
  readonly sessionId: string;
  readonly buildId: string;
  /** Site of the `own` call that runs now. Read it before the first await. */
  site(): Site | undefined;
  /** Journals `call` now, runs outside the session after the commit, journals `done`, resolves with the decoded copy. */
  record<T>(call: Recorded<T>): Promise<T>;
  /** A durable timer of `ms` milliseconds. */
  timer(ms: number): Promise<void>;
  /** One object per key and session, the same in record and replay. */
  stable<T extends object>(key: string, make: () => T): T;
  /** The address of a function of the user, of a package or of a builtin. Throws the refusals of remote calls; never records. */
  identify(fn: unknown): IdentifiedFunction;
  /** The session's own class of an error that a call to `from` threw; undefined when it knows none of that name. */
  errorClass(name: string, from: FunctionAddress): { readonly prototype: object } | undefined;
  /** Runs outside the session: real clock, real timers, real random. */
  outside<T>(run: () => T): T;
}

/** What code inside an activity may know of the call it is part of. */
export interface ActivityInfo {
  readonly sessionId: string;
  readonly buildId: string;
  /** The same at every attempt of this call, also after a crash. */
  readonly idempotencyKey: string;
  /** Aborted when the session is cancelled. */
  readonly signal: AbortSignal;
}

interface Seam {
  readonly own: WeakSet<object>;
  find: () => Recorder | undefined;
  activity?: (() => ActivityInfo | undefined) | undefined;
}

function seam(): Seam {
  const key = Symbol.for('resprout.recorder.1');
  const holder = globalThis as unknown as Record<symbol, Seam | undefined>;
  return (holder[key] ??= { own: new WeakSet(), find: () => undefined });
}

/** The recorder of the session whose code runs now; undefined in a plain process and inside an activity. */
export function recorder(): Recorder | undefined {
  return seam().find();
}

/** Says how the running session is found. Called once, by the runner. */
export function setRecorderFinder(find: () => Recorder | undefined): void {
  seam().find = find;
}

/** The activity that runs now, in a session's process or on a far side; undefined elsewhere. */
export function activityInfo(): ActivityInfo | undefined {
  return seam().activity?.();
}

/** Says how the running activity is found. Called once, by the runner and by the far side. */
export function setActivityFinder(find: () => ActivityInfo | undefined): void {
  seam().activity = find;
}

/** Whether a function or class belongs to the package itself. */
export function isOwn(value: unknown): boolean {
  return typeof value === 'function' && seam().own.has(value);
}

const nativeText = /\{ \[native code\] \}$/;
const isNative = (f: (...args: never) => unknown): boolean => nativeText.test(Function.prototype.toString.call(f));
type AnyFunction = (...args: never) => unknown;
const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

function registerMembers(holder: object, own: WeakSet<object>): void {
  for (const key of Reflect.ownKeys(holder)) {
    if (key === 'constructor' || key === 'prototype') continue;
    const property = Object.getOwnPropertyDescriptor(holder, key);
    for (const member of [property?.value, property?.get, property?.set]) if (isFunction(member) && !isNative(member)) own.add(member);
  }
}

function registerFunction(fn: AnyFunction, own: WeakSet<object>): void {
  if (own.has(fn)) return;
  own.add(fn);
  registerMembers(fn, own);
  const prototype: unknown = (fn as { prototype?: unknown }).prototype;
  if (typeof prototype === 'object' && prototype !== null) registerMembers(prototype, own);
  // Ancestors that are not native belong to us too. The prototype of an async function is an object: the walk stops there.
  const parent: unknown = Object.getPrototypeOf(fn);
  if (isFunction(parent) && parent !== Function.prototype && !isNative(parent)) registerFunction(parent, own);
}

/**
 * Marks functions, classes (statics, prototypes, ancestors) and all functions of namespaces as the package's own.
 * By value, when a public entry is loaded, and for every class that users get without importing it.
 */
export function registerOwn(...values: readonly object[]): void {
  const { own } = seam();
  for (const value of values) {
    if (isFunction(value)) registerFunction(value, own);
    else for (const member of Object.values(value)) if (isFunction(member)) registerFunction(member, own);
  }
}

const MARKED = Symbol.for('resprout.marked');

/** Notes the function that a marker such as `activity` was given: a far side runs that one, its own markers give it back as it is. */
export function setMarked(marker: object, fn: object): void {
  Object.defineProperty(marker, MARKED, { value: fn });
}

/** The function behind a marker's result; any other value as it is. */
export function withoutMarker(value: unknown): unknown {
  let inner = value;
  while (typeof inner === 'function' && Object.hasOwn(inner, MARKED)) inner = Reflect.get(inner, MARKED);
  return inner;
}

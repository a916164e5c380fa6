// The slow path of every hooked call: what is called, on what, by whom, decides whether it leaves the program.
import { types } from 'node:util';
import { ResproutError } from '../../../base/errors/errors.ts';
import { isRecordedCopy } from '../../journal/values/instance-extensions.ts';
import { siteOf, type CallSpec, type Receiver } from './call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { externalCall } from './external-call.ts';
import type { FunctionKind } from '../kinds/function-kinds.ts';
import type { HookSite } from './hook-contract.ts';
import { callName, constructName, methodName } from './labels.ts';
import { classNameOf, type LiveInfo } from '../live/live-objects.ts';
import { modeOf } from '../session/mode.ts';
import { wantsValue } from '../profiles/profiles.ts';
import { cache } from './site-cache.ts';
import { SPECIALS, type BoundFunction, type Calls } from './special-functions.ts';
import { isFunction, isObject, type AnyFunction } from '../kinds/value-checks.ts';

type Constructor = new (...args: unknown[]) => object;

// A function that constructs nothing: `Reflect.construct` looks whether its third argument is a constructor before it calls anything.
const nothing = function (): void {};

function isConstructor(value: unknown): value is AnyFunction {
  if (!isFunction(value)) return false;
  try {
    Reflect.construct(nothing, [], value);
    return true;
  } catch {
    return false;
  }
}

/** How deep an object of a boundary is looked for in what an inline package is given. */
const LEVELS = 3;

/** What is known of the first boundary object in a value: own properties of plain objects and class instances, arrays and functions left out. */
function heldIn(values: readonly unknown[], find: (value: unknown) => LiveInfo | undefined, levels = LEVELS): LiveInfo | undefined {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const found = find(value);
    // An object that the platform or the program made has no module of a package: it is data, or a puppet.
    if (found !== undefined && found.module !== '' && !found.module.startsWith('node:')) return found;
    if (levels === 1 || Array.isArray(value) || ArrayBuffer.isView(value)) continue;
    const fields = Object.values(Object.getOwnPropertyDescriptors(value)).map((property) => property.value as unknown);
    const inside = heldIn(fields, find, levels - 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Async functions, without async generators, which give an iterator at once. */
const isAsyncFunction = (fn: object): boolean => types.isAsyncFunction(fn) && !types.isGeneratorFunction(fn);

/** What a call of something that is no function throws. A method that a recorded value lost has a reason of its own. */
function notCallable({ info }: HookSite, o: unknown): Error {
  if (!isRecordedCopy(o)) return new TypeError(`${info.label} is not a function`);
  const { file, line, column } = info;
  const className = classNameOf(o);
  return new ResproutError(
    'JOURNAL_VALUE_UNRECORDABLE',
    `${info.label} is gone: this ${className} came out of a recorded call as data, without its methods`,
    {
      at: { file, line, column },
      tried: `call ${info.label}`,
      saw: `the data of a ${className}`,
      do: `Call it inside activity() and return what you need of it, or let its package run inline`,
    },
  );
}

/** The calls of one session. */
export class Dispatch implements Calls {
  readonly parts: SessionParts;
  readonly bound: WeakMap<object, BoundFunction> = new WeakMap();

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  /** `f.apply(o, args)` of the program. @throws TypeError as the engine does, and what the call throws */
  call(site: HookSite, o: unknown, f: unknown, args: unknown[]): unknown {
    if (!isFunction(f)) throw notCallable(site, o);
    const special = SPECIALS.get(f);
    if (special !== undefined) return special(this, site, o, f, args);
    const bound = this.bound.get(f);
    if (bound !== undefined) return this.call(site, bound.receiver, bound.target, [...bound.args, ...args]);
    const live = this.parts.live.of(o);
    const kind = this.parts.options.realm.kinds.of(f, live?.module === '' ? undefined : live?.module);
    switch (kind.how) {
      case 'user':
      case 'language':
        cache(site, f);
        return Reflect.apply(f, o, args);
      case 'inline':
        return this.#inline(site, o, f, args, live);
      case 'placed':
        return this.parts.options.realm.callInPlace(f, o, args);
      case 'own':
        return this.own(site, () => Reflect.apply(f, o, args));
      case 'platform':
        return this.#touchesOutside(live, args) && modeOf(this.parts) === 'record'
          ? this.#leave(site, o, f, args, live, '')
          : Reflect.apply(f, o, args);
      case 'generator':
        return live !== undefined && modeOf(this.parts) === 'record' ? this.#step(site, o, f, args, live) : Reflect.apply(f, o, args);
      case 'outside':
        return this.#outside(site, o, f, args, live, kind);
    }
  }

  /**
   * A function of an inline package. Handed an object of a boundary, what it does to it would be seen by nobody: then the call is one of that
   * boundary, and so are those on what it gives.
   */
  #inline(site: HookSite, o: unknown, f: AnyFunction, args: unknown[], live: LiveInfo | undefined): unknown {
    const { profiles } = this.parts.options.realm;
    if (!profiles.hasBoundary) {
      cache(site, f);
      return Reflect.apply(f, o, args);
    }
    const handed = live ?? heldIn(args, (value) => this.parts.live.of(value));
    if (handed === undefined || modeOf(this.parts) !== 'record') return Reflect.apply(f, o, args);
    return this.#leave(site, o, f, args, live, handed.module);
  }

  /** `own` functions find the call site in the hook. */
  own<T>(site: HookSite, run: () => T): T {
    const { hook } = this.parts.session;
    const saved = hook.at;
    hook.at = site;
    try {
      return run();
    } finally {
      hook.at = saved;
    }
  }

  #touchesOutside(live: LiveInfo | undefined, args: readonly unknown[]): boolean {
    return live !== undefined || args.some((arg) => this.parts.live.of(arg) !== undefined);
  }

  #outside(
    site: HookSite,
    o: unknown,
    f: AnyFunction,
    args: unknown[],
    live: LiveInfo | undefined,
    kind: Extract<FunctionKind, { how: 'outside' }>,
  ): unknown {
    if (modeOf(this.parts) === 'plain') return Reflect.apply(f, o, args);
    return this.#leave(site, o, f, args, live, kind.module);
  }

  /** An object that no recorded call made: of a module's top level, or built by the program on a class from outside. */
  #adoptReceiver(site: HookSite, o: unknown, module: string): LiveInfo | undefined {
    const { live, options } = this.parts;
    if (typeof o !== 'object' || o === null || options.realm.exports.of(o) !== undefined) return undefined;
    const prototype: unknown = Object.getPrototypeOf(o);
    if (prototype === Object.prototype || prototype === null || types.isModuleNamespaceObject(o)) return undefined;
    return live.adopt(o, { className: classNameOf(o), module, callId: -1, site: siteOf(site), isStandIn: false });
  }

  #leave(site: HookSite, o: unknown, f: AnyFunction, args: unknown[], known: LiveInfo | undefined, kindModule: string): unknown {
    const { exports } = this.parts.options.realm;
    const module = kindModule !== '' ? kindModule : (known?.module ?? exports.of(f)?.module ?? '');
    const live = known ?? this.#adoptReceiver(site, o, module);
    const fn = callName(f, exports.of(f), o, live, site.info);
    const method = methodName(f, site.info);
    return externalCall(this.parts, {
      ...this.#spec(site, fn, args, module),
      // The method of a stand-in does not tell that it is one of a generator.
      step: live?.isStandIn === true && method === 'next' ? 'single' : false,
      mode: site.info.awaited || isAsyncFunction(f) ? 'async' : 'unknown',
      awaited: site.info.awaited,
      effect: true,
      receiver: live === undefined || !isObject(o) ? undefined : this.#receiver(o, live, method),
      run: (given) => Reflect.apply(f, o, given),
    });
  }

  #spec(site: HookSite, fn: string, args: readonly unknown[], module: string): Omit<CallSpec, 'mode' | 'awaited' | 'effect' | 'run'> {
    return {
      fn,
      site: siteOf(site),
      args,
      module,
      atMostOnce: false,
      liveAllowed: true,
      step: false,
      channels: !wantsValue(fn),
    };
  }

  #receiver(value: object, info: LiveInfo, method: string): Receiver {
    return {
      value,
      info,
      method,
      invoke: (real, args) => {
        const called: unknown = Reflect.get(real, method);
        if (!isFunction(called)) throw new TypeError(`${info.className}.${method} is not a function`);
        return Reflect.apply(called, real, [...args]);
      },
    };
  }

  /** `next`, `return` or `throw` of a generator from outside, called by the program itself. */
  #step(site: HookSite, o: unknown, f: AnyFunction, args: unknown[], live: LiveInfo): unknown {
    if (!isObject(o)) return Reflect.apply(f, o, args);
    const isAsync = types.isGeneratorObject(o) && Symbol.asyncIterator in o;
    const name = methodName(f, site.info);
    return externalCall(this.parts, {
      ...this.#spec(site, `${live.module === '' ? '' : `${live.module}.`}${live.className}.${name}`, args, live.module),
      mode: isAsync ? 'async' : 'sync',
      awaited: isAsync,
      effect: true,
      step: name === 'next' ? 'single' : false,
      receiver: this.#receiver(o, live, name),
      run: (given) => Reflect.apply(f, o, [...given]),
    });
  }

  /** `new Class(...args)` of the program. @throws TypeError as the engine does, and what the constructor throws */
  construct(site: HookSite, Class: unknown, args: unknown[]): unknown {
    if (!isConstructor(Class)) throw new TypeError(`${site.info.label.replace(/^new /, '')} is not a constructor`);
    const { kinds, exports } = this.parts.options.realm;
    const kind = kinds.of(Class);
    const make = (given: readonly unknown[]): object => Reflect.construct(Class as unknown as Constructor, [...given]) as object;
    if (kind.how === 'own') return this.own(site, () => make(args));
    const handed =
      kind.how === 'inline' && this.parts.options.realm.profiles.hasBoundary
        ? heldIn(args, (value) => this.parts.live.of(value))
        : undefined;
    const module = handed?.module ?? (kind.how === 'outside' ? kind.module : undefined);
    if (module === undefined || this.#isError(Class) || modeOf(this.parts) === 'plain') return make(args);
    const fn = constructName(Class, exports.of(Class), site.info);
    return externalCall(this.parts, {
      ...this.#spec(site, fn, args, module),
      mode: 'construct',
      awaited: false,
      effect: true,
      run: make,
    });
  }

  #isError(Class: AnyFunction): boolean {
    const prototype: unknown = Reflect.get(Class, 'prototype');
    return prototype instanceof Error;
  }
}

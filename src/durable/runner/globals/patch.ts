import type { Realm } from '../../replay/session/realm.ts';
import type { LoadWorld, Session } from '../../replay/session/session-api.ts';

type AnyFunction = (...args: never) => unknown;

interface Replaced {
  readonly holder: object;
  readonly key: string;
  /** Undefined when there was none. */
  readonly before: PropertyDescriptor | undefined;
}

/** All that was replaced in this process, in order. */
const replaced: Replaced[] = [];

function put({ holder, key }: Replaced, property: PropertyDescriptor | undefined): void {
  if (property === undefined) Reflect.deleteProperty(holder, key);
  else Object.defineProperty(holder, key, property);
}

let isUnpatched = false;

/**
 * Runs something in the world as it was before the patches: modules of Node take functions of each other while they load, and those shall be
 * Node's own, whenever they load. What a program put in the place of a patched function is there again afterwards. `run` ends without a turn.
 */
export function unpatched<T>(run: () => T): T {
  if (isUnpatched) return run();
  const now = replaced.map(({ holder, key }) => Object.getOwnPropertyDescriptor(holder, key));
  // What a program has made fast stays.
  const isFree = (i: number): boolean => now[i]?.configurable !== false;
  for (let i = replaced.length; i-- > 0;) {
    const one = replaced[i];
    if (one !== undefined && isFree(i)) put(one, one.before);
  }
  isUnpatched = true;
  try {
    return run();
  } finally {
    isUnpatched = false;
    replaced.forEach((one, i) => isFree(i) && put(one, now[i]));
  }
}

/** Puts patched functions into a realm. Packages see them too, so each asks whose code is running. */
export class Patcher {
  readonly realm: Realm;

  constructor(realm: Realm) {
    this.realm = realm;
  }

  /** The session whose program runs here: its calls are recorded. Undefined in activities, while packages load, and outside of sessions. */
  session(): Session | undefined {
    return this.realm.session();
  }

  /** Whether a package that runs inline loads here. */
  loadsInline(): boolean {
    const scope = this.realm.context.current();
    return scope?.kind === 'load' && scope.how.isInline;
  }

  /** Clock and chance that count here: those of the session in its program, and those of a package while it loads. */
  world(): LoadWorld | undefined {
    const scope = this.realm.context.current();
    if (scope?.kind === 'session') return scope.session.world;
    return scope?.kind === 'load' ? scope.world : undefined;
  }

  /**
   * Replaces a function, keeping name, length and the property's other attributes.
   * @param how `language`: called without asking, as a pure function. `own`: finds the call site in the session's hook
   */
  replace(holder: object, key: string, how: 'language' | 'own', fn: AnyFunction): void {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    const original: unknown = property?.value;
    // Name and length, and what hangs on it: util.promisify.custom of setTimeout, `bigint` of hrtime.
    if (typeof original === 'function')
      for (const own of Reflect.ownKeys(original)) {
        const value = Object.getOwnPropertyDescriptor(original, own);
        const isOurs = own === 'prototype' || (Object.hasOwn(fn, own) && own !== 'name' && own !== 'length');
        if (value !== undefined && !isOurs) Object.defineProperty(fn, own, value);
      }
    this.realm.kinds.mark(fn, how);
    replaced.push({ holder, key, before: property });
    Object.defineProperty(holder, key, {
      value: fn,
      writable: property?.writable ?? true,
      enumerable: property?.enumerable ?? true,
      configurable: property?.configurable ?? true,
    });
  }
}

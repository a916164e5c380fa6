// Classes of Node whose objects of a session have a half of ours: the object is an instance of Node's class, without a native half of its own.
// Node's methods look whether there is such a half, so that subclasses of a program have them too.
import type { Patcher } from '../globals/patch.ts';
import type { Session } from '../../replay/session/session-api.ts';

type AnyFunction = (...args: unknown[]) => unknown;
type AnyClass = abstract new (...args: never[]) => object;

// As it is when this file loads: a proxy of the program's is of the kind of its target, and these are not.
const RealProxy = Proxy;

/** Our halves by the program's objects. */
export class Halves<Half extends object> {
  readonly #halves: WeakMap<object, Half>;
  readonly #patcher: Patcher;

  constructor(patcher: Patcher, halves: WeakMap<object, Half> = new WeakMap()) {
    this.#patcher = patcher;
    this.#halves = halves;
  }

  of(shell: unknown): Half | undefined {
    return typeof shell === 'object' && shell !== null ? this.#halves.get(shell) : undefined;
  }

  set(shell: object, half: Half): void {
    this.#halves.set(shell, half);
  }

  /** What a method of ours gives to the program: the object for its half. */
  #shown(shell: object, half: Half, value: unknown): unknown {
    return value === half ? shell : value;
  }

  /** Lets each method and getter that `HalfClass` has answer for the objects that have a half. @param native the prototype of Node's class */
  patch(native: object, HalfClass: { readonly prototype: Half }): void {
    for (const key of Reflect.ownKeys(HalfClass.prototype)) {
      const ours = Object.getOwnPropertyDescriptor(HalfClass.prototype, key);
      const theirs = Object.getOwnPropertyDescriptor(native, key);
      if (key === 'constructor' || ours === undefined || theirs === undefined) continue;
      if (ours.get !== undefined) this.#getter(native, key, theirs, ours.get as AnyFunction);
      else if (typeof ours.value === 'function') this.#method(native, key, theirs, ours.value as AnyFunction);
    }
  }

  /** As `patch` for a getter of Node's that is a field of our half. */
  patchField(native: object, key: keyof Half & string): void {
    const theirs = Object.getOwnPropertyDescriptor(native, key);
    if (theirs === undefined) return;
    this.#getter(native, key, theirs, function (this: Half) {
      return this[key];
    } as AnyFunction);
  }

  #method(native: object, key: PropertyKey, theirs: PropertyDescriptor, ours: AnyFunction): void {
    const halves = this.#halves;
    const shown = (shell: object, half: Half, value: unknown): unknown => this.#shown(shell, half, value);
    this.#patcher.replace(native, key as string, 'own', function (this: object, ...args: unknown[]): unknown {
      const half = halves.get(this);
      return half === undefined
        ? Reflect.apply(theirs.value as AnyFunction, this, args)
        : shown(this, half, Reflect.apply(ours, half, args));
    });
  }

  #getter(native: object, key: PropertyKey, theirs: PropertyDescriptor, ours: AnyFunction): void {
    const halves = this.#halves;
    const get = function (this: object): unknown {
      const half = halves.get(this);
      return half === undefined ? Reflect.apply(theirs.get as AnyFunction, this, []) : Reflect.apply(ours, half, []);
    };
    this.#patcher.realm.kinds.mark(get, 'language');
    Object.defineProperty(native, key, { ...theirs, get });
  }
}

/** The class that a module exports in the place of `Native`: in a session `make` makes the object. @param make `target` is the class that `new` was said to */
export function sessionClass<T extends AnyClass>(
  patcher: Patcher,
  Native: T,
  make: (session: Session, args: readonly unknown[], target: AnyClass) => object,
): T {
  const exported: T = new RealProxy(Native, {
    construct: (_target, args: unknown[], asked) => {
      const session = patcher.session();
      const target = (asked as unknown) === exported ? Native : (asked as unknown as AnyClass);
      return session === undefined ? (Reflect.construct(Native, args, target) as object) : make(session, args, target);
    },
  });
  Object.defineProperty(Native.prototype, 'constructor', { value: exported, writable: true, configurable: true, enumerable: false });
  patcher.realm.kinds.mark(exported, 'own');
  return exported;
}

/** Puts a class into modules and globals. */
export function exportClass(holders: readonly object[], name: string, exported: object): void {
  for (const holder of holders) {
    const property = Object.getOwnPropertyDescriptor(holder, name);
    if (property !== undefined)
      Object.defineProperty(holder, name, { configurable: true, enumerable: property.enumerable ?? true, writable: true, value: exported });
  }
}

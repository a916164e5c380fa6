import type { Patcher } from '../globals/patch.ts';

/**
 * Node makes these when they are first looked at, and to read so much as a descriptor is to look: what they are is not known before. The late
 * patches give it.
 */
const UNKNOWN: ReadonlySet<string> = new Set(['WebSocket', 'Crypto', 'SubtleCrypto']);

/** A global that is made of late builtins. Whoever looks at it has them loaded first. */
export class LateGlobal {
  readonly name: string;
  readonly #before: PropertyDescriptor | undefined;
  readonly #get: () => unknown;

  private constructor(patcher: Patcher, name: string, before: PropertyDescriptor | undefined, need: () => void) {
    this.name = name;
    this.#before = before;
    this.#get = (): unknown => {
      need();
      // Still there while they load: this is one of them that asks.
      return this.#isThere() ? this.#valueBefore() : (Reflect.get(globalThis, name) as unknown);
    };
    const set = (value: unknown): void => {
      need();
      this.putBack(undefined);
      Reflect.set(globalThis, name, value);
    };
    for (const fn of [this.#get, set]) patcher.realm.kinds.mark(fn, 'language');
    // One that a program cannot assign to stays so.
    const isConstant = before?.get !== undefined && before.set === undefined;
    const shown = { configurable: true, enumerable: before?.enumerable ?? false, get: this.#get };
    Object.defineProperty(globalThis, name, isConstant ? shown : { ...shown, set });
  }

  /** @returns undefined when this Node has no such global, or does not let go of it */
  static watch(patcher: Patcher, name: string, need: () => void): LateGlobal | undefined {
    if (!(name in globalThis)) return undefined;
    const before = UNKNOWN.has(name) ? undefined : Object.getOwnPropertyDescriptor(globalThis, name);
    return Reflect.deleteProperty(globalThis, name) ? new LateGlobal(patcher, name, before, need) : undefined;
  }

  #isThere(): boolean {
    return Object.getOwnPropertyDescriptor(globalThis, this.name)?.get === this.#get;
  }

  #valueBefore(): unknown {
    const { get } = this.#before ?? {};
    return get === undefined ? (this.#before?.value as unknown) : Reflect.apply(get, globalThis, []);
  }

  /** Puts it back as it was, unless something else stands there by now. @param value of one that was not known before */
  putBack(value: object | undefined): void {
    if (!this.#isThere()) return;
    const known = value === undefined ? undefined : { configurable: true, enumerable: false, writable: true, value };
    const property = this.#before ?? known;
    if (property === undefined) Reflect.deleteProperty(globalThis, this.name);
    else Object.defineProperty(globalThis, this.name, property);
  }
}

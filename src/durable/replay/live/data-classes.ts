// Classes of builtins whose objects are data with methods: what `stat` and `readdir` give. They are recorded by their fields and come back
// with their methods, on the first run too.
import { classNameOf } from './live-objects.ts';

type Constructor = new (...args: unknown[]) => object;

/** How objects of one class are written and made again. */
interface DataClass {
  /** The fields that are kept, as an object of the same class name. */
  pack(value: object): object;
  /** @param Class the class itself, when the process knows it */
  revive(copy: object, Class: Constructor | undefined): object;
}

const asIs: DataClass = {
  pack: (value) => value,
  revive: (copy, Class) => (Class === undefined ? copy : (Object.setPrototypeOf(copy, Class.prototype as object) as object)),
};

// The kind of an entry stands under a symbol that only Node knows, so it is kept as a field.
class Dirent {
  readonly name: unknown;
  readonly parentPath: unknown;
  readonly kind: unknown;

  constructor(value: object) {
    const [symbol] = Object.getOwnPropertySymbols(value);
    this.name = Reflect.get(value, 'name');
    this.parentPath = Reflect.get(value, 'parentPath');
    this.kind = symbol === undefined ? undefined : Reflect.get(value, symbol);
  }
}

const dirent: DataClass = {
  pack: (value) => new Dirent(value),
  revive: (copy, Class) =>
    Class === undefined ? copy : new Class(Reflect.get(copy, 'name'), Reflect.get(copy, 'kind'), Reflect.get(copy, 'parentPath')),
};

const CLASSES: Readonly<Record<string, DataClass>> = { Stats: asIs, BigIntStats: asIs, StatFs: asIs, Dirent: dirent };

const known = (value: unknown): DataClass | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = classNameOf(value);
  return Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
};

/** Whether a result is an object of such a class, or a list of them. */
export function isDataInstance(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every((item) => known(item) !== undefined) : known(value) !== undefined;
}

/** The form of such a result that is written. */
export function packData(value: unknown): unknown {
  if (Array.isArray(value)) return (value as object[]).map((item) => known(item)?.pack(item) ?? item);
  return typeof value === 'object' && value !== null ? (known(value)?.pack(value) ?? value) : value;
}

/** Gives a decoded result its methods back. @param classNamed the class of node:fs of this name */
export function reviveData(value: unknown, classNamed: (name: string) => unknown): unknown {
  if (Array.isArray(value)) {
    for (const [i, item] of (value as unknown[]).entries()) if (known(item) !== undefined) value[i] = reviveData(item, classNamed);
    return value;
  }
  const found = known(value);
  if (found === undefined || typeof value !== 'object' || value === null) return value;
  const Class = classNamed(classNameOf(value));
  return found.revive(value, typeof Class === 'function' ? (Class as Constructor) : undefined);
}

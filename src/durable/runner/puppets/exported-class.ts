// What a module of Node exports in the place of one of its classes. It IS the puppet's class, so that `class X extends net.Socket` of a
// program is one; outside of sessions it makes Node's own.
import { real } from '../globals/real.ts';
import { currentSession } from './here.ts';

type AnyFunction = (...args: unknown[]) => unknown;
export type AnyClass = abstract new (...args: never[]) => object;

/**
 * Methods of a puppet's class that is also a base of Node's own objects: of subclasses that a package makes outside of a session. Those get the
 * methods of Node.
 */
export function guardMethods(Puppet: AnyClass, isPuppet: (value: object) => boolean): void {
  const own = Puppet.prototype as object;
  const base = Object.getPrototypeOf(own) as object;
  const either = (ours: AnyFunction, theirs: (receiver: object) => AnyFunction | undefined): AnyFunction => {
    const guarded = function (this: object, ...args: unknown[]): unknown {
      return isPuppet(this) ? Reflect.apply(ours, this, args) : Reflect.apply(theirs(this) ?? ours, this, args);
    };
    Object.defineProperties(guarded, { name: { value: ours.name }, length: { value: ours.length } });
    return guarded;
  };
  for (const key of Reflect.ownKeys(own)) {
    const property = Object.getOwnPropertyDescriptor(own, key);
    if (key === 'constructor' || property === undefined) continue;
    const { value, get } = property as { value?: AnyFunction; get?: AnyFunction };
    if (typeof value === 'function')
      Object.defineProperty(own, key, { ...property, value: either(value, () => Reflect.get(base, key) as AnyFunction) });
    else if (get !== undefined)
      Object.defineProperty(own, key, {
        ...property,
        get: either(get, (receiver) => () => Reflect.get(base, key, receiver) as unknown) as () => unknown,
      });
  }
}

/**
 * @param Native Node's class @param Puppet a subclass of it
 * @param isNew whether Node lets it be called without `new`
 */
export function exportedClass<T extends AnyClass>(Native: T, Puppet: AnyClass, isPuppet: (value: object) => boolean): T {
  const make = (args: readonly unknown[], target: unknown): object => {
    const Chosen = currentSession() === undefined ? Native : Puppet;
    const made = target === exported || target === Native ? Chosen : target;
    return Reflect.construct(Chosen, args, made as AnyClass) as object;
  };
  const exported: T = new real.Proxy(Puppet, {
    construct: (_target, args: unknown[], target) => make(args, target),
    // Node's own classes call the constructor of their base on themselves, as do those that util.inherits makes.
    apply: (_target, receiver: unknown, args: unknown[]) =>
      isInstance(receiver) ? Reflect.apply(Native as unknown as AnyFunction, receiver, args) : make(args, exported),
    get: (target, key, receiver) => {
      if (key === Symbol.hasInstance) return (value: unknown): boolean => isInstance(value);
      return Reflect.get(Object.hasOwn(target, key) ? target : Native, key, receiver) as unknown;
    },
  }) as unknown as T;
  const isInstance = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    (Object.prototype.isPrototypeOf.call(Native.prototype as object, value) || isPuppet(value));
  Object.defineProperty(Puppet, 'name', { value: Native.name, configurable: true });
  Object.defineProperty(Puppet.prototype, 'constructor', { value: exported, writable: true, configurable: true });
  return exported;
}

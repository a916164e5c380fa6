// A stand-in for a live object that an asynchronous call opened in an earlier process. Methods read from it are functions that the hook
// knows by their receiver; called by anything else they throw.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { FunctionKinds } from '../kinds/function-kinds.ts';

/**
 * Makes a stand-in.
 * @param prototype of its class, when a class of that name is known: `instanceof` holds then
 * @param onField told of each field that is read, once: it may be a method, or a live object of its own
 */
export function makeStandIn(
  className: string,
  module: string,
  kinds: FunctionKinds,
  prototype: object | null,
  onField: (field: object, name: string) => void,
): object {
  return new Proxy(Object.create(prototype) as object, reader(className, module, kinds, prototype, onField));
}

function reader(
  className: string,
  module: string,
  kinds: FunctionKinds,
  prototype: object | null,
  onField: (field: object, name: string) => void,
): ProxyHandler<object> {
  const fields = new Map<string, object>();
  return {
    get(held, key) {
      const own = Object.getOwnPropertyDescriptor(held, key);
      if (own !== undefined) return own.value as unknown;
      if (key === Symbol.toStringTag) return className;
      if (key === Symbol.iterator || key === Symbol.asyncIterator)
        return makeField(`${className}[${key.description ?? ''}]`, '', module, kinds);
      if (typeof key === 'symbol' || key === 'then') return undefined;
      if (key === 'constructor') return prototype === null ? Object : (Reflect.get(prototype, key) as unknown);
      const known = fields.get(key);
      if (known !== undefined) return known;
      const made = makeField(`${className}.${key}`, key, module, kinds);
      fields.set(key, made);
      onField(made, key);
      return made;
    },
  };
}

function makeField(shown: string, name: string, module: string, kinds: FunctionKinds): object {
  const stub = (): never => {
    throw new ResproutError('LIVE_OBJECT_LOST', `${shown} was called on an object that an earlier process opened`, {
      tried: shown,
      do: 'Open it again in this process',
    });
  };
  Object.defineProperty(stub, 'name', { value: name, configurable: true });
  // Only its name and what functions have are real; every other field is a stand-in again.
  const inner = reader(shown, module, kinds, null, () => undefined);
  const field = new Proxy(stub, {
    get(held, key, receiver) {
      const isReal = key === 'name' || key in Function.prototype;
      return (isReal ? Reflect.get(held, key) : inner.get?.(held, key, receiver)) as unknown;
    },
  });
  kinds.markOutside(field, module);
  return field;
}

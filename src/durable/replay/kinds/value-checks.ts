/** Any function, called with whatever it is given. */
export type AnyFunction = (...args: unknown[]) => unknown;

export const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** Whether a value has an identity and properties: functions count. */
export const isObject = (value: unknown): value is object => (typeof value === 'object' && value !== null) || isFunction(value);

export const isThenable = (value: unknown): value is PromiseLike<unknown> => isObject(value) && isFunction(Reflect.get(value, 'then'));

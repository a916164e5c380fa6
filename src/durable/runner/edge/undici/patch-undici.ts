import { DISPATCHERS } from '../../../../platform/engine/fetch-client.ts';
import type { Patcher } from '../../globals/patch.ts';
import { recordedDispatch, type Dispatch, type DispatchOptions } from './dispatch.ts';
import type { Handler } from './handlers.ts';

const patched = new WeakSet<object>();

/** Patches one copy of undici. @param Base the base class of its dispatchers */
export function patchDispatcher(patcher: Patcher, Base: unknown): void {
  if (typeof Base !== 'function' || patched.has(Base)) return;
  patched.add(Base);
  const prototype: unknown = Base.prototype;
  if (typeof prototype !== 'object' || prototype === null) return;
  const original: unknown = Reflect.get(prototype, 'dispatch');
  if (typeof original !== 'function') return;
  const outside = <T>(run: () => T): T => patcher.realm.context.run(undefined, run);
  patcher.replace(prototype, 'dispatch', 'own', function (this: object, options: DispatchOptions, handler: Handler): boolean {
    const dispatch = original.bind(this) as Dispatch;
    const session = patcher.session();
    if (session === undefined) return dispatch(options, handler);
    return recordedDispatch(session, dispatch, outside, options, handler);
  });
}

/** Patches the copy of Node, once it is loaded: packages take over its dispatcher. */
export function patchOwnUndici(patcher: Patcher): void {
  const shared: unknown = DISPATCHERS.map((key): unknown => Reflect.get(globalThis, key)).find((found) => typeof found === 'object');
  for (let one: unknown = shared; typeof one === 'object' && one !== null; one = Object.getPrototypeOf(one))
    if (Object.hasOwn(one, 'dispatch')) return patchDispatcher(patcher, one.constructor);
}

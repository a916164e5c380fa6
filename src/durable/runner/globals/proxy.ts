import type { Patcher } from './patch.ts';

/**
 * Proxy: a callable one counts as what it wraps. Nothing in the language tells the target of a proxy, so it is noted where proxies are
 * made. A proxy that a package makes is one of that package.
 */
export function patchProxy(patcher: Patcher): void {
  const { Proxy: RealProxy } = globalThis;
  const { kinds } = patcher.realm;
  const note = (target: unknown, made: unknown): void => {
    if (typeof target === 'function' && typeof made === 'function') kinds.standsFor(made, target);
  };
  const revocable = {
    revocable: (target: object, handler: ProxyHandler<object>): { proxy: object; revoke: () => void } => {
      const made = RealProxy.revocable(target, handler);
      note(target, made.proxy);
      return made;
    },
  }.revocable;
  kinds.mark(revocable, 'language');
  // The patched one is a proxy itself: name, length, the missing prototype and the refusal without `new` are those of the original.
  const patched = new RealProxy(RealProxy, {
    construct: (target, args: [object, ProxyHandler<object>]) => {
      const made = Reflect.construct(target, args) as object;
      note(args[0], made);
      return made;
    },
    get: (target, key) => (key === 'revocable' ? revocable : (Reflect.get(target, key) as unknown)),
  });
  kinds.mark(patched, 'language');
  Object.defineProperty(globalThis, 'Proxy', { value: patched, writable: true, configurable: true });
}

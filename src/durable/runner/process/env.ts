// The environment of a session: its own copy, which its activities see too.
import type { Patcher } from '../globals/patch.ts';
import { real } from '../globals/real.ts';

/** A copy that takes values as `process.env` does: as text. The time zone of the language is that of the process, so it goes there too. */
export function sessionEnv(values: Readonly<Record<string, string>>): Record<string, string> {
  const set = (target: Record<string, string>, name: string, value: unknown): boolean => {
    target[name] = `${value as string}`;
    if (name === 'TZ') real.env['TZ'] = target[name];
    return true;
  };
  return new Proxy<Record<string, string>>(
    { ...values },
    {
      set: (target, name, value) => (typeof name === 'symbol' ? Reflect.set(target, name, value) : set(target, name, value)),
      defineProperty: (target, name, property) => {
        if (typeof name === 'symbol' || !('value' in property)) return Reflect.defineProperty(target, name, property);
        return set(target, name, property.value);
      },
      deleteProperty: (target, name) => {
        if (name === 'TZ') delete real.env['TZ'];
        return Reflect.deleteProperty(target, name);
      },
    },
  );
}

/** `process.env` becomes a getter: the program reads and writes its session's copy, activities of the session too. */
export function patchEnv(patcher: Patcher): void {
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => patcher.realm.owner()?.env ?? real.env,
    set: (given: Record<string, string>) => {
      const owner = patcher.realm.owner();
      if (owner === undefined) return;
      for (const key of Object.keys(owner.env)) delete owner.env[key];
      for (const [key, value] of Object.entries(given)) owner.env[key] = String(value);
    },
  });
}

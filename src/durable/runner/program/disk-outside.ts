import type { Disk } from '../../../base/seams/disk.ts';

/**
 * The disk as this package reads it amid a turn of the program. It uses the functions of `node:fs` that programs have, and what it reads is no
 * call of theirs: it runs outside of the session.
 * @param onError gets what the system answers, such as EIO: nothing of that is the program's, so it does not come back to it
 */
export function diskOutside(disk: Disk, outside: <T>(run: () => T) => T, onError: (error: unknown) => never): Disk {
  return new Proxy(disk, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]): unknown => {
        try {
          return outside(() => Reflect.apply(method, target, args) as unknown);
        } catch (error) {
          return onError(error);
        }
      };
    },
  });
}

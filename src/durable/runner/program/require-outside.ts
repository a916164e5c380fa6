import { requireFrom, type RequireFunction } from '../../../platform/engine/node-require.ts';

/**
 * `require` as seen from a file. Node's own looks for files by the functions of `node:fs` that programs have, and keeps what it finds for the
 * life of a process. So it looks outside of the session: what a journal has must not depend on what the process has loaded before.
 */
export function requireOutside(file: string, outside: <T>(run: () => T) => T): RequireFunction {
  const real = requireFrom(file);
  const resolve: RequireFunction['resolve'] = Object.assign(
    (...args: Parameters<RequireFunction['resolve']>) => outside(() => real.resolve(...args)),
    { paths: real.resolve.paths },
  );
  const found = (specifier: string): unknown => {
    resolve(specifier);
    return real(specifier) as unknown;
  };
  return Object.assign(found, { resolve, cache: real.cache, extensions: real.extensions, main: real.main });
}

import { isBuiltin } from 'node:module';

/** A builtin as `node:fs`, however it was written; undefined when the specifier does not name one of this Node. */
export function builtinModule(specifier: string): string | undefined {
  if (!isBuiltin(specifier)) return undefined;
  return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
}

/** The exports of a builtin, without import: nothing is loaded that the program has not loaded, save its own builtins. */
export function builtinExports(module: string): object | undefined {
  const found: unknown = process.getBuiltinModule(module);
  return (typeof found === 'object' || typeof found === 'function') && found !== null ? found : undefined;
}

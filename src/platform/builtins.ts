import { isBuiltin } from 'node:module';

/** A builtin as `node:fs`, however it was written; undefined when the specifier does not name one of this Node. */
export function builtinModule(specifier: string): string | undefined {
  if (!isBuiltin(specifier)) return undefined;
  return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
}

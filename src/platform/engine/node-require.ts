import { createRequire } from 'node:module';

/** Node's own `require` as seen from one file. */
export type RequireFunction = NodeJS.Require;

// Taken when this file loads, before anything is patched.
const realCreateRequire = createRequire;

/** Makes the `require` of a file, by its absolute path. */
export function requireFrom(file: string): RequireFunction {
  return realCreateRequire(file);
}

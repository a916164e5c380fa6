import type { ImportKind, LateFiles } from '../../../base/builds/build.ts';
import type { RequireFunction } from '../../../platform/engine/node-require.ts';
import type { Compiler } from '../build/compile.ts';

/** Where everything that is not a user file comes from. One for the whole process. */
export interface Loaders {
  readonly compiler: Compiler;
  /** Namespaces of the running copy of this package by its public entries, such as `resprout/durable`. */
  readonly own: ReadonlyMap<string, object>;
  /** Node's own loader: the namespace of a package file or builtin by its url. All sessions share it. */
  importUrl(url: string): Promise<object>;
  /** Node's own require, as seen from a file. What it loads is to be loaded inside `loading`. */
  requireFrom(file: string): RequireFunction;
  /** Runs what loads a package: nothing in it is recorded, its clock stands and its chance is its own. */
  loading<T>(target: string, run: () => T): T;
  /** Asks the owner for what a computed import needs. @throws ResproutError REMOTE_MODULE_MISSING and others of the builder */
  late(from: string, specifier: string, kind: ImportKind): Promise<LateFiles>;
  /** Told of each package and builtin that a user file imports. `target` is the absolute path of its file, or the builtin's name. */
  imported(specifier: string, target: string, value: unknown): void;
}

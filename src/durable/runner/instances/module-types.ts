import type { BuildProblem, ModuleTarget } from '../../../base/builds/build.ts';
import type { FileFacts } from '../build/build-reader.ts';
import type { ModuleSource } from '../build/compile.ts';

/** A package file, a builtin or a public entry of this package. */
export interface External {
  readonly kind: 'external';
  readonly target: ModuleTarget;
  namespace: object | undefined;
  failure: unknown;
}

/** A user file. */
export interface UserModule {
  readonly kind: 'user';
  readonly file: string;
  /** `file:` url of the real file. */
  readonly url: string;
  readonly facts: FileFacts;
  readonly source: ModuleSource;
  /** What its static imports lead to, by their number. */
  readonly deps: Dependency[];
  /** All names that it exports, with where each one comes from. Filled once the graph below it is complete. */
  exports: ReadonlyMap<string, ResolvedExport> | undefined;
}

export type Dependency = UserModule | External | { readonly kind: 'problem'; readonly problem: BuildProblem };

/** Where an export really lives. */
export type ResolvedExport =
  /** A binding that the file itself declares; `name` is what it exports it as. */
  | { readonly kind: 'own'; readonly module: UserModule; readonly name: string; readonly local: string }
  | { readonly kind: 'external'; readonly external: External; readonly name: string }
  | { readonly kind: 'namespace'; readonly of: UserModule | External }
  /** Two `export *` give different bindings of this name: it cannot be imported. */
  | { readonly kind: 'ambiguous' };

/** The namespace of something loaded. @throws what loading it threw */
export function namespaceOf(external: External): object {
  if (external.namespace === undefined) throw external.failure;
  return external.namespace;
}

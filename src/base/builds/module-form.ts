// What durable/transform adds to the table of a user file: how its module function is linked. Read by durable/runner/instances.
import type { SiteEntry } from './build.ts';

/** One `export` of a file: of a binding of its own, or of another module. */
export type ExportEntry =
  | { readonly name: string; readonly kind: 'local'; readonly local: string }
  /** `export { from as name } from dep`, or an import that is exported again. `from` is `*` for a namespace. */
  | { readonly name: string; readonly kind: 'from'; readonly dep: number; readonly from: string };

/** How an ES module is linked: everything that the module function itself does not say. */
export interface LinkInfo {
  /** Specifiers of static imports and re-exports in the order of the text, each once. Numbers below are places in it. */
  readonly deps: readonly string[];
  /** Names imported from each dependency with the place of the import, for the error when one is missing; `*` for the namespace. */
  readonly imports: readonly { readonly dep: number; readonly name: string; readonly line: number; readonly column: number }[];
  readonly exports: readonly ExportEntry[];
  /** Dependencies of `export *`. */
  readonly stars: readonly number[];
  /** What the second step binds, in order: the bindings of a dependency (`i`) or its namespace as a value (`n`). */
  readonly binds: readonly { readonly kind: 'i' | 'n'; readonly dep: number }[];
  /** Whether the body has a top-level await. */
  readonly awaits: boolean;
}

/** Something that runs but is not made durable. Shown once, when the file is built. */
export interface TransformWarning {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The fields that durable/transform adds to `table.json`. */
export interface ModuleForm {
  readonly sites: readonly SiteEntry[];
  /** Null for CommonJS and JSON. */
  readonly link: LinkInfo | null;
  /** Names of top-level classes, exported or not: what the accessor of an instance hands out. */
  readonly classes: readonly string[];
  readonly warnings: readonly TransformWarning[];
  /** Start and end in `shown.js` of what `toString` of function `n` shows: a method with its name, without `static`. */
  readonly shown: readonly (readonly [number, number])[];
}

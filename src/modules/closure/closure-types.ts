import type { FileResolution, ModuleTarget, ServedFile } from '../../base/builds/build.ts';

/** A module of a closure that cannot be found. */
export interface MissingModule {
  readonly from: string;
  readonly specifier: string;
  /** Static import `i`, literal `import()` `d`, literal require `r`. */
  readonly kind: 'i' | 'd' | 'r';
  /** Whether loading the target fails for sure: a static import, reached by static imports only. Others may be optional. */
  readonly certain: boolean;
}

/** A native add-on that a closure reaches. Node loads those from a real file only, so they cannot travel. */
export interface NativeModule {
  readonly from: string;
  readonly file: string;
  /** Whether loading the target needs it for sure: a file that is reached by static imports requires it at its top level, outside try. */
  readonly certain: boolean;
}

/** Everything a far context needs to load one target. */
export interface Closure {
  readonly target: ModuleTarget;
  readonly files: ReadonlyMap<string, ServedFile>;
  readonly resolution: ReadonlyMap<string, FileResolution>;
  /** Whether the entry file of the build is in it. */
  readonly reachesEntry: boolean;
  readonly natives: readonly NativeModule[];
  readonly missing: readonly MissingModule[];
}

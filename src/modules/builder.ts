import type { Builder, BuilderOptions } from './builder-types.ts';

/** Makes a builder. Reads the disk only when asked to build. */
export function createBuilder(options: BuilderOptions): Builder {
  throw new Error(`not yet: ${String(options.root)}`);
}

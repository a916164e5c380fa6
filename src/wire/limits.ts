import type * as table from './limit-values.ts';

/** The limits in force: see limit-values.ts. */
export * as LIMITS from './limit-values.ts';

/** The type of the table. */
export type Limits = typeof table;

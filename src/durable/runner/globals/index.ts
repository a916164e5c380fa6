export { patchGlobals, type GlobalsOptions } from './patch-globals.ts';
export type { ProcessUse } from './process-functions.ts';

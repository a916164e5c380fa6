export { patchGlobals } from './patch-globals.ts';

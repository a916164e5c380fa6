export { patchGlobals } from './patch-globals.ts';
export { setUserRequire } from './create-require.ts';

export type { ErrorClass, PlainServe, PlainServeOptions } from './plain-serve.ts';

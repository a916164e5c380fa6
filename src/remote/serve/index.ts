export { createPlainServe } from './create-plain-serve.ts';
export { checkClosure, createModuleServer, type ModuleServerOptions } from './module-server.ts';
export type { ErrorClass, PlainServe, PlainServeOptions } from './plain-serve.ts';
export { processServe } from './process-serve.ts';

export type { ContextInfo } from './core/context-info.ts';
export { fnRef, isFunctionRef, type FunctionRef } from './core/fn-ref.ts';
export type { Message } from './core/messages.ts';

export { fnRef, isFunctionRef, type FunctionRef } from './child/core/fn-ref.ts';

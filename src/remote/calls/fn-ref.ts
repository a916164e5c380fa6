export { fnRef, isFunctionRef, type FunctionRef } from '../child/core/calls/fn-ref.ts';

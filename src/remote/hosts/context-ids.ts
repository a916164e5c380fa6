import { contextId, type ContextId } from '../../base/brand.ts';

/** The ids of contexts: 1, 2, 3 …; given out by the controller alone, unique in its tree and never used again. */
export class ContextIds {
  #next = 1;

  next(): ContextId {
    return contextId(this.#next++);
  }
}

import { contextId, type ContextId } from '../../base/brand.ts';

/**
 * The ids of contexts, one after the other; given out by the controller alone, unique in its tree. None is used again, but for the one that a detached
 * context brings along.
 */
export class ContextIds {
  readonly #attached = new Set<number>();
  #next: number;

  constructor(first = 1) {
    this.#next = first;
  }

  next(): ContextId {
    while (this.#attached.has(this.#next)) this.#next++;
    return contextId(this.#next++);
  }

  /** The id of a context that comes from another controller, or comes back. */
  take(id: number): ContextId {
    if (id >= this.#next) this.#attached.add(id);
    return contextId(id);
  }
}

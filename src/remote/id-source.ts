import type { ContextId } from '../base/brand.ts';

/** Gives out ids of contexts. They are unique in the tree and never used again. */
export interface IdSource {
  next(): Promise<ContextId>;
}

/** The ids of the controller: 1, 2, 3 …; also hands blocks to processes below it. */
export class RootIds implements IdSource {
  #next = 1;

  next(): Promise<ContextId> {
    return Promise.resolve(this.#next++ as ContextId);
  }

  /** A block of `count` ids, the end excluded. */
  block(count: number): { readonly from: number; readonly to: number } {
    const from = this.#next;
    this.#next += count;
    return { from, to: this.#next };
  }
}

/** The ids of a process below the controller: from blocks that it asks for. */
export class BlockIds implements IdSource {
  readonly #askForBlock: () => Promise<{ readonly from: number; readonly to: number }>;
  #block: Promise<{ from: number; readonly to: number }> | undefined;

  constructor(askForBlock: () => Promise<{ readonly from: number; readonly to: number }>) {
    this.#askForBlock = askForBlock;
  }

  async next(): Promise<ContextId> {
    for (;;) {
      const block = await (this.#block ??= this.#askForBlock().then(({ from, to }) => ({ from, to })));
      if (block.from < block.to) return block.from++ as ContextId;
      this.#block = undefined;
    }
  }
}

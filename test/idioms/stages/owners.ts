import type { Order } from '../inside/orders.ts';
import type { Inside } from './inside.ts';
import { Owner, type Answer } from './owner.ts';
import type { PackageUnderTest } from './package-under-test.ts';

/** One owner at a time, made anew when the last was killed; the next one boots while a kill is on its way. */
export class Owners implements AsyncDisposable {
  readonly #inside: Inside;
  readonly #package: PackageUnderTest;
  #owner: Owner | undefined;
  #next: Owner | undefined;

  constructor(inside: Inside, given: PackageUnderTest) {
    this.#inside = inside;
    this.#package = given;
  }

  /** @param stdinFd standard input of the program */
  async order(order: Order, limitMs: number, stdinFd?: number): Promise<Answer> {
    if (stdinFd !== undefined) return await this.#orderOnce(order, limitMs, stdinFd);
    if (this.#owner?.isAlive !== true) {
      this.#owner = this.#next ?? new Owner(this.#inside, this.#package);
      this.#next = undefined;
    }
    if (order.killAfter !== undefined) this.#next ??= new Owner(this.#inside, this.#package);
    const answer = await this.#owner.order(order, limitMs);
    // What did not answer is not asked again.
    if (answer.how !== 'ended') {
      await this.#owner.close();
      this.#owner = undefined;
    }
    return answer;
  }

  /** An input belongs to one process: its owner carries out nothing else. */
  async #orderOnce(order: Order, limitMs: number, stdinFd: number): Promise<Answer> {
    const owner = new Owner(this.#inside, this.#package, stdinFd);
    try {
      return await owner.order(order, limitMs);
    } finally {
      await owner.close();
    }
  }

  /** In a process that a command starts, and that ends by itself. */
  async orderWithin(within: readonly string[], order: Order, limitMs: number): Promise<Answer> {
    const owner = new Owner(this.#inside, this.#package, undefined, within);
    try {
      return await owner.order(order, limitMs);
    } finally {
      await owner.leave(limitMs);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#owner?.close(), this.#next?.close()]);
  }
}

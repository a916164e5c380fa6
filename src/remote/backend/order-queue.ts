import type { Begin, CallOrder, Order } from '../../supervisor/index.ts';

type Sent = Exclude<Order, Begin | CallOrder>;

/** Orders on their way to a far unit. They are few: one of each kind. */
export class OrderQueue {
  readonly #waiting: Sent[] = [];
  #hasEnded = false;
  #wake: () => void = () => {};

  put(order: Sent): void {
    this.#waiting.push(order);
    this.#wake();
  }

  /** Nothing more comes. Twice is fine. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  async *read(): AsyncGenerator<Sent, void> {
    for (;;) {
      const order = this.#waiting.shift();
      if (order !== undefined) yield order;
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

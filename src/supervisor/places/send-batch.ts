// What is sent at once goes together: to hand over many small messages one by one costs more than all that is done with them. Answers to calls that
// came together, and calls that follow such answers, are sent in microtasks that lie in the queue one behind the other.

/** Runs what follows it in a microtask, whatever a program has made of `queueMicrotask`. */
const settled = Promise.resolve();

/** Gathers messages, and hands them over in the order in which they were sent. */
export class SendBatch {
  readonly #handOver: (messages: readonly Uint8Array[]) => void;
  readonly #flush = (): void => this.flush();
  #waiting: Uint8Array[] = [];

  /** @param handOver takes at least one message */
  constructor(handOver: (messages: readonly Uint8Array[]) => void) {
    this.#handOver = handOver;
  }

  /** Sends a message behind all that runs now and all microtasks that wait already: with what they send, before anything that follows from them. */
  sendSoon(message: Uint8Array): void {
    if (this.#waiting.push(message) === 1) void settled.then(this.#flush);
  }

  /** Sends a message now, behind those that wait. */
  send(message: Uint8Array): void {
    this.#waiting.push(message);
    this.flush();
  }

  /** Hands over what waits. Twice is fine. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#handOver(messages);
  }
}

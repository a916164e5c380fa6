import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { decodeRowBytes, encodeEvent } from '../../../src/durable/journal/events/row-codec.ts';
import type { SessionSink } from '../../../src/durable/replay/session/session-sink.ts';
import { realClock } from '../../../src/platform/time/clock.ts';
import { realRandom } from '../../../src/platform/random.ts';
import { realTurn } from '../../../src/platform/time/turn.ts';

/** What a memory sink tells of each append. */
export interface MemorySinkOptions {
  /** Called after each append with the number of events so far. */
  readonly onAppend?: (count: number) => void;
  /** Commits take a random while, as a disk does. Default: the next turn. */
  readonly slow?: boolean;
  /** No commit ends before this. */
  readonly hold?: Promise<void>;
}

/** A journal in memory. Events go through the row codec, so that what is replayed is what a store would give. */
export class MemorySink implements SessionSink {
  readonly events: JournalEvent[];
  readonly #options: MemorySinkOptions;
  readonly #waiting: { readonly upTo: number; readonly run: () => void }[] = [];
  #durable: number;
  #isBusy = false;
  barriers = 0;
  commits = 0;

  constructor(history: readonly JournalEvent[], options: MemorySinkOptions = {}) {
    this.events = [...history];
    this.#durable = history.length;
    this.#options = options;
  }

  append(event: JournalEvent): void {
    const [copy] = decodeRowBytes(encodeEvent(event), 1);
    if (copy === undefined) throw new Error('the row codec lost an event');
    this.events.push(copy);
    this.#options.onAppend?.(this.events.length);
  }

  whenDurable(run: () => void): void {
    this.#waiting.push({ upTo: this.events.length, run });
    this.#commit();
  }

  barrier(): void {
    if (this.#durable < this.events.length) this.barriers++;
    this.#durable = this.events.length;
  }

  async #commitAfter(hold: Promise<void>, done: () => void): Promise<void> {
    await hold;
    realTurn.next(done);
  }

  #commit(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const upTo = this.events.length;
    const done = (): void => {
      this.commits++;
      this.#isBusy = false;
      this.#durable = Math.max(this.#durable, upTo);
      const ready = this.#waiting.filter((waiter) => waiter.upTo <= this.#durable);
      this.#waiting.splice(0, ready.length);
      for (const { run } of ready) run();
      if (this.#waiting.length > 0) this.#commit();
    };
    const { hold } = this.#options;
    if (hold !== undefined) void this.#commitAfter(hold, done);
    else if (this.#options.slow === true && realRandom.fraction() < 0.5) realClock.after(realRandom.fraction() * 2, done);
    else realTurn.next(done);
  }
}

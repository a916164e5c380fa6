import { toError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { SupervisorEvent } from './events.ts';

/** Events that wait for a slow reader. */
const MOST_WAITING = 10_000;

type WithoutTime<E> = E extends unknown ? Omit<E, 'atMs'> : never;

/** An event before its time was written down. */
export type Told = WithoutTime<SupervisorEvent>;

interface Reader {
  readonly waiting: SupervisorEvent[];
  wake: () => void;
}

/** One stream of events for any number of readers, and for a function of the program. */
export class Events {
  readonly #readers = new Set<Reader>();
  readonly #onEvent: ((event: SupervisorEvent) => void) | undefined;
  #hasEnded = false;

  constructor(onEvent: ((event: SupervisorEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  /** It has happened, now. */
  tell(event: Told, clock: Clock): void {
    const told = { ...event, atMs: clock.wallMs() };
    this.#put(told);
    try {
      this.#onEvent?.(told);
    } catch (thrown) {
      // The program's own function: it is told as a rejection that nobody handles, and no unit suffers from it.
      void Promise.reject(toError(thrown));
    }
  }

  #put(event: SupervisorEvent): void {
    for (const reader of this.#readers) {
      reader.waiting.push(event);
      if (reader.waiting.length > MOST_WAITING) reader.waiting.shift();
      reader.wake();
    }
  }

  end(): void {
    this.#hasEnded = true;
    for (const { wake } of this.#readers) wake();
  }

  /** From now on. */
  read(): AsyncIterableIterator<SupervisorEvent> {
    const reader: Reader = { waiting: [], wake: () => {} };
    this.#readers.add(reader);
    return this.#iterate(reader);
  }

  async *#iterate(reader: Reader): AsyncGenerator<SupervisorEvent> {
    try {
      for (;;) {
        const event = reader.waiting.shift();
        if (event !== undefined) yield event;
        else if (this.#hasEnded) return;
        else await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      this.#readers.delete(reader);
    }
  }
}

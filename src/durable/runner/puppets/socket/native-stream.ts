// The half outside of a stream: a socket, or a pipe of a child process. It is read on while the program takes what was read.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Bytes of one source that are not in the journal or not taken by the program, at most. */
const CREDIT_BYTES = 256 * 1024;

/** Where its events go. */
export interface StreamSink {
  arrive(name: string, value?: unknown): void;
  arriveData(name: string, chunk: Uint8Array): number;
}

/** Events of a connection on its way, which the program is told together with the next one. */
export type Note = readonly [name: string, ...args: unknown[]];

const NOTES = ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout'] as const;

/** One native stream. */
export class NativeStream<Native extends Duplex = Socket> {
  readonly native: Native;
  #sink: StreamSink | undefined;
  readonly #early: [name: string, value: unknown][] = [];
  #notes: Note[] = [];
  /** What was heard and not given to the program yet. */
  #ungiven: Uint8Array[] = [];
  #untaken = 0;
  #isAsked = false;
  #isTakenOver = false;

  constructor(native: Native) {
    this.native = native;
    native.on('end', () => this.arrive('end'));
    native.on('error', (error) => this.arrive('error', { error, notes: this.takeNotes(), ...this.closingFacts() }));
    native.on('close', () => this.arrive('close', this.closingFacts()));
  }

  /** What else is told with the event that it is over. */
  protected closingFacts(): object | undefined {
    return undefined;
  }

  /** From now on its events go to the program. */
  attach(sink: StreamSink): this {
    this.#sink = sink;
    for (const [name, value] of this.#early.splice(0)) sink.arrive(name, value);
    return this;
  }

  /** Notes what happens before the connection stands. @param isLookedUp the program has asked for the address itself, and knows */
  note(isLookedUp: boolean): this {
    for (const name of NOTES)
      if (name !== 'lookup' || !isLookedUp) this.native.on(name as 'close', (...args: unknown[]) => this.#notes.push([name, ...args]));
    return this;
  }

  takeNotes(): readonly Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  arrive(name: string, value?: unknown): void {
    if (this.#sink === undefined) this.#early.push([name, value]);
    else this.#sink.arrive(name, value);
  }

  readonly #hear = (chunk: Uint8Array): void => {
    this.#untaken += chunk.length;
    this.#ungiven.push(chunk);
    this.#sink?.arriveData('data', chunk);
    if (this.#untaken >= CREDIT_BYTES) this.native.pause();
  };

  /** The program was given so many bytes of what was heard. */
  given(bytes: number): void {
    for (let left = bytes; left > 0 && this.#ungiven[0] !== undefined;) {
      const [first] = this.#ungiven;
      if (first.length <= left) this.#ungiven.shift();
      else this.#ungiven[0] = first.subarray(left);
      left -= first.length;
    }
  }

  /**
   * Another one reads the native stream from now on. @param early what the program was given and has not used
   * @returns how to let it flow, when the other one is there
   */
  takeOver(early: Uint8Array): () => void {
    this.#isTakenOver = true;
    this.native.pause();
    this.native.off('data', this.#hear);
    const bytes = Buffer.concat([early, ...this.#ungiven]);
    this.#ungiven = [];
    if (bytes.length > 0) this.native.unshift(bytes);
    // It takes what is there in a tick, and must find it.
    return () => process.nextTick(() => this.native.resume());
  }

  /** The program wants to read. @param taken bytes that it was given since it said so last */
  ask(taken: number): void {
    if (this.#isTakenOver) return;
    this.#untaken = Math.max(0, this.#untaken - taken);
    // Not before, and not paused until then: an encrypted connection reads for its own ends first.
    if (!this.#isAsked) this.native.on('data', this.#hear);
    else if (!this.native.isPaused()) return;
    this.#isAsked = true;
    if (this.#untaken < CREDIT_BYTES) this.native.resume();
  }

  /** @param isAwaited whether the program waits until it has left */
  write(bytes: Uint8Array, isAwaited: boolean): void {
    const left = (): void => this.arrive('drain');
    if (this.native.destroyed || this.native.writableEnded) {
      if (isAwaited) left();
    } else if (isAwaited) this.native.write(bytes, left);
    else this.native.write(bytes);
  }

  end(): void {
    const final = (): void => this.arrive('final');
    if (this.native.destroyed || this.native.writableFinished) final();
    else this.native.end(final);
  }

  destroy(): void {
    if (!this.native.destroyed) this.native.destroy();
  }

  reset(): void {
    const { native } = this as { native: Duplex & Partial<Pick<Socket, 'resetAndDestroy'>> };
    if (!native.destroyed) native.resetAndDestroy?.();
  }
}

// Memory that the main thread of a runner and its broker thread share. PHASE is written by main alone; the broker reads it. PARK and
// CANCEL are written by the broker and read by every call, so that a program that never returns to its event loop sees them too.

/** What the main thread does now. Only `user` is the program's own code; a watch may stop nothing else. */
export const PHASE = { idle: 0, user: 1, sync: 2, barrier: 3, import: 4, parked: 5 } as const;
export type Phase = keyof typeof PHASE;

const WORD = { PHASE: 0, PARK: 1, CANCEL: 2, LABEL_LENGTH: 3 } as const;
const WORDS = 16;
const LABEL_BYTES = 256;
const PHASE_BITS = 3;
const TURN_MASK = 0xfff_ffff;

/** The words, over memory of its own or over that of the other thread. */
export class SharedWords {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #label: Uint8Array;
  #turn = 0;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4 + LABEL_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#label = new Uint8Array(buffer, WORDS * 4, LABEL_BYTES);
  }

  get phase(): Phase {
    const value = Atomics.load(this.#words, WORD.PHASE) & ((1 << PHASE_BITS) - 1);
    return (Object.keys(PHASE) as Phase[]).find((name) => PHASE[name] === value) ?? 'idle';
  }

  /** Number of the turn: moves with every turn of user code. */
  get turn(): number {
    return Atomics.load(this.#words, WORD.PHASE) >>> PHASE_BITS;
  }

  /** Main only. */
  enter(phase: Phase): void {
    Atomics.store(this.#words, WORD.PHASE, (this.#turn << PHASE_BITS) | PHASE[phase]);
  }

  /** Main only: another phase while `run` runs, then the one before. */
  during<T>(phase: Phase, run: () => T): T {
    const before = this.phase;
    this.enter(phase);
    try {
      return run();
    } finally {
      this.enter(before);
    }
  }

  /** Main only: the next turn of user code begins. */
  beginTurn(): void {
    this.#turn = (this.#turn + 1) & TURN_MASK;
    this.enter('user');
  }

  /** Main only: all microtasks of the turn have run. A later turn or another phase is left as it is. */
  endTurn(): void {
    const user = (this.#turn << PHASE_BITS) | PHASE.user;
    Atomics.compareExchange(this.#words, WORD.PHASE, user, this.#turn << PHASE_BITS);
  }

  get isParkAsked(): boolean {
    return Atomics.load(this.#words, WORD.PARK) === 1;
  }

  /** Broker only. */
  askPark(): void {
    Atomics.store(this.#words, WORD.PARK, 1);
  }

  get isCancelAsked(): boolean {
    return Atomics.load(this.#words, WORD.CANCEL) === 1;
  }

  /** Broker only. */
  askCancel(): void {
    Atomics.store(this.#words, WORD.CANCEL, 1);
  }

  /** Main only: the synchronous effect that runs from now on, or none. The list of what a park cut off names it. */
  setSyncLabel(label: string | undefined): void {
    const bytes = label === undefined ? 0 : writeLatin(label, this.#label);
    Atomics.store(this.#words, WORD.LABEL_LENGTH, bytes);
  }

  /** Broker only. */
  get syncLabel(): string | undefined {
    const length = Math.min(Atomics.load(this.#words, WORD.LABEL_LENGTH), LABEL_BYTES);
    if (length <= 0) return undefined;
    return new TextDecoder().decode(this.#label.slice(0, length));
  }

  /** Main only: sleeps for ever. The broker or the owner ends the process. */
  sleepForEver(): never {
    for (;;) Atomics.wait(this.#words, WORD.PHASE, Atomics.load(this.#words, WORD.PHASE), 1000);
  }
}

/** Labels are short and almost always ASCII; other characters become `?`, which is enough for a list. Returns the bytes written. */
function writeLatin(text: string, into: Uint8Array): number {
  const length = Math.min(text.length, into.length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    into[i] = code < 128 ? code : 63;
  }
  return length;
}

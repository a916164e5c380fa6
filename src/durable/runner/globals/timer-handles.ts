// What setTimeout, setInterval and setImmediate of a session return. Node's own classes are not exported; these have their names and methods.
import type { Session, SessionImmediate, SessionTimer } from '../../replay/session/session-api.ts';

type Callback = (...args: unknown[]) => void;

/** Delays as Node reads them, but longer ones than 24.8 days are kept: the journal can wait. */
export function delayMs(ms: unknown): number {
  const delay = Number(ms);
  return delay >= 1 && delay < Number.POSITIVE_INFINITY ? delay : 1;
}

const warned = new WeakMap<Session, Set<string>>();

/** Says in Node's words that a delay is none: of no number and of a negative one once in a session. */
export function warnOfDelay(session: Session, ms: unknown): void {
  const delay = Number(ms);
  if (ms === undefined || (delay >= 0 && delay < Number.POSITIVE_INFINITY)) return;
  const said = warned.get(session) ?? new Set<string>();
  warned.set(session, said);
  const [what, name] = Number.isNaN(delay)
    ? ['is not a number', 'TimeoutNaNWarning']
    : delay < 0
      ? ['is a negative number', 'TimeoutNegativeWarning']
      : ['does not fit into a 32-bit signed integer', 'TimeoutOverflowWarning'];
  if (said.has(name)) return;
  if (delay !== Number.POSITIVE_INFINITY) said.add(name);
  process.emitWarning(`${String(delay)} ${what}.\nTimeout duration was set to 1.`, name);
}

/** Timers of a session by the number that the program asked them for. */
const byNumber = new WeakMap<Session, Map<number, Timeout>>();

/** The timer of a number; undefined when none has it. */
export function timeoutOfNumber(session: Session, number: number): Timeout | undefined {
  return byNumber.get(session)?.get(number);
}

/** A durable timer of a program. */
export class Timeout {
  readonly #session: Session;
  readonly #run: () => void;
  readonly #ms: number;
  readonly #isRepeated: boolean;
  #timer: SessionTimer | undefined;
  #isRef = true;
  /** Cleared by the program: it cannot be started again. */
  #isClosed = false;
  #number: number | undefined;

  constructor(session: Session, ms: number, callback: Callback, args: readonly unknown[], isRepeated: boolean) {
    this.#session = session;
    this.#ms = ms;
    this.#isRepeated = isRepeated;
    this.#run = () => Reflect.apply(callback, this, [...args]);
    this.#set();
  }

  #set(): void {
    this.#timer = this.#session.world.timer(this.#ms, () => this.#fire());
    if (!this.#isRef) this.#timer.setRef(false);
  }

  #fire(): void {
    this.#timer = undefined;
    try {
      this.#run();
    } finally {
      // Its callback may have cleared it or set it anew. One that throws goes on too, when the program lives through it.
      if (this.#isRepeated && !this.#isClosed) {
        if (this.#timer === undefined) this.#set();
      } else if (this.#timer === undefined) this.#forget();
    }
  }

  #forget(): void {
    if (this.#number !== undefined) byNumber.get(this.#session)?.delete(this.#number);
  }

  ref(): this {
    this.#isRef = true;
    this.#timer?.setRef(true);
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#timer?.setRef(false);
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  refresh(): this {
    if (this.#isClosed) return this;
    this.#timer?.clear();
    this.#set();
    return this;
  }

  close(): this {
    this.#isClosed = true;
    this.#timer?.clear();
    this.#timer = undefined;
    this.#forget();
    return this;
  }

  [Symbol.toPrimitive](): number {
    if (this.#number !== undefined) return this.#number;
    const numbers = byNumber.get(this.#session) ?? new Map<number, Timeout>();
    byNumber.set(this.#session, numbers);
    this.#number = nextNumber(this.#session);
    if (!this.#isClosed) numbers.set(this.#number, this);
    return this.#number;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const lastNumber = new WeakMap<Session, number>();

function nextNumber(session: Session): number {
  const number = (lastNumber.get(session) ?? 0) + 1;
  lastNumber.set(session, number);
  return number;
}

/** A function of a program that waits for its turn. */
export class Immediate {
  readonly #immediate: SessionImmediate;
  #isRef = true;
  #isClosed = false;

  constructor(session: Session, callback: Callback, args: readonly unknown[]) {
    this.#immediate = session.world.immediate(() => {
      if (!this.#isClosed) Reflect.apply(callback, this, [...args]);
    });
  }

  ref(): this {
    this.#isRef = true;
    this.#immediate.setRef(true);
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#immediate.setRef(false);
    return this;
  }

  hasRef(): boolean {
    return !this.#isClosed && this.#isRef;
  }

  /** For `clearImmediate`. */
  static close(immediate: Immediate): void {
    immediate.#isClosed = true;
    immediate.#immediate.clear();
  }

  [Symbol.dispose](): void {
    Immediate.close(this);
  }
}

// How a program comes to its end: who hears of it, in which order, and with which code. As in Node, for the program of a session:
// 1. `exit` is told once, synchronously; after it, and after process.exit, nothing of the program runs any more.
// 2. `beforeExit` is told when nothing holds the program; when that led to new work, it is told again after it.
// 3. An error that nobody caught ends the program where it stands, unless the program's own handlers take it.
// 4. A program that waits while nothing is left that could go on with it ends with code 13.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Result } from './ending.ts';
import type { ProcessEvents } from './process-events.ts';

/** Leaves the turn of a program that exits. A program that catches it gains nothing: what it does afterwards does not count. */
export class Exit extends Error {}

/** How an error came to nobody. */
export type Uncaught = 'uncaughtException' | 'unhandledRejection';

export interface DepartureHost {
  readonly processEvents: ProcessEvents;
  /** Whether something is left that may call the program: a call, a timer, an object, an immediate. */
  readonly isHeld: boolean;
  /** What the program was told is lost, such as `child process sort at main.ts:3`. */
  readonly lost: readonly string[];
  /** Counts what the program was given: deliveries and immediates. */
  readonly moves: number;
  /** Set when the session was cancelled: what a program that waits for nothing ends with. */
  readonly cancellation: Error | undefined;
  /** Runs `run` as code of the program. What it throws is thrown. */
  inProgram<T>(run: () => T): T;
  /** Something has changed. */
  kick(): void;
}

const STALLED_CODE = 13;
/** Of an error inside the handler of uncaught errors. */
const HANDLER_FAILED_CODE = 7;

/** The end of one session's program. */
export class Departure {
  readonly #host: DepartureHost;
  #result: Result | undefined;
  #isScript = false;
  /** Work that a `beforeExit` listener began keeps a program with an entry alive too. */
  #lingers = false;
  #isExiting = false;
  #isOver = false;
  #askedAt: number | undefined;

  constructor(host: DepartureHost) {
    this.#host = host;
  }

  /** There is no entry: the program ends when its modules have run and nothing holds it. */
  setScript(): void {
    this.#isScript = true;
  }

  get result(): Result | undefined {
    return this.#result;
  }

  /** Whether nothing of the program runs any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get hasEnded(): boolean {
    if (this.#result === undefined) return this.#isOver;
    if (this.#isOver || this.#result.how === 'failed') return true;
    return !(this.#isScript || this.#lingers) || !this.#host.isHeld;
  }

  /** Whether the program waits for something that nothing can bring. */
  get isStalled(): boolean {
    return this.#result === undefined && !this.#isOver && !this.#host.isHeld;
  }

  /** The entry has returned or thrown. */
  settle(result: Result): void {
    if (this.#isOver || (result.how === 'failed' && result.error instanceof Exit)) return;
    this.#result ??= result;
    this.#host.kick();
  }

  /** The body of a script has thrown: nobody has caught it, and a handler of the program that takes it lets the script go on. */
  bodyThrew(error: unknown): void {
    this.crash(error, 'uncaughtException', undefined);
    this.settle({ how: 'done', value: undefined });
  }

  /** `process.exit`. @param code undefined: `process.exitCode` counts */
  exit(code: number | undefined): never {
    const { processEvents } = this.#host;
    if (!this.#isOver) {
      if (code !== undefined) processEvents.exitCode = code;
      const thrown = this.#sayExit();
      if (!this.#isOver) this.#over(thrown ?? exited(processEvents.exitCode ?? 0));
    }
    throw new Exit('process.exit');
  }

  /** `process.reallyExit`, and a signal that the program sent to itself: no listener hears of it. */
  stop(code: number, how: string): void {
    this.#over(code === 0 ? { how: 'done', value: undefined, exitCode: 0 } : failedWith(code, how));
  }

  /** An error that nobody caught. @param promise of a rejection */
  crash(error: unknown, how: Uncaught, promise: unknown): void {
    if (this.#isOver || error instanceof Exit) return;
    if (how === 'unhandledRejection') {
      let isHeard: boolean;
      try {
        isHeard = this.#emit('unhandledRejection', error, promise);
      } catch (thrown) {
        return this.crash(thrown, 'uncaughtException', undefined);
      }
      if (isHeard) return undefined;
    }
    try {
      if (this.#isHandled(how === 'unhandledRejection' ? rejectionError(error) : error, how)) return;
    } catch (thrown) {
      if (!(thrown instanceof Exit)) this.#over({ how: 'failed', error: thrown, exitCode: HANDLER_FAILED_CODE });
      return;
    }
    this.#host.processEvents.exitCode = 1;
    this.#leaveWith({ how: 'failed', error });
  }

  #isHandled(error: unknown, how: Uncaught): boolean {
    const { capture } = this.#host.processEvents;
    if (capture !== undefined) {
      this.#host.inProgram(() => capture(error));
      return true;
    }
    this.#emit('uncaughtExceptionMonitor', error, how);
    return this.#emit('uncaughtException', error, how);
  }

  /**
   * The program has ended or waits for nothing: what it still has to say.
   * @returns whether something ran; false when everything is said
   */
  lastWords(): boolean {
    const { processEvents, isHeld, moves } = this.#host;
    if (this.#isOver) return false;
    if (this.#result?.how !== 'failed' && !isHeld && this.#askedAt !== moves && processEvents.count('beforeExit') > 0) {
      this.#askedAt = moves;
      this.#lingers = true;
      try {
        this.#emit('beforeExit', processEvents.exitCode ?? 0);
      } catch (error) {
        this.crash(error, 'uncaughtException', undefined);
      }
      return true;
    }
    if (this.#result === undefined) processEvents.exitCode ??= STALLED_CODE;
    else if (this.#result.how === 'failed') processEvents.exitCode = 1;
    this.#leaveWith(this.#result ?? { how: 'failed', error: this.#host.cancellation ?? stalled(this.#host.lost) });
    return true;
  }

  /** Listeners of `exit` hear of it, and may change the code. */
  #leaveWith(result: Result): void {
    const { processEvents } = this.#host;
    const thrown = this.#sayExit();
    if (this.#isOver) return;
    const code = processEvents.exitCode ?? 0;
    if (thrown !== undefined) this.#over(thrown);
    else if (result.how === 'failed') this.#over(code === 1 ? result : { ...result, exitCode: code });
    else this.#over(code === 0 ? result : failedWith(code, `the program ended with process.exitCode ${String(code)}`));
  }

  /** Listeners of `exit`, once. @returns the result when one of them threw */
  #sayExit(): Result | undefined {
    if (this.#isExiting) return undefined;
    this.#isExiting = true;
    try {
      this.#emit('exit', this.#host.processEvents.exitCode ?? 0);
      return undefined;
    } catch (error) {
      return error instanceof Exit ? undefined : { how: 'failed', error };
    }
  }

  #emit(name: string, ...args: readonly unknown[]): boolean {
    return this.#host.inProgram(() => this.#host.processEvents.emit(name, ...args));
  }

  #over(result: Result): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#result = result;
    this.#host.kick();
  }
}

function failedWith(code: number, text: string): Result {
  return { how: 'failed', error: new ResproutError('PROGRAM_FAILED', text), exitCode: code };
}

function exited(code: number): Result {
  if (code === 0) return { how: 'done', value: undefined, exitCode: 0 };
  return failedWith(code, `the program called process.exit(${String(code)})`);
}

function stalled(lost: readonly string[]): ResproutError {
  const saw = 'no call, no timer and no open object is left, and the program has not ended';
  const isLost = lost.length > 0;
  return new ResproutError('PROGRAM_STALLED', 'the program waits for something that nothing can bring any more', {
    saw: isLost ? `${saw}; lost with the process that had it: ${lost.join(', ')}` : saw,
    kept: 'Everything recorded before it',
    do: isLost
      ? 'Listen to the `error` or `close` of what may be lost, or make the whole exchange one activity()'
      : 'Look for a promise that nobody settles, or an event that was over before somebody listened',
  });
}

/** What Node gives to handlers of uncaught errors for a rejection: an error as it is, anything else in the message of one. */
function rejectionError(reason: unknown): unknown {
  if (typeof reason === 'object' && reason !== null && Object.hasOwn(reason, 'stack')) return reason;
  const text =
    'This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not ' +
    `handled with .catch(). The promise rejected with the reason "${shown(reason)}".`;
  return Object.assign(new Error(text), { code: 'ERR_UNHANDLED_REJECTION' });
}

function shown(reason: unknown): string {
  try {
    return String(reason);
  } catch {
    return Object.prototype.toString.call(reason);
  }
}

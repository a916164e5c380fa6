import { ResproutError } from '../../base/errors/errors.ts';
import type { ErrorCode } from '../../base/errors/error-codes.ts';

/** What a unit was doing. `start` is everything between `prepare` and the first line of its file. */
export type Phase = 'prepare' | 'start' | 'load' | 'setup' | 'run' | 'drain' | 'teardown' | 'cancel' | 'release';

/**
 * How it failed: `threw` in a step; `uncaught` beside the steps (a callback, a rejection that nobody handled); `exited` by process.exit;
 * `killed` by a signal that was not ours; `memory` ran out; `lost` with its link, with unknown outcome; `late`: a time limit passed;
 * `unhealthy`: a probe or the watchdog said so; `leaked`: no rung of the ladder ended it.
 */
export type FailureKind = 'threw' | 'uncaught' | 'exited' | 'killed' | 'memory' | 'lost' | 'late' | 'unhealthy' | 'leaked';

/** One thing that went wrong in a life. */
export interface UnitFailure {
  readonly phase: Phase;
  readonly kind: FailureKind;
  /** Its stack is of the owner; its cause, where there is one, is the error with the stack of the place where the unit ran. */
  readonly error: ResproutError;
}

/**
 * How a life ended: `returned` by itself, `cancelled` when it was asked to, `exited` by process.exit, `killed` by the last rung since it
 * did not end when asked, `failed`, or `leaked`.
 */
export type EndKind = 'returned' | 'cancelled' | 'exited' | 'killed' | 'failed' | 'leaked';

/** The end of one life. */
export interface UnitEnd {
  readonly how: EndKind;
  /** What ended it, when that was a failure. */
  readonly failure: UnitFailure | undefined;
  /** What went wrong besides: in teardown, in cancel, in what `prepare` deferred. */
  readonly also: readonly UnitFailure[];
  /** Whether teardown ran to its end, or would have where the Runtime has none. False without a good setup, after process.exit and after a kill. */
  readonly isTornDown: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Ended to be made new, by its age or its memory: no failure, and no restart that counts. */
  readonly isRecycled: boolean;
}

const CODES: Readonly<Partial<Record<FailureKind, ErrorCode>>> = { late: 'UNIT_LATE', unhealthy: 'UNIT_LATE', leaked: 'UNIT_LEAKED' };

/** What failures of one unit are told with. */
export interface FailedUnit {
  readonly name: string;
  /** Frames of the program that declared it. */
  readonly declared: string;
}

/** Makes a failure. @param what one sentence after the name of the unit, such as `threw in setup: no such table` */
export function unitFailure({ declared, name }: FailedUnit, phase: Phase, kind: FailureKind, what: string, cause?: unknown): UnitFailure {
  const options = cause === undefined ? undefined : { cause };
  const error = new ResproutError(CODES[kind] ?? 'UNIT_FAILED', `${name} ${what}`, { tried: `${phase} of ${name}`, saw: what }, options);
  Object.defineProperty(error, 'stack', { value: `${error.name}: ${error.message}\n${declared}`, writable: true, configurable: true });
  return { phase, kind, error };
}

/** The message of what was thrown, whatever it is. */
export function thrownText(thrown: Error): string {
  return thrown.name === 'Error' || thrown.name === 'ResproutError' || thrown.message.startsWith(thrown.name)
    ? thrown.message
    : `${thrown.name}: ${thrown.message}`;
}

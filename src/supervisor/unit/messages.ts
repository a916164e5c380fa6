// What owner and unit say to one another, in every place alike. Orders go to the unit, reports come from it.

/** Where a Runtime is: an export of a file. */
export interface RuntimeAddress {
  /** The build of the program that has the file, for places that are sent it. */
  readonly build: string;
  /** Real path of the file. */
  readonly file: string;
  /** Names from the namespace of the file on. */
  readonly path: readonly string[];
  /** For messages, such as `ops.ts#Web`. */
  readonly label: string;
}

/** What a unit is started with. */
export interface Begin {
  readonly kind: 'begin';
  readonly name: string;
  readonly life: number;
  readonly runtime: RuntimeAddress;
  /** What `prepare` gave. */
  readonly given: unknown;
  /** Whether the unit says by itself when it is ready; otherwise it is when run has blocked for a turn. */
  readonly tellsReady: boolean;
}

/** A call of a method of the unit. */
export interface UnitCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** What a call came to. */
export type Answer = { readonly how: 'returned'; readonly value: unknown } | { readonly how: 'threw'; readonly error: Error };

/** Orders about calls, for places that send them with the others. */
export type CallOrder = ({ readonly kind: 'call'; readonly id: number } & UnitCall) | { readonly kind: 'abort'; readonly id: number };

/** `drain`: no new work is taken, and what is under way goes on. `cancel`: the signal fires. `leave`: run is not waited for any longer; teardown, then the end. */
export type Order = Begin | CallOrder | { readonly kind: 'drain' } | { readonly kind: 'cancel' } | { readonly kind: 'leave' };

/** Phases that a unit reports. */
export type UnitPhase = 'load' | 'setup' | 'run' | 'teardown';

/** What a unit says. `over` is its last word: nothing of its steps is left to do. */
export type Report =
  | { readonly kind: 'phase'; readonly phase: UnitPhase }
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'extend'; readonly ms: number }
  | ({ readonly kind: 'answer'; readonly id: number } & Answer)
  /** It takes no work any more, and has none left. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'failed'; readonly phase: UnitPhase | 'drain'; readonly how: 'threw' | 'uncaught'; readonly error: Error }
  | { readonly kind: 'over'; readonly how: 'returned' | 'cancelled' | 'failed'; readonly isTornDown: boolean };

const PHASES: readonly unknown[] = ['load', 'setup', 'run', 'teardown'];
const FAILED_PHASES: readonly unknown[] = [...PHASES, 'drain'];
const HOWS: readonly unknown[] = ['returned', 'cancelled', 'failed'];
/** Longest extension that is taken at once. */
export const MOST_EXTEND_MS = 3_600_000;

const isAnError = (value: unknown): boolean => value instanceof Error;

/** Whether a value is a report: it comes from a process that runs any code. */
export function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const report = value as Readonly<Record<string, unknown>>;
  switch (report['kind']) {
    case 'ready':
    case 'alive':
    case 'drained':
      return true;
    case 'answer':
      return (
        typeof report['id'] === 'number' && (report['how'] === 'returned' || (report['how'] === 'threw' && isAnError(report['error'])))
      );
    case 'phase':
      return PHASES.includes(report['phase']);
    case 'extend':
      return typeof report['ms'] === 'number' && report['ms'] >= 0 && report['ms'] <= MOST_EXTEND_MS;
    case 'failed':
      return (
        FAILED_PHASES.includes(report['phase']) && ['threw', 'uncaught'].includes(report['how'] as string) && isAnError(report['error'])
      );
    case 'over':
      return HOWS.includes(report['how']) && typeof report['isTornDown'] === 'boolean';
    default:
      return false;
  }
}

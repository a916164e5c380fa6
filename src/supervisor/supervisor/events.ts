import type { ResproutError } from '../../base/errors/errors.ts';
import type { UnitEnd } from '../contract/failure.ts';
import type { LifeState } from '../contract/states.ts';
import type { Changed } from '../groups/member.ts';
import type { CoreEnd } from '../restarts/restart-core.ts';

/** How a supervisor or a group ended. */
export interface KeeperEnd {
  /** `closed` by order; `finished`: no unit is left to keep; `gave-up`: the budget is spent; `start-failed`. */
  readonly how: CoreEnd;
  /** Why, unless it was closed or finished. */
  readonly error: ResproutError | undefined;
}

/** What happens in a supervisor. `unit` is the path of names: `workers/queue` for one of a supervisor below. Times are of the wall clock. */
export type SupervisorEvent = { readonly atMs: number } & (
  | { readonly kind: 'state'; readonly unit: string; readonly life: number; readonly state: LifeState }
  | { readonly kind: 'ended'; readonly unit: string; readonly life: number; readonly end: UnitEnd }
  | { readonly kind: 'restart'; readonly unit: string; readonly delayMs: number }
  /** A change of a group is over; `unit` is the group. */
  | { readonly kind: 'changed'; readonly unit: string; readonly what: Changed; readonly replicas: number }
);

/** One unit, as it is now. */
export interface UnitSnapshot {
  readonly unit: string;
  /** Of its last life; `created` before the first. */
  readonly state: LifeState;
  /** How many lives it has had, the one that runs now among them. */
  readonly lives: number;
  readonly pid: number | undefined;
  /** Since when its last life is ready, milliseconds since the epoch. */
  readonly readySinceMs: number | undefined;
  /** The end of the life before. */
  readonly lastEnd: UnitEnd | undefined;
  /** Calls that it has, in a group. */
  readonly calls?: number;
  /** Whether it gets calls while it is ready, in a group. */
  readonly isActive?: boolean;
  /** Units of a supervisor below. */
  readonly units: readonly UnitSnapshot[];
}

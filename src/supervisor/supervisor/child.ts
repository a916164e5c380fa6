import type { UnitEnd } from '../contract/failure.ts';
import type { LifeState } from '../contract/states.ts';
import type { Kept } from '../restarts/rules.ts';
import type { KeeperEnd, UnitSnapshot } from './events.ts';

/** What a supervisor keeps alive, for one life: a Runtime, or a supervisor below. */
export interface Child {
  readonly state: LifeState;
  readonly pid: number | undefined;
  /** Resolves when it is ready; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Never rejects. */
  readonly over: Promise<UnitEnd>;
  begin(): void;
  stop(): Promise<UnitEnd>;
  /** Ends it to be made new. */
  recycle(): void;
}

/** What keeps children alive: a supervisor, or a group. */
export interface Keeper {
  /** Never rejects. */
  readonly ended: Promise<KeeperEnd>;
  /** Resolves when every child has been ready. @throws ResproutError why it ended before */
  start(): Promise<void>;
  snapshot(): readonly UnitSnapshot[];
  /** Makes a unit new. @param path its name, below names of supervisors and groups, such as `jobs/mailer` */
  recycle(path: string): void;
  close(): Promise<void>;
}

/** A declared child. */
export interface ChildSpec {
  readonly name: string;
  readonly kept: Kept;
  /** Makes its next life. @param onState told of each state of it */
  make(life: number, onState: (state: LifeState) => void): Child;
}

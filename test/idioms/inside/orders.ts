// What the driver and an owner process say to each other.
import type { FailureText } from './failure.ts';

/**
 * `run`: a new session. `resume`: goes on with it. `replay`: the product's own check of a recorded session.
 * `again`: a resume with the recorded end taken away and nothing written: what the program does on the whole of its history, and how it
 * ends by itself. A replay tells the recorded value, this one the value of the code.
 */
export type OrderStage = 'run' | 'resume' | 'replay' | 'again';

export interface Order {
  readonly stage: OrderStage;
  readonly file: string;
  readonly folder: string;
  readonly storeFolder: string;
  readonly sessionId: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The program reads the standard input of the owner. */
  readonly hasInput: boolean;
  /** Owner and runner are killed right after the commit of this event. */
  readonly killAfter?: number | undefined;
  /** What the program prints is appended here, as it arrives at the owner. */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

/** How a stage ended, told by the owner. */
export interface Ending {
  /** Absent when the call threw. */
  readonly state?: 'done' | 'failed' | 'cancelled' | 'parked' | 'lost';
  /** Canonical text of the returned value, for `done`. */
  readonly value?: string;
  readonly failure?: FailureText;
  readonly exitCode?: number;
  readonly events?: number;
  /** Why the session was lost, or what the call threw. */
  readonly problem?: FailureText;
  readonly notes: readonly string[];
  /** Kinds of the events that `again` would have appended. */
  readonly appended?: readonly string[];
  /** What was in the journal when `resume` or `again` began. */
  readonly recorded?: readonly RecordedEvent[];
}

/** As much of an event as is needed to see what is under way. */
export interface RecordedEvent {
  readonly t: string;
  readonly id?: number;
  /** For conversations: which one, and what happened. */
  readonly object?: number;
  readonly name?: string;
}

import type { JournalEvent } from '../../durable/journal/events/event.ts';

/** State of a session as its journal and its owner show it. `interrupted`: its owner died without parking it. */
export type SessionState = 'running' | 'parked' | 'waiting' | 'interrupted' | 'done' | 'failed' | 'cancelled' | 'damaged';

/** The process that owns a session now. */
export interface OwnerInfo {
  readonly pid: number;
  readonly sinceMs: number;
  readonly command: string;
}

/** One line of `resprout sessions`. */
export interface SessionInfo {
  readonly sessionId: string;
  readonly state: SessionState;
  readonly file: string;
  readonly exportName: string;
  readonly folder: string;
  readonly build: string;
  readonly startedMs: number;
  /** Wall time of the last event. */
  readonly lastMs: number;
  readonly events: number;
  /** Set for `running`. */
  readonly owner?: OwnerInfo | undefined;
  /** Set for `waiting`: only a timer is pending, and this is when it is due. */
  readonly dueMs?: number | undefined;
  /** First line of the error of a failed session, or what is damaged. */
  readonly summary?: string | undefined;
}

/** A session with its decoded events, for `resprout show`. */
export interface SessionRecord {
  readonly info: SessionInfo;
  readonly events: readonly JournalEvent[];
}

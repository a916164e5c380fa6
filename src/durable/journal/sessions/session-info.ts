import type { JournalEvent } from '../events/event.ts';
import { timeIn } from './session-id.ts';

/**
 * State of a session as its journal and its owner show it. `interrupted`: its owner died without parking it. `sealed`: its values are sealed and the key
 * is not there, so that nobody can say more.
 */
export type SessionState = 'running' | 'parked' | 'waiting' | 'interrupted' | 'done' | 'failed' | 'cancelled' | 'damaged' | 'sealed';

/** The process that owns a session now. */
export interface OwnerInfo {
  readonly pid: number;
  readonly sinceMs: number;
  readonly command: string;
}

/** The call that a session waits for. */
export interface WaitedFor {
  readonly label: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  /** How many other calls have no result either. */
  readonly others: number;
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
  /** Calls that it made, synchronous ones too. */
  readonly calls: number;
  /** Set for `running`. */
  readonly owner?: OwnerInfo | undefined;
  /** Set for `waiting`: only a timer is pending, and this is when it is due. */
  readonly dueMs?: number | undefined;
  /** The call without a result that was made first; absent when there is none, and once it has ended. */
  readonly waitsFor?: WaitedFor | undefined;
  /** Set once it has ended. */
  readonly exitCode?: number | undefined;
  /** First line of the error of a failed session, or what is damaged. */
  readonly summary?: string | undefined;
}

/** A session with its decoded events, for `resprout show`. */
export interface SessionRecord {
  readonly info: SessionInfo;
  readonly events: readonly JournalEvent[];
}

/** Whether a session comes before another one in lists. Of a damaged one only its id says when it was started. */
export function isNewer(one: SessionInfo, other: SessionInfo): boolean {
  const [first, second] = [one, other].map((info) => (isUnread(info) ? timeIn(info.sessionId) : info.startedMs));
  return first === second ? one.sessionId > other.sessionId : (first ?? 0) > (second ?? 0);
}

/** Whether nothing is known of a session but its name and what is wrong with it. */
export function isUnread({ state }: Pick<SessionInfo, 'state'>): boolean {
  return state === 'damaged' || state === 'sealed';
}

/** The line of a session of which nothing is known but its name and what is wrong with it. */
export function damagedInfo(
  sessionId: string,
  owner: OwnerInfo | undefined,
  summary: string,
  state: 'damaged' | 'sealed' = 'damaged',
): SessionInfo {
  const unknown = { file: '', exportName: '', folder: '', build: '', events: 0, calls: 0 };
  const startedMs = state === 'sealed' ? timeIn(sessionId) : 0;
  return { sessionId, state, ...unknown, startedMs, lastMs: startedMs, owner, summary };
}

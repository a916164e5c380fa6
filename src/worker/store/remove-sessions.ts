// Sessions that go: one by its id, or all that are old enough. Each is claimed first, so that nobody runs it meanwhile.
import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import type { SessionInfo, SessionState } from '../../durable/journal/sessions/session-info.ts';
import { removeUnusedBuilds } from '../../modules/build/unused-builds.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { realRandom } from '../../platform/random.ts';
import { realClock } from '../../platform/time/clock.ts';
import type { Store } from './store.ts';

/** States of sessions that have ended. */
export const ENDED_STATES: readonly SessionState[] = ['done', 'failed', 'cancelled'];

/** Which sessions a prune removes. */
export interface PruneOptions {
  /** Those whose last event is older than this, ms. */
  readonly olderThanMs: number;
  /** Those in these states. Default: those that have ended. */
  readonly states?: readonly SessionState[] | undefined;
  /** Removes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Text of the command line, for others that meet this process. */
  readonly command: string;
}

/** What a prune did. */
export interface Pruned {
  /** The sessions that went, or that would go. */
  readonly sessions: readonly SessionInfo[];
  /** How many builds that no session needs any more went. */
  readonly builds: number;
}

/**
 * Removes a session: its journal, and what else the store has of it.
 * @throws ResproutError SESSION_MISSING, SESSION_HELD when a process runs it
 */
export async function removeSession({ sessions }: Store, sessionId: string, command: string): Promise<void> {
  const claim = await sessions.claim(sessionId, { command, mustExist: true }).catch((error: unknown) => {
    throw error instanceof ResproutError && error.code === 'SESSION_HELD' ? held(error, sessionId) : error;
  });
  try {
    await sessions.remove(sessionId);
  } finally {
    await claim.release();
  }
}

/** Removes sessions that are old enough and not being run, then builds that no session needs. */
export async function pruneSessions(store: Store, { olderThanMs, states, dryRun = false, command }: PruneOptions): Promise<Pruned> {
  const before = realClock.wallMs() - olderThanMs;
  const old: SessionInfo[] = [];
  for await (const info of store.sessions.list({ states: states ?? ENDED_STATES })) if (info.lastMs < before) old.push(info);
  if (dryRun) return { sessions: old, builds: 0 };
  const sessions: SessionInfo[] = [];
  for (const info of old) if (await removeUnchanged(store, info, command)) sessions.push(info);
  return { sessions, builds: sessions.length === 0 ? 0 : await removeBuilds(store) };
}

/** Removes a session that is still what it was when it was looked at. Whether it went: another process may run it, or have removed it. */
export async function removeUnchanged({ sessions }: Store, info: SessionInfo, command: string): Promise<boolean> {
  const { sessionId } = info;
  const claim = await sessions.claim(sessionId, { command, mustExist: true }).catch((error: unknown) => {
    if (codeOf(error) === 'SESSION_HELD' || codeOf(error) === 'SESSION_MISSING') return undefined;
    throw error;
  });
  if (claim === undefined) return false;
  try {
    const now = await sessions.info(sessionId);
    // We own it now, which makes a session that has not ended a running one.
    if (now === undefined || now.events !== info.events || now.lastMs !== info.lastMs) return false;
    await sessions.remove(sessionId);
    return true;
  } finally {
    await claim.release();
  }
}

/**
 * Removes the builds that no session of the store needs and that nobody has used for a day. None goes while the journal of a session cannot be
 * read: it may need any. @returns how many went
 */
export async function removeBuilds({ sessions, buildsFolder }: Store, signal?: AbortSignal): Promise<number> {
  const needed = await sessions.builds(signal);
  if (needed === undefined) return 0;
  return removeUnusedBuilds({
    disk: createDisk({ sync: false }),
    random: realRandom,
    folder: buildsFolder,
    needed,
    nowMs: realClock.wallMs(),
  });
}

function held({ message, problem }: ResproutError, sessionId: string): ResproutError {
  return new ResproutError('SESSION_HELD', message, {
    ...problem,
    tried: `remove ${sessionId}`,
    do: `Let it end, or end it: resprout cancel ${sessionId}`,
  });
}

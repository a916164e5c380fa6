import { ResproutError } from '../../base/errors/errors.ts';
import type { SessionInfo, SessionRecord } from '../../durable/journal/sessions/session-info.ts';
import type { SessionFilter } from '../../durable/journal/sessions/session-store.ts';
import { inStore } from '../../platform/system-error.ts';
import { eventsOf, startOf } from './journal-events.ts';
import type { Store } from './store.ts';

/** Sessions of a store, the one that was started last first. A damaged journal is a line of its own and does not hide the others. */
export async function listSessions(store: Store, filter?: SessionFilter): Promise<readonly SessionInfo[]> {
  return await inStore(store.folder, () => list(store, filter));
}

async function list(store: Store, filter: SessionFilter | undefined): Promise<readonly SessionInfo[]> {
  const infos: SessionInfo[] = [];
  for await (const info of store.sessions.list(filter)) infos.push(info);
  return infos;
}

/** What is known of a session as a whole, without its events. @throws ResproutError SESSION_MISSING, STORE_IO */
export async function sessionInfo(store: Store, sessionId: string): Promise<SessionInfo> {
  return await inStore(store.folder, async () => {
    const info = await store.sessions.info(sessionId);
    if (info === undefined) throw noSession(store, sessionId, 'read');
    return info;
  });
}

/** One session with its decoded events. Read-only: a live owner is not disturbed. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT */
export async function readSession(store: Store, sessionId: string): Promise<SessionRecord> {
  return await inStore(store.folder, () => read(store, sessionId));
}

async function read(store: Store, sessionId: string): Promise<SessionRecord> {
  const { sessions } = store;
  if (!(await sessions.has(sessionId))) throw noSession(store, sessionId, 'read');
  // Asked before the events are read: what is said of the session is at most older than they are.
  const info = await sessions.info(sessionId);
  const events = await eventsOf(sessions.read(sessionId));
  startOf(events, sessionId);
  if (info === undefined) throw noSession(store, sessionId, 'read');
  return { info, events };
}

async function lastSessionId({ sessions }: Store): Promise<string> {
  for await (const last of sessions.list({ limit: 1 })) return last.sessionId;
  throw new ResproutError('SESSION_MISSING', `there is no session in ${sessions.where}`, {
    tried: `find the last session in ${sessions.where}`,
    saw: 'no session',
    do: 'Name the store with --store, or start a session with resprout run',
  });
}

/** The error of a session that a store does not have. @param what was tried, such as `read` */
export function noSession({ sessions }: Store, sessionId: string, what: string): ResproutError {
  return new ResproutError('SESSION_MISSING', `there is no session ${sessionId} in ${sessions.where}`, {
    tried: `${what} ${sessionId}`,
    saw: 'no such session',
  });
}

/** What stands for the id of the session that was started last. No id begins with it. */
const LAST = 'last';

/**
 * The one session whose id begins with `prefix` (`ses_` may be left out); for `last` the one that was started last.
 * @throws ResproutError SESSION_MISSING, SESSION_ID_AMBIGUOUS
 */
export async function resolveSessionId(store: Store, prefix: string): Promise<string> {
  if (prefix === LAST) return await lastSessionId(store);
  const found = await store.sessions.ids(prefix.startsWith('ses_') ? prefix : `ses_${prefix}`);
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) {
    throw new ResproutError('SESSION_MISSING', `no session begins with ${prefix}`, {
      tried: `find ${prefix} in ${store.sessions.where}`,
      saw: 'no session of that name',
    });
  }
  throw new ResproutError('SESSION_ID_AMBIGUOUS', `${found.length} sessions begin with ${prefix}`, {
    tried: `find ${prefix} in ${store.sessions.where}`,
    saw: found.slice(0, 5).join(', ') + (found.length > 5 ? ' …' : ''),
  });
}

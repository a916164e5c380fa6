import { ResproutError } from '../../base/errors/errors.ts';
import type { SessionInfo, SessionRecord } from '../../durable/journal/sessions/session-info.ts';
import { eventsOf, startOf } from './journal-events.ts';
import type { Store } from './store.ts';

/** All sessions of a store, the newest first. A damaged journal is a line of its own and does not hide the others. */
export async function listSessions(store: Store): Promise<readonly SessionInfo[]> {
  return await store.sessions.list();
}

/** One session with its decoded events. Read-only: a live owner is not disturbed. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT */
export async function readSession(store: Store, sessionId: string): Promise<SessionRecord> {
  const { sessions } = store;
  if (!(await sessions.has(sessionId))) throw noSession(store, sessionId, 'read');
  // Asked before the events are read: what is said of the session is at most older than they are.
  const info = await sessions.info(sessionId);
  const events = await eventsOf(sessions.read(sessionId));
  startOf(events, sessionId);
  if (info === undefined) throw noSession(store, sessionId, 'read');
  return { info, events };
}

/** The error of a session that a store does not have. @param what was tried, such as `read` */
export function noSession({ sessions }: Store, sessionId: string, what: string): ResproutError {
  return new ResproutError('SESSION_MISSING', `there is no session ${sessionId} in ${sessions.where}`, {
    tried: `${what} ${sessionId}`,
    saw: 'no such session',
  });
}

/** The one session whose id begins with `prefix` (`ses_` may be left out). @throws ResproutError SESSION_MISSING, SESSION_ID_AMBIGUOUS */
export async function resolveSessionId(store: Store, prefix: string): Promise<string> {
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

import { ResproutError } from '../base/errors.ts';
import type { SessionInfo, SessionRecord } from './session-info.ts';
import type { Store } from './store.ts';

/** All sessions of a store, the newest first. A damaged journal is a line of its own and does not hide the others. */
export function listSessions(store: Store): Promise<readonly SessionInfo[]> {
  return Promise.reject(new ResproutError('INTERNAL', `listing ${store.folder} is not built yet`));
}

/** One session with its decoded events. Read-only: a live owner is not disturbed. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT */
export function readSession(store: Store, sessionId: string): Promise<SessionRecord> {
  return Promise.reject(new ResproutError('INTERNAL', `reading ${sessionId} of ${store.folder} is not built yet`));
}

/** The one session whose id begins with `prefix` (`ses_` may be left out). @throws ResproutError SESSION_MISSING, SESSION_ID_AMBIGUOUS */
export function resolveSessionId(store: Store, prefix: string): string {
  throw new ResproutError('SESSION_MISSING', `no session of ${store.folder} begins with ${prefix}`);
}

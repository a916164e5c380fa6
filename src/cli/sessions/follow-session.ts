// Goes on with the events of a session as they are committed, until it ends or nobody runs it any more. Read-only: the owner is not disturbed.
import { setTimeout as pause } from 'node:timers/promises';
import type { SessionState, Store } from '../../worker/index.ts';
import { numberedEvents, type NumberedEvent } from './recorded-session.ts';

const LOOK_MS = 200;
/** Asking the owner whether it lives takes more than reading: it is done after so many looks without anything new. */
const QUIET_LOOKS = 5;

/** @param show takes each event in order; false ends it. @returns the state that the session is in then, undefined when `show` ended it */
export async function followSession(
  store: Store,
  sessionId: string,
  show: (event: NumberedEvent) => boolean,
): Promise<SessionState | undefined> {
  let next = 0;
  for (let quiet = 0; ; quiet++) {
    const before = next;
    let isWanted = true;
    const end = await showNew(store, sessionId, next, (numbered) => {
      next = numbered.seq + 1;
      isWanted = show(numbered);
      return isWanted;
    });
    if (!isWanted) return undefined;
    if (end !== undefined) return end;
    if (next > before) quiet = 0;
    if (quiet % QUIET_LOOKS === 0) {
      const info = await store.sessions.info(sessionId);
      // What was committed between the last look and the owner's end is shown first.
      if (info !== undefined && info.state !== 'running' && info.events === next) return info.state;
    }
    await pause(LOOK_MS);
  }
}

/** Each look opens the journal anew: another owner may have gone on in another file. */
async function showNew(
  store: Store,
  sessionId: string,
  from: number,
  show: (event: NumberedEvent) => boolean,
): Promise<SessionState | undefined> {
  // An end that a rewind stands behind was not the last one.
  let state: SessionState | undefined;
  for await (const numbered of numberedEvents(store, sessionId, from)) {
    if (!show(numbered)) return undefined;
    state = numbered.event.t === 'end' ? numbered.event.how : undefined;
  }
  return state;
}

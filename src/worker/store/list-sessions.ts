import { codeOf, ResproutError, toError } from '../../base/errors/errors.ts';
import { isError } from '../../base/errors/is-error.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { decodeRecorded } from '../../durable/journal/values/recorded-value.ts';
import { realClock } from '../../platform/time/clock.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { nodeKinds } from '../../platform/values/node-kinds.ts';
import { buildOf, eventsOf, pendingOf, startOf } from './journal-events.ts';
import { runFolder, runIds } from './journal-path.ts';
import { readJournal } from './open-journal.ts';
import { ownerFolder, ownerSocketPath } from '../owner/owner-folder.ts';
import { askOwner } from '../owner/owner-socket.ts';
import { readRunState } from './run-state.ts';
import type { OwnerInfo, SessionInfo, SessionRecord, SessionState } from './session-info.ts';
import type { Store } from './store.ts';

const AT_ONCE = 16;

/** All sessions of a store, the newest first. A damaged journal is a line of its own and does not hide the others. */
export async function listSessions(store: Store): Promise<readonly SessionInfo[]> {
  const ids = runIds(store, createDisk());
  const infos: SessionInfo[] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const some = await Promise.all(ids.slice(i, i + AT_ONCE).map(async (id) => await infoOf(store, id)));
    infos.push(...some.filter((info) => info !== undefined));
  }
  return infos;
}

/** One session with its decoded events. Read-only: a live owner is not disturbed. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT */
export async function readSession(store: Store, sessionId: string): Promise<SessionRecord> {
  const folder = runFolder(store, sessionId);
  if (createDisk().stat(folder)?.isFolder !== true) {
    throw new ResproutError('SESSION_MISSING', `there is no session ${sessionId} in ${store.folder}`, {
      tried: `read ${sessionId}`,
      saw: 'no such folder',
    });
  }
  const events = eventsOf(readJournal(folder, sessionId));
  return { info: describe(sessionId, events, folder, await ownerOf(folder)), events };
}

/** The one session whose id begins with `prefix` (`ses_` may be left out). @throws ResproutError SESSION_MISSING, SESSION_ID_AMBIGUOUS */
export function resolveSessionId(store: Store, prefix: string): string {
  const wanted = prefix.startsWith('ses_') ? prefix : `ses_${prefix}`;
  const found = runIds(store, createDisk()).filter((id) => id.startsWith(wanted));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) {
    throw new ResproutError('SESSION_MISSING', `no session begins with ${prefix}`, {
      tried: `find ${prefix} in ${store.folder}`,
      saw: 'no session of that name',
    });
  }
  throw new ResproutError('SESSION_ID_AMBIGUOUS', `${found.length} sessions begin with ${prefix}`, {
    tried: `find ${prefix} in ${store.folder}`,
    saw: found.slice(0, 5).join(', ') + (found.length > 5 ? ' …' : ''),
  });
}

async function infoOf(store: Store, sessionId: string): Promise<SessionInfo | undefined> {
  const folder = runFolder(store, sessionId);
  const owner = await ownerOf(folder);
  try {
    const events = eventsOf(readJournal(folder, sessionId));
    // A run that was cut off before its start was committed never was a session.
    return events.length === 0 ? undefined : describe(sessionId, events, folder, owner);
  } catch (thrown) {
    // The folder is there and its journal is not: the same.
    if (codeOf(thrown) === 'SESSION_MISSING') return undefined;
    const unknown = { file: '', exportName: '', folder: '', build: '', startedMs: 0, lastMs: 0, events: 0 };
    return { sessionId, state: 'damaged', ...unknown, owner, summary: toError(thrown).message };
  }
}

async function ownerOf(folder: string): Promise<OwnerInfo | undefined> {
  return await askOwner(ownerSocketPath(ownerFolder(), folder), realClock);
}

function describe(sessionId: string, events: readonly JournalEvent[], folder: string, owner: OwnerInfo | undefined): SessionInfo {
  const start = startOf(events, sessionId);
  const last = events.at(-1) ?? start;
  const parked = readRunState(createDisk(), folder);
  const state: SessionState = last.t === 'end' ? last.how : owner !== undefined ? 'running' : stateOf(parked?.why);
  const isWaiting = state === 'waiting' || state === 'running';
  const { calls, timers } = pendingOf(events);
  const dueMs = isWaiting && calls.length === 0 && timers.length > 0 ? Math.min(...timers.map((timer) => timer.dueMs)) : undefined;
  return {
    sessionId,
    state,
    file: start.file,
    exportName: start.exportName,
    folder: start.folder,
    build: buildOf(events, start),
    startedMs: start.atMs,
    lastMs: last.atMs,
    events: events.length,
    owner: state === 'running' ? owner : undefined,
    dueMs,
    summary: last.t === 'end' && last.how !== 'done' ? firstLine(last.bytes) : undefined,
  };
}

function stateOf(why: 'signal' | 'timer' | undefined): SessionState {
  if (why === undefined) return 'interrupted';
  return why === 'timer' ? 'waiting' : 'parked';
}

function firstLine(bytes: Uint8Array): string {
  const error = decodeRecorded(bytes, { kinds: nodeKinds });
  const text = isError(error) ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n', 1)[0] ?? '';
}

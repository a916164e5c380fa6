import { ResproutError } from '../../base/errors/errors.ts';
import type { EndEvent } from '../../durable/journal/events/event.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import { eventsOf, startOf } from '../store/journal-events.ts';
import { MemorySessions } from '../../durable/engines/index.ts';
import { replaySession } from './replay-session.ts';
import { resumeIn } from './resume-session.ts';
import type { ReplayOptions } from '../run-options.ts';
import { openStore, type Store } from '../store/store.ts';

/** What a check went through. */
export interface CheckResult {
  readonly events: number;
}

/**
 * Checks that a session that has ended would have come to the same end from any process: replays it, comparing calls, arguments, printed text
 * and result; then cuts a copy of its journal before the end, as a kill there would, and resumes that. The session itself stays as it is.
 * @throws ResproutError JOURNAL_DIVERGED with the first difference, SESSION_MISSING, and what keeps the program from being resumed
 */
export async function checkSession(options: ReplayOptions): Promise<CheckResult> {
  const store = openStore({ folder: options.storeFolder, create: false });
  const { sessionId } = options;
  const events = await eventsOf(store.sessions.read(sessionId));
  const start = startOf(events, sessionId);
  const end = events.at(-1);
  if (end?.t !== 'end') throw notEnded(sessionId);
  await replaySession(options);
  // The copy is in memory: a kill leaves nothing of it.
  const copy: Store = { ...store, sessions: new MemorySessions() };
  const journal = await copy.sessions.open(sessionId);
  await journal.append([{ session: start.session, firstSeq: 0, count: events.length - 1, bytes: encodeRowBytes(events.slice(0, -1)) }]);
  await journal.close();
  await resumeIn(copy, { ...options, spawnedRunner: undefined, output: undefined, observer: undefined });
  const last = (await eventsOf(copy.sessions.read(sessionId))).at(-1);
  if (last?.t !== 'end' || !isSameEnd(end, last)) throw otherwise(sessionId, end, last?.t === 'end' ? last : undefined);
  return { events: events.length };
}

function isSameEnd(one: EndEvent, other: EndEvent): boolean {
  const { bytes } = one;
  const isSameValue = bytes.length === other.bytes.length && bytes.every((byte, index) => byte === other.bytes[index]);
  // The text of an error names its stack, which is another one in another process.
  return one.how === other.how && one.exitCode === other.exitCode && one.printed === other.printed && (one.how !== 'done' || isSameValue);
}

function notEnded(sessionId: string): ResproutError {
  return new ResproutError('USAGE', `session ${sessionId} has not ended`, {
    tried: `check ${sessionId}`,
    saw: 'its journal has no end',
    do: 'Let it end first',
  });
}

function otherwise(sessionId: string, recorded: EndEvent, resumed: EndEvent | undefined): ResproutError {
  const shown = (event: EndEvent | undefined): string => (event === undefined ? 'no end' : event.how);
  const what = resumed !== undefined && recorded.how === resumed.how ? 'with another value or text' : `as ${shown(resumed)}`;
  return new ResproutError('JOURNAL_DIVERGED', `cut before its end and resumed, ${sessionId} ends ${what}`, {
    tried: 'to cut the journal before its end and to resume it',
    saw: `recorded ${shown(recorded)}, resumed ${shown(resumed)}`,
    kept: 'The session is unchanged; the copy that was cut is gone',
    do: 'Look for what the program keeps outside of what is recorded: a native add-on, memory that it shares with a thread',
  });
}

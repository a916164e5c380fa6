// What a journal knows after a kill.
import { codeOf } from '../../src/base/errors/errors.ts';
import { decodeRecorded } from '../../src/durable/journal/index.ts';
import { nodeKinds } from '../../src/platform/values/node-kinds.ts';
import { openStore, readSession } from '../../src/worker/index.ts';

export interface JournalFacts {
  readonly events: number;
  /** Ids of calls that were to be made. */
  readonly intents: ReadonlySet<number>;
  /** Ids of calls that have a result. */
  readonly results: ReadonlySet<number>;
  /** The returned value, when the session is done. */
  readonly done?: { readonly value: unknown } | undefined;
}

/** Reads the session; undefined when the store has none of this id. @throws ResproutError when the journal cannot be read */
export async function journalFacts(storeFolder: string, sessionId: string): Promise<JournalFacts | undefined> {
  try {
    const { events } = await readSession(openStore({ folder: storeFolder, create: false }), sessionId);
    const end = events.findLast((event) => event.t === 'end');
    return {
      events: events.length,
      intents: new Set(events.flatMap((event) => (event.t === 'call' ? [event.id] : []))),
      results: new Set(events.flatMap((event) => (event.t === 'done' ? [event.id] : []))),
      done: end?.how === 'done' ? { value: decodeRecorded(end.bytes, { kinds: nodeKinds }) } : undefined,
    };
  } catch (error) {
    if (codeOf(error) === 'SESSION_MISSING') return undefined;
    throw error;
  }
}

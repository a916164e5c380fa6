// What a list says of a session, read from its journal: all of it, or what came after a digest that was kept.
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { eventsOfRows } from '../../journal/events/row-codec.ts';
import { SessionDigest } from '../../journal/sessions/session-digest.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import { journalStamp } from '../disk/journal-files.ts';
import { openedRows } from '../seal/opened-rows.ts';
import type { SessionSeal } from '../seal/session-seal.ts';
import type { Tail } from '../sqlite/row-reader.ts';
import { openJournalReader } from '../sqlite/reader.ts';
import type { KeptDigest } from './kept-digest.ts';

/** Files that nobody has written to for so long have another time once somebody does, however coarse the times of the file system are. */
const QUIET_MS = 2000;

/** A digest of a whole journal. */
export interface ReadDigest {
  readonly digest: SessionDigest;
  readonly tail: Tail;
  readonly seal: SessionSeal | undefined;
  /** Stamp of the files it was read from; undefined when somebody may have been writing to them. */
  readonly stamp: string | undefined;
}

/** How a journal is read. */
export interface ReadOptions {
  /** To go on from, when the journal begins with what it says. */
  readonly kept: KeptDigest | undefined;
  /** Wall time. */
  readonly nowMs: number;
  /** Takes what must not be shown out of a text. */
  scrub(text: string, seal: SessionSeal | undefined): string;
  /** The seal that a session has by its first row. @throws ResproutError SEAL_KEY_MISSING, SEAL_KEY_UNSAFE, SEAL_KEY_WRONG */
  sealOf(first: JournalRow | undefined): Promise<SessionSeal | undefined>;
}

/**
 * Reads a journal, while its owner may be writing.
 * @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, STORE_UNSAFE, STORE_IO, and of its seal
 */
export async function readDigest(folder: string, id: string, { kept, nowMs, scrub, sealOf }: ReadOptions): Promise<ReadDigest> {
  const before = journalStamp(folder);
  const reader = openJournalReader({ folder });
  try {
    const seal = await sealOf(reader.first(id));
    const from = kept !== undefined && reader.holds(id, kept.tail) ? kept : undefined;
    const digest = new SessionDigest(nodeKinds, from?.state, (text) => scrub(text, seal));
    for (const row of openedRows(reader.rows(id, from?.tail), seal)) digest.takeRow(row);
    if (digest.needsHistory) digest.recast(eventsOfRows(openedRows(reader.rows(id), seal)));
    const tail = reader.tail(id);
    const after = journalStamp(folder);
    const isQuiet = before !== undefined && before.text === after?.text && nowMs - before.modifiedMs >= QUIET_MS;
    return { digest, tail, seal, stamp: isQuiet && tail.nextSeq === digest.events ? before.text : undefined };
  } finally {
    reader.close();
  }
}

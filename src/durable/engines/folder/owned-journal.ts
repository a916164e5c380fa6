// The journal of a session that this process owns. It keeps the session's row in the index: a digest every four thousand events, from which a list
// goes on when it meets the session running or killed, and the whole row when the owner lets go. Nothing of it comes before an answer.
//   O1. A row counts for files that nobody can be writing to: it is written after the journal was closed, and when no other connection keeps
//       the log of the database.
//   O2. Nothing here fails a session: a journal whose row was not written is read by the next list.
import type { Disk } from '../../../base/seams/disk.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { eventsOfRows } from '../../journal/events/row-codec.ts';
import type { JournalRow, JournalStore, SpaceLack } from '../../journal/journal-store.ts';
import { SessionDigest } from '../../journal/sessions/session-digest.ts';
import { journalStamp } from '../disk/journal-files.ts';
import { openHead, type SealedHead } from '../seal/sealed-head.ts';
import { sealedJournal } from '../seal/sealed-journal.ts';
import { openedRow, openedRows } from '../seal/opened-rows.ts';
import type { SessionSeal } from '../seal/session-seal.ts';
import type { Tail } from '../sqlite/row-reader.ts';
import type { SqliteJournal } from '../sqlite/journal.ts';
import { sqliteStore } from '../sqlite/store.ts';
import { readKept } from './kept-digest.ts';
import { readRunState } from './run-state.ts';
import { SessionIndex } from './session-index.ts';
import { rowOf } from './session-row.ts';

/** So many events, or so many bytes, are digested at a time. */
const DIGESTED_EVENTS = 1024;
const DIGESTED_BYTES = 1_048_576;
/** Rows from here on have memory of their own. */
const OWN_BYTES = 65_536;
/** The index is written to once in so many events: a list of a session that runs reads so many at most. */
const KEPT_EVENTS = 4096;

export interface OwnedJournalOptions {
  readonly journal: SqliteJournal;
  readonly id: string;
  /** Folder of the store, with its index, and of this run. */
  readonly storeFolder: string;
  readonly folder: string;
  readonly disk: Disk;
  /** Takes what must not be shown out of a text. */
  readonly scrub: (text: string) => string;
  /** Of a session whose values are sealed. */
  readonly seal: SessionSeal | undefined;
}

/** Owns the journal. */
export class OwnedJournal implements JournalStore {
  readonly epoch: number;
  readonly #options: OwnedJournalOptions;
  readonly #store: JournalStore;
  /** Where the journal ended when it was opened. */
  readonly #opened: Tail;
  /** Of all that was digested; undefined: not looked for yet; null: not to be had, since nothing was kept of what was before. */
  #digest: SessionDigest | null | undefined;
  /** Committed and not yet digested. Small ones are copies, since they are parts of larger memory that would be held with them. */
  #rows: JournalRow[] = [];
  #events = 0;
  #bytes = 0;
  #isScheduled = false;
  #hasAppended = false;
  /** Where the digest ended that was kept last; of a session that goes on the first one is kept at once. */
  #keptAt: number | undefined;
  #isClosed = false;
  /** Of a sealed session: how many events it has had. */
  readonly #head: SealedHead | undefined;
  /** Number of the next event. */
  #end: number;

  /** @throws ResproutError JOURNAL_CORRUPT when the end of the journal does not pass its checks */
  constructor(options: OwnedJournalOptions) {
    this.#options = options;
    const { seal } = options;
    const store = sqliteStore(options.journal);
    this.#store = seal === undefined ? store : sealedJournal(store, () => seal);
    this.epoch = options.journal.epoch;
    this.#opened = options.journal.tail(options.id);
    this.#head = seal === undefined ? undefined : openHead(options.folder, seal, this.#opened.nextSeq);
    this.#end = this.#opened.nextSeq;
    if (this.#opened.nextSeq > 0) return;
    this.#digest = new SessionDigest(nodeKinds, undefined, options.scrub);
    this.#keptAt = 0;
  }

  lacksFor(rows: readonly JournalRow[]): SpaceLack | undefined {
    return this.#store.lacksFor?.(rows);
  }

  async append(rows: readonly JournalRow[]): Promise<void> {
    await this.#store.append(rows);
    for (const row of rows) if (row.session === this.#options.id) this.#end = row.firstSeq + row.count;
    if (this.#digest === null) return;
    for (const row of rows) {
      if (row.session !== this.#options.id) continue;
      this.#rows.push(row.bytes.length < OWN_BYTES ? { ...row, bytes: row.bytes.slice() } : row);
      this.#events += row.count;
      this.#bytes += row.bytes.length;
    }
    // A session that goes on is digested early: its row of before does not count any more, and what it says of the past is still of use.
    const isFirst = !this.#hasAppended && this.#opened.nextSeq > 0;
    this.#hasAppended = true;
    if (isFirst || this.#events >= DIGESTED_EVENTS || this.#bytes >= DIGESTED_BYTES) this.#schedule();
  }

  afterAnswer(): void {
    this.#store.afterAnswer?.();
    this.#head?.move(this.#end);
  }

  async *rows(session: string): AsyncIterable<JournalRow> {
    const { seal } = this.#options;
    // What is sealed is open here already.
    for await (const row of this.#store.rows(session)) yield seal === undefined ? openedRow(row, seal) : row;
  }

  sessions(): Promise<readonly string[]> {
    return this.#store.sessions();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const tail = this.#whole();
    this.#head?.move(this.#end);
    this.#head?.close();
    await this.#store.close();
    if (tail !== undefined) this.#keep(tail, true);
  }

  /** In a turn of its own: the answer leaves first. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const tail = this.#isClosed ? undefined : this.#whole();
      if (tail === undefined || (this.#keptAt !== undefined && tail.nextSeq - this.#keptAt < KEPT_EVENTS)) return;
      this.#keptAt = tail.nextSeq;
      this.#keep(tail, false);
    });
  }

  /** Digests what has been committed. The end of the journal when the digest is that of all of it; undefined when it is not, or nobody knows. */
  #whole(): Tail | undefined {
    try {
      const digest = (this.#digest ??= this.#fromIndex());
      const rows = this.#rows;
      this.#rows = [];
      this.#events = 0;
      this.#bytes = 0;
      if (digest === null) return undefined;
      for (const row of rows) digest.takeRow(row);
      const { journal, id, seal } = this.#options;
      if (digest.needsHistory) digest.recast(eventsOfRows(openedRows(journal.rows(id), seal)));
      const tail = journal.tail(id);
      // Another owner has gone on with it.
      return tail.nextSeq === digest.events ? tail : undefined;
    } catch {
      // The journal failed, or was taken over: the next list reads it.
      return undefined;
    }
  }

  /** The digest that was kept when the journal ended where it did at the open. */
  #fromIndex(): SessionDigest | null {
    const row = SessionIndex.use(this.#options.storeFolder, (index) => index.get(this.#options.id));
    const kept = row === undefined ? undefined : readKept(row.kept, this.#options.seal);
    const isOurs =
      kept !== undefined && kept.tail.nextSeq === this.#opened.nextSeq && Buffer.compare(kept.tail.chain, this.#opened.chain) === 0;
    return isOurs ? new SessionDigest(nodeKinds, kept.state, this.#options.scrub) : null;
  }

  #keep(tail: Tail, isClosed: boolean): void {
    const { storeFolder, folder, id, disk, seal } = this.#options;
    const digest = this.#digest;
    if (digest === undefined || digest === null) return;
    try {
      const files = isClosed ? journalStamp(folder) : undefined;
      const stamp = files?.hasLog === false ? files.text : undefined;
      const row = rowOf({ id, digest, tail, parked: readRunState(disk, folder), stamp, seal });
      if (row !== undefined) SessionIndex.use(storeFolder, (index) => index.put([row]));
    } catch {
      // Such as a file that cannot be read: the next list says it.
    }
  }
}

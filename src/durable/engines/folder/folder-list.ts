// Lists of a folder of sessions: rows of the index where they count, journals where they do not. What had to be read is kept for the next list.
import type { Disk } from '../../../base/seams/disk.ts';
import { codeOf, toError } from '../../../base/errors/errors.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import { SessionDigest } from '../../journal/sessions/session-digest.ts';
import { isSessionId } from '../../journal/sessions/session-id.ts';
import { damagedInfo, isNewer, type OwnerInfo, type SessionInfo } from '../../journal/sessions/session-info.ts';
import { KEY_CODES } from '../seal/seal-errors.ts';
import { isSealedText, type SessionSeal } from '../seal/session-seal.ts';
import { hasStamp } from '../disk/journal-files.ts';
import { readKept, type KeptDigest } from './kept-digest.ts';
import { readDigest } from './read-digest.ts';
import { scrubIn } from './print-file.ts';
import { readRunState } from './run-state.ts';
import { SessionIndex, type IndexedSession, type IndexPlace, type IndexRow } from './session-index.ts';
import { rowOf } from './session-row.ts';

/** What a list says of a session. */
export interface Summary {
  readonly info: SessionInfo;
  /** All builds that the session has run; undefined when its journal cannot be read. */
  readonly builds: readonly string[] | undefined;
}

export interface FolderListOptions {
  /** Folder of the store, with its index, and of all runs. */
  readonly storeFolder: string;
  readonly folder: string;
  readonly disk: Disk;
  readonly nowMs: number;
  /** Key of the prints of secrets. */
  readonly printKey: Uint8Array | undefined;
  /** The seal that a session has by its first row. @throws ResproutError SEAL_KEY_MISSING, SEAL_KEY_UNSAFE, SEAL_KEY_WRONG */
  sealOf(first: JournalRow | undefined): Promise<SessionSeal | undefined>;
  /** The seal of a session that is known to be sealed. @throws as sealOf */
  seal(id: string): Promise<SessionSeal>;
  /** Ends the reading of journals, so that a list is not whole. */
  readonly signal?: AbortSignal | undefined;
  /** Asks whether a process owns a session. */
  owner(id: string): Promise<OwnerInfo | undefined>;
}

/** What the index says of a session: a summary that counts, or something to go on from. */
type Looked = { readonly summary: Summary } | { readonly kept: KeptDigest | undefined };

/** How many journals are read side by side: their owners are asked at sockets. */
const AT_ONCE = 16;
/** How many rows are looked up at first, and at most at a time. */
const FIRST_ROWS = 64;
const MOST_ROWS = 1024;

/** Ids of all sessions that have a folder, the newest first. */
export function idsIn(folder: string, disk: Disk): readonly string[] {
  return (disk.list(folder) ?? []).filter((name) => isSessionId(name)).sort((a, b) => (a < b ? 1 : -1));
}

/** One look at the sessions of a folder. */
export class FolderList {
  readonly #options: FolderListOptions;
  /** Rows of what was read. */
  #found: IndexRow[] = [];

  constructor(options: FolderListOptions) {
    this.#options = options;
  }

  /** One session; undefined when it is missing or was cut off before its first event. */
  async one(id: string): Promise<Summary | undefined> {
    const row = SessionIndex.use(this.#options.storeFolder, (index) => index.get(id));
    const summary = await this.#summary(id, row);
    this.#keep([]);
    return summary;
  }

  /** All of them, the one that was started last first. Whoever wants no more may stop. */
  async *all(): AsyncGenerator<Summary> {
    const ids = new Set(idsIn(this.#options.folder, this.#options.disk));
    const indexed = new Set(SessionIndex.use(this.#options.storeFolder, (index) => index.ids()));
    const unknown = await this.#readAll([...ids].filter((id) => !indexed.has(id)));
    try {
      let at = 0;
      for await (const summary of this.#known(ids)) {
        for (let next = unknown[at]; next !== undefined && isNewer(next.info, summary.info); next = unknown[++at]) yield next;
        yield summary;
      }
      yield* unknown.slice(at);
    } finally {
      this.#keep([...indexed].filter((id) => !ids.has(id)));
    }
  }

  /** Those that have a row and a folder, in the order of lists. */
  async *#known(ids: ReadonlySet<string>): AsyncGenerator<Summary> {
    let after: IndexPlace | undefined;
    for (let count = FIRST_ROWS; ; count = Math.min(count * 4, MOST_ROWS)) {
      const page: readonly IndexedSession[] = SessionIndex.use(this.#options.storeFolder, (index) => index.page(after, count)) ?? [];
      for (const { id, row } of page) {
        const summary = ids.has(id) ? await this.#summary(id, row) : undefined;
        if (summary !== undefined) yield summary;
      }
      after = page.at(-1);
      if (page.length < count) return;
    }
  }

  /** What the row says, or the journal where the row does not count. */
  async #summary(id: string, row: IndexRow | undefined): Promise<Summary | undefined> {
    let looked: Looked;
    try {
      looked = await this.#lookOne(row);
    } catch (thrown) {
      return await this.#unread(id, thrown);
    }
    return 'summary' in looked ? looked.summary : await this.#read(id, looked.kept);
  }

  /** @throws ResproutError for a key that is not to be had */
  async #lookOne(row: IndexRow | undefined): Promise<Looked> {
    const seal = row !== undefined && isSealedText(row.kept) ? await this.#options.seal(row.id) : undefined;
    const kept = row === undefined ? undefined : readKept(row.kept, seal);
    if (row === undefined || kept === undefined) return { kept: undefined };
    // Its owner lives, or was killed: what it kept is a beginning.
    if (row.stamp === '') return { kept };
    // Something wrote to the files since: they are read and checked from the first event on.
    if (!hasStamp(`${this.#options.folder}/${row.id}`, row.stamp)) return { kept: undefined };
    const digest = new SessionDigest(nodeKinds, kept.state);
    const info = digest.info(row.id, { owner: undefined, parked: kept.parked });
    return info === undefined ? { kept: undefined } : { summary: { info, builds: digest.builds } };
  }

  /** The one that was started last first. */
  async #readAll(ids: readonly string[]): Promise<readonly Summary[]> {
    const summaries: Summary[] = [];
    for (let i = 0; i < ids.length && this.#options.signal?.aborted !== true; i += AT_ONCE) {
      const some = await Promise.all(ids.slice(i, i + AT_ONCE).map(async (id) => await this.#read(id, undefined)));
      summaries.push(...some.filter((summary) => summary !== undefined));
    }
    return summaries.sort((a, b) => (isNewer(a.info, b.info) ? -1 : 1));
  }

  async #read(id: string, kept: KeptDigest | undefined): Promise<Summary | undefined> {
    const { folder, disk, nowMs, printKey, sealOf } = this.#options;
    const scrub = (text: string, seal: SessionSeal | undefined): string => scrubIn(disk, `${folder}/${id}`, printKey, seal)(text);
    const owner = await this.#options.owner(id);
    try {
      const { digest, tail, seal, stamp } = await readDigest(`${folder}/${id}`, id, { kept, nowMs, scrub, sealOf });
      const parked = readRunState(disk, `${folder}/${id}`);
      const row = owner === undefined && stamp !== undefined ? rowOf({ id, digest, tail, parked, stamp, seal }) : undefined;
      if (row !== undefined) this.#found.push(row);
      const info = digest.info(id, { owner, parked });
      return info === undefined ? undefined : { info, builds: digest.builds };
    } catch (thrown) {
      return await this.#unread(id, thrown, owner);
    }
  }

  /** What is said of a session that cannot be read. Undefined when it was cut off before it began, or was removed: its journal is not there. */
  async #unread(id: string, thrown: unknown, known?: OwnerInfo): Promise<Summary | undefined> {
    const code = codeOf(thrown) ?? '';
    if (code === 'SESSION_MISSING') return undefined;
    const owner = known ?? (await this.#options.owner(id));
    return { info: damagedInfo(id, owner, toError(thrown).message, KEY_CODES.has(code) ? 'sealed' : 'damaged'), builds: undefined };
  }

  /** Whoever cannot write to the index reads again next time. */
  #keep(gone: readonly string[]): void {
    const found = this.#found;
    this.#found = [];
    if (found.length === 0 && gone.length === 0) return;
    SessionIndex.use(this.#options.storeFolder, (index) => {
      index.put(found);
      index.remove(gone);
    });
  }
}

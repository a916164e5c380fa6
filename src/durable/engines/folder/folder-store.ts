// The store of sessions that is a folder: a journal in SQLite per session, each in a folder of its own; owners answer at unix sockets.
import type { Clock } from '../../../base/seams/clock.ts';
import type { Disk } from '../../../base/seams/disk.ts';
import { codeOf, toError } from '../../../base/errors/errors.ts';
import { createDisk } from '../../../platform/disk/disk.ts';
import { hostFacts } from '../../../platform/process/host-facts.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { decodeRowBytes } from '../../journal/events/row-codec.ts';
import type { JournalRow, JournalStore } from '../../journal/journal-store.ts';
import { SessionDigest } from '../../journal/sessions/session-digest.ts';
import { isSessionId } from '../../journal/sessions/session-id.ts';
import { damagedInfo, type OwnerInfo, type SessionInfo } from '../../journal/sessions/session-info.ts';
import type { AskedOwner, Claim, ClaimOptions, ParkedState, SessionFilter, SessionStore } from '../../journal/sessions/session-store.ts';
import { ownerFolder, ownerSocketPath } from '../owners/owner-folder.ts';
import { askOwner, claimSocket, requestOwner } from '../owners/owner-socket.ts';
import { openJournalReader } from '../sqlite-reader.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { clearRunState, readRunState, writeRunState } from './run-state.ts';

/** Where the sessions are. */
export interface FolderStoreOptions {
  /** Absolute path of the folder of runs; it exists. */
  readonly folder: string;
  /** What messages call the store. */
  readonly where: string;
}

/** How many sessions a list looks at side by side: their owners are asked at sockets. */
const AT_ONCE = 16;

/** The sessions of a folder. Opens nothing. */
export function createFolderStore(options: FolderStoreOptions): SessionStore {
  return new FolderStore(options, createDisk(), realClock);
}

class FolderStore implements SessionStore {
  readonly where: string;
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #clock: Clock;

  constructor({ folder, where }: FolderStoreOptions, disk: Disk, clock: Clock) {
    this.where = where;
    this.#folder = folder;
    this.#disk = disk;
    this.#clock = clock;
  }

  async has(id: string): Promise<boolean> {
    return this.#disk.stat(this.#runFolder(id))?.isFolder === true;
  }

  async ids(prefix = ''): Promise<readonly string[]> {
    return this.#ids().filter((id) => id.startsWith(prefix));
  }

  async list({ states, limit = Number.POSITIVE_INFINITY }: SessionFilter = {}): Promise<readonly SessionInfo[]> {
    const ids = this.#ids();
    const infos: SessionInfo[] = [];
    for (let i = 0; i < ids.length && infos.length < limit; i += AT_ONCE) {
      const some = await Promise.all(ids.slice(i, i + AT_ONCE).map(async (id) => await this.info(id)));
      for (const info of some) if (info !== undefined && (states === undefined || states.includes(info.state))) infos.push(info);
    }
    return infos.slice(0, limit);
  }

  async info(id: string): Promise<SessionInfo | undefined> {
    const owner = await this.#owner(id);
    try {
      const digest = new SessionDigest(nodeKinds);
      for (const row of this.#rows(id)) for (const event of decodeRowBytes(row.bytes, row.count)) digest.take(event);
      return digest.info(id, { owner, parked: readRunState(this.#disk, this.#runFolder(id)) });
    } catch (thrown) {
      // No folder, or its journal is not there: it was cut off before it began.
      if (codeOf(thrown) === 'SESSION_MISSING') return undefined;
      return damagedInfo(id, owner, toError(thrown).message);
    }
  }

  async *read(id: string, fromSeq = 0): AsyncIterable<JournalRow> {
    for (const row of this.#rows(id)) if (row.firstSeq + row.count > fromSeq) yield row;
  }

  claim(id: string, { command, takeOver }: ClaimOptions): Promise<Claim> {
    // The name of the socket is made of the folder's real path: it has to be there.
    this.#disk.makeFolder(this.#runFolder(id));
    const info = { pid: hostFacts().pid, sinceMs: this.#clock.wallMs(), command };
    return claimSocket({ path: this.#socket(id), info, sessionId: id, clock: this.#clock, takeOver });
  }

  async open(id: string): Promise<JournalStore> {
    return openSqliteStore({ folder: this.#runFolder(id) });
  }

  async setParked(id: string, parked: ParkedState | undefined): Promise<void> {
    if (parked === undefined) clearRunState(this.#disk, this.#runFolder(id));
    else writeRunState(this.#disk, this.#runFolder(id), parked);
  }

  async request(id: string, ask: 'park' | 'cancel'): Promise<AskedOwner | undefined> {
    return await requestOwner(this.#socket(id), ask, this.#clock);
  }

  async remove(id: string): Promise<void> {
    this.#disk.remove(this.#runFolder(id));
  }

  /** All rows, read while the owner may be writing. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, STORE_IO */
  *#rows(id: string): Generator<JournalRow> {
    const reader = openJournalReader({ folder: this.#runFolder(id) });
    try {
      yield* reader.rows(id);
    } finally {
      reader.close();
    }
  }

  #ids(): readonly string[] {
    return (this.#disk.list(this.#folder) ?? []).filter((name) => isSessionId(name)).sort((a, b) => (a < b ? 1 : -1));
  }

  #runFolder(id: string): string {
    return `${this.#folder}/${id}`;
  }

  #socket(id: string): string {
    return ownerSocketPath(ownerFolder(), this.#runFolder(id));
  }

  async #owner(id: string): Promise<OwnerInfo | undefined> {
    return await askOwner(this.#socket(id), this.#clock);
  }
}

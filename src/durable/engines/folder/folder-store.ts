// The store of sessions that is a folder: a journal in SQLite per session, each in a folder of its own; owners answer at unix sockets; one
// index for lists.
import type { Clock } from '../../../base/seams/clock.ts';
import type { Disk } from '../../../base/seams/disk.ts';
import { ResproutError, codeOf } from '../../../base/errors/errors.ts';
import { createDisk } from '../../../platform/disk/disk.ts';
import { hostFacts } from '../../../platform/process/host-facts.ts';
import { realRandom } from '../../../platform/random.ts';
import { realClock } from '../../../platform/time/clock.ts';
import type { SecretPrint } from '../../../base/secret-print.ts';
import type { JournalRow, JournalStore } from '../../journal/journal-store.ts';
import type { OutputLog, OutputReader } from '../../journal/sessions/output-log.ts';
import type { SessionInfo } from '../../journal/sessions/session-info.ts';
import type {
  AskedOwner,
  SessionTree,
  Claim,
  ClaimOptions,
  EndedSession,
  ParkedState,
  SessionFilter,
  SessionStore,
} from '../../journal/sessions/session-store.ts';
import { ownerFolder, ownerSocketPath } from '../owners/owner-folder.ts';
import { askTree } from '../owners/owner-tree.ts';
import { askOwner, claimSocket, requestOwner } from '../owners/owner-socket.ts';
import { openSqliteJournal } from '../sqlite/journal.ts';
import { removeIndexFiles } from '../disk/journal-files.ts';
import { storeFailed } from '../journal-errors.ts';
import { openedRows } from '../seal/opened-rows.ts';
import { sealSession } from '../seal/seal-files.ts';
import { checkCount, readHead } from '../seal/sealed-head.ts';
import { isSealed, type SessionSeal } from '../seal/session-seal.ts';
import { StoreKey, type SealOptions } from '../seal/store-key.ts';
import { firstRow, openJournalReader } from '../sqlite/reader.ts';
import { checkSameRows } from '../same-rows.ts';
import { bringRows, COMING, isBrought, setBrought } from './brought-session.ts';
import { OutputFile } from './output-file.ts';
import { OutputFiles } from './output-reader.ts';
import { FolderList, idsIn } from './folder-list.ts';
import { OwnedJournal } from './owned-journal.ts';
import { addPrints, readPrints, scrubIn } from './print-file.ts';
import { clearRunState, writeRunState } from './run-state.ts';
import { SessionIndex } from './session-index.ts';

/** Beginning of the name of a session's folder that is being removed: no list has it. */
const GONE = '.gone-';

/** What a store has beside its folder. */
export interface FolderStoreOptions {
  /** Key of the prints of secrets. Without it what was noted of them is found in nothing. */
  readonly printKey?: Uint8Array | undefined;
  /** What sealed sessions need. Without it none is sealed, and what was sealed stays closed. */
  readonly seal?: SealOptions | undefined;
}

/** The sessions of a store's folder: `runs/`, with an index beside it. Opens nothing. @param folder absolute path of the store */
export function createFolderStore(folder: string, options: FolderStoreOptions = {}): SessionStore {
  return new FolderStore(folder, options);
}

class FolderStore implements SessionStore {
  readonly where: string;
  readonly #runs: string;
  readonly #disk: Disk = createDisk();
  readonly #clock: Clock = realClock;
  readonly #options: FolderStoreOptions;
  readonly #key: StoreKey;
  /** Of sealed sessions that this process has opened as their owner. */
  readonly #seals = new Map<string, SessionSeal>();
  /** Whether it has looked for what a removal that was killed has left. */
  #hasSwept = false;

  constructor(folder: string, options: FolderStoreOptions) {
    this.where = folder;
    this.#runs = `${folder}/runs`;
    this.#options = options;
    this.#key = new StoreKey(options.seal);
  }

  async has(id: string): Promise<boolean> {
    return this.#disk.stat(this.#runFolder(id))?.isFolder === true;
  }

  async ids(prefix = ''): Promise<readonly string[]> {
    return idsIn(this.#runs, this.#disk).filter((id) => id.startsWith(prefix));
  }

  async *list({ states, limit = Number.POSITIVE_INFINITY }: SessionFilter = {}): AsyncIterable<SessionInfo> {
    let left = limit;
    if (left < 1) return;
    for await (const { info } of this.#look().all()) {
      if (states !== undefined && !states.includes(info.state)) continue;
      yield info;
      if (--left < 1) return;
    }
  }

  async info(id: string): Promise<SessionInfo | undefined> {
    return (await this.#look().one(id))?.info;
  }

  async ended(): Promise<readonly EndedSession[]> {
    return SessionIndex.use(this.where, (index) => index.ended()) ?? [];
  }

  async builds(signal?: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    const needed = new Set<string>();
    for await (const { builds } of this.#look(signal).all()) {
      if (builds === undefined || signal?.aborted === true) return undefined;
      for (const build of builds) needed.add(build);
    }
    return signal?.aborted === true ? undefined : needed;
  }

  async *read(id: string, fromSeq = 0): AsyncIterable<JournalRow> {
    const reader = openJournalReader({ folder: this.#runFolder(id) });
    try {
      const seal = await this.#sealOf(reader.first(id));
      // Looked at before the rows: those that come meanwhile are more, never fewer.
      const least = seal === undefined ? 0 : readHead(this.#runFolder(id), seal);
      let end = 0;
      for (const row of openedRows(reader.rowsFrom(id, fromSeq), seal)) {
        end = row.firstSeq + row.count;
        yield row;
      }
      if (seal !== undefined && fromSeq === 0) checkCount(seal, end, least);
    } finally {
      reader.close();
    }
  }

  async claim(id: string, { command, takeOver, mustExist = false }: ClaimOptions): Promise<Claim> {
    // The name of the socket is made of the folder's real path: it has to be there.
    if (!mustExist) this.#disk.makeFolder(this.#runFolder(id));
    const claim = await this.#claimName(id, command, takeOver);
    if (!mustExist || (await this.has(id))) return claim;
    // Somebody removed it before we had it.
    await claim.release();
    throw new ResproutError('SESSION_MISSING', `there is no session ${id} in ${this.where}`, {
      tried: `own ${id}`,
      saw: 'no such session',
    });
  }

  async open(id: string): Promise<JournalStore> {
    const folder = this.#runFolder(id);
    const seal = await this.#sealToOpen(id);
    if (seal === undefined) this.#seals.delete(id);
    else this.#seals.set(id, seal);
    const scrub = scrubIn(this.#disk, folder, this.#options.printKey, seal);
    const journal = openSqliteJournal({ folder });
    try {
      return new OwnedJournal({ journal, id, folder, storeFolder: this.where, disk: this.#disk, scrub, seal });
    } catch (error) {
      journal.close();
      throw error;
    }
  }

  keepOutput(id: string): OutputLog {
    return new OutputFile(this.#runFolder(id), this.#seals.get(id));
  }

  readOutput(id: string): OutputReader {
    return new OutputFiles(this.#runFolder(id), () => this.#sealToRead(id));
  }

  async noteSecrets(id: string, prints: readonly SecretPrint[]): Promise<void> {
    addPrints(this.#runFolder(id), prints, this.#seals.get(id));
  }

  async secretPrints(id: string): Promise<readonly SecretPrint[]> {
    return readPrints(this.#disk, this.#runFolder(id), await this.#sealToRead(id));
  }

  async setParked(id: string, parked: ParkedState | undefined): Promise<void> {
    if (parked === undefined) clearRunState(this.#disk, this.#runFolder(id));
    else writeRunState(this.#disk, this.#runFolder(id), parked);
  }

  async tree(id: string): Promise<SessionTree | undefined> {
    return await askTree({ path: this.#socket(id), sessionId: id, clock: this.#clock });
  }

  async request(id: string, ask: 'park' | 'cancel'): Promise<AskedOwner | undefined> {
    return await requestOwner({ path: this.#socket(id), ask, sessionId: id, clock: this.#clock });
  }

  async bring(id: string, rows: AsyncIterable<JournalRow>, { command }: Pick<ClaimOptions, 'command'>): Promise<boolean> {
    this.#disk.makeFolder(this.#runs);
    const seal = this.#key.isOn ? (await this.#key.seal()).session(id) : undefined;
    const claim = await this.#claimName(id, command, false);
    try {
      if ((await this.info(id)) !== undefined) {
        await checkSameRows(id, this.read(id), rows);
        return false;
      }
      // What was cut off before its first event.
      this.#disk.remove(this.#runFolder(id));
      await bringRows(this.#disk, this.#runs, id, rows, seal);
      return true;
    } finally {
      await claim.release();
    }
  }

  async isBrought(id: string): Promise<boolean> {
    return isBrought(this.#disk, this.#runFolder(id));
  }

  async setBrought(id: string): Promise<void> {
    setBrought(this.#disk, this.#runFolder(id));
  }

  async seal(id: string): Promise<boolean> {
    const seal = (await this.#key.seal()).session(id);
    const first = firstRow(this.#runFolder(id), id);
    if (first === undefined) return false;
    // With another key than that of before nothing is touched.
    await this.#sealOf(first);
    try {
      return sealSession(this.#runFolder(id), seal, this.#disk);
    } catch (error) {
      throw storeFailed(`the journal in ${this.#runFolder(id)}`, error);
    } finally {
      // A row that is removed stays in the file of the index: the whole of it is made again.
      removeIndexFiles(this.where);
    }
  }

  /** Under another name first: what is left by a kill is no session any more, and the next removal takes it. */
  async remove(id: string): Promise<void> {
    const name = `${GONE}${id}-${Buffer.from(realRandom.bytes(6)).toString('hex')}`;
    this.#disk.rename(this.#runFolder(id), `${this.#runs}/${name}`);
    SessionIndex.use(this.where, (index) => index.remove([id]));
    this.#disk.remove(`${this.#runs}/${name}`);
    if (this.#hasSwept) return;
    this.#hasSwept = true;
    for (const left of this.#disk.list(this.#runs) ?? []) {
      if (left.startsWith(GONE) || (left.startsWith(COMING) && left.endsWith(id))) this.#disk.remove(`${this.#runs}/${left}`);
      else if (left.startsWith(COMING)) await this.#sweepComing(left.slice(COMING.length));
    }
  }

  /** Removes what is left of a session that was being brought, unless somebody brings it now. */
  async #sweepComing(id: string): Promise<void> {
    const claim = await this.#claimName(id, 'a removal', false).catch((error: unknown) => {
      if (codeOf(error) === 'SESSION_HELD') return undefined;
      throw error;
    });
    if (claim === undefined) return;
    try {
      this.#disk.remove(`${this.#runs}/${COMING}${id}`);
    } finally {
      await claim.release();
    }
  }

  async #claimName(id: string, command: string, takeOver: boolean | undefined): Promise<Claim> {
    const info = { pid: hostFacts().pid, sinceMs: this.#clock.wallMs(), command };
    return await claimSocket({ path: this.#socket(id), info, sessionId: id, clock: this.#clock, takeOver });
  }

  #look(signal?: AbortSignal): FolderList {
    return new FolderList({
      storeFolder: this.where,
      folder: this.#runs,
      disk: this.#disk,
      nowMs: this.#clock.wallMs(),
      printKey: this.#options.printKey,
      sealOf: (first) => this.#sealOf(first),
      seal: async (id) => (await this.#key.seal()).session(id),
      signal,
      owner: (id) => askOwner(this.#socket(id), this.#clock),
    });
  }

  /** The seal that a session has by its first row: it is tried there, so that a wrong key is told before anything else is. */
  async #sealOf(first: JournalRow | undefined): Promise<SessionSeal | undefined> {
    if (first === undefined || !isSealed(first.bytes)) return undefined;
    const seal = (await this.#key.seal()).session(first.session);
    seal.open(first);
    return seal;
  }

  /** The key is asked for before an owner is fenced. */
  async #sealToOpen(id: string): Promise<SessionSeal | undefined> {
    const first = firstRow(this.#runFolder(id), id);
    if (first !== undefined) return await this.#sealOf(first);
    return this.#key.isOn ? (await this.#key.seal()).session(id) : undefined;
  }

  async #sealToRead(id: string): Promise<SessionSeal | undefined> {
    return this.#seals.get(id) ?? (await this.#sealOf(firstRow(this.#runFolder(id), id)));
  }

  #runFolder(id: string): string {
    return `${this.#runs}/${id}`;
  }

  #socket(id: string): string {
    return ownerSocketPath(ownerFolder(), this.#runFolder(id));
  }
}

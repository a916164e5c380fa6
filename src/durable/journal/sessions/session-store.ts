// The seam to where sessions are kept: their journals, who owns them, and what a list says of them. It may wait. In a folder:
// durable/engines/folder/folder-store.ts. In memory: durable/engines/memory/memory-sessions.ts. What every one promises is checked by
// `sessionStoreBehaviours` of testing/stores/session-store-suite.ts.
import type { SecretPrint } from '../../../base/secret-print.ts';
import type { JournalRow, JournalStore } from '../journal-store.ts';
import type { OutputLog, OutputReader } from './output-log.ts';
import type { ContextState } from '../../../base/context-state.ts';
import type { OwnerInfo, SessionInfo, SessionState } from './session-info.ts';

/** What an owner does on requests of other processes. */
export interface OwnerRequests {
  park(): void;
  cancel(): void;
  /** The contexts that its session has open; none when absent. */
  tree?(): Promise<readonly ContextState[]>;
}

/** A session that runs, and its contexts. */
export interface SessionTree {
  readonly owner: OwnerInfo;
  readonly contexts: readonly ContextState[];
}

/** The claim on a session: as long as it is held, nobody else owns the session. */
export interface Claim {
  /** Who answers requests from now on; until then they are kept. */
  attach(requests: OwnerRequests): void;
  /** Gives the session back. Twice is fine. */
  release(): Promise<void>;
}

/** How a session is claimed. */
export interface ClaimOptions {
  /** What others are told of the owner, such as `resprout run deploy.ts`. */
  readonly command: string;
  /** Takes the session from an owner that is alive; the journal's epoch fences it. */
  readonly takeOver?: boolean | undefined;
  /** A session that is not there, or is gone when it could be claimed, is SESSION_MISSING. Without it a new one begins. */
  readonly mustExist?: boolean | undefined;
}

/** A session that has ended. */
export interface EndedSession {
  readonly id: string;
  /** Wall time of its end. */
  readonly lastMs: number;
}

/** Why a session that has not ended is not being run. The journal alone says everything that replay needs; this is for lists. */
export interface ParkedState {
  readonly parkedMs: number;
  readonly why: 'signal' | 'timer';
  /** When the session should go on by itself. */
  readonly dueMs?: number | undefined;
}

/** Which sessions a list has. */
export interface SessionFilter {
  /** Only sessions in these states. */
  readonly states?: readonly SessionState[] | undefined;
  /** So many at most. */
  readonly limit?: number | undefined;
}

/** An owner that was asked for something. */
export interface AskedOwner {
  readonly info: OwnerInfo;
  /** Resolves when it has let go of the session; rejects with SESSION_HELD when it does not answer any more. */
  readonly gone: Promise<void>;
}

/** A store of sessions. Every promise settles within a bound of the store's own. */
export interface SessionStore {
  /** What messages call it: a folder, an address. */
  readonly where: string;
  /** Whether there is a session of this id, also one that was cut off before its first event. */
  has(id: string): Promise<boolean>;
  /** Ids that begin with a text, the newest first; those of sessions that were cut off before their first event are among them. */
  ids(prefix?: string): Promise<readonly string[]>;
  /** Sessions, the one that was started last first. A damaged journal is a line of its own and does not hide the others. */
  list(filter?: SessionFilter): AsyncIterable<SessionInfo>;
  /** One of them; undefined when it is missing or was cut off before its first event. */
  info(id: string): Promise<SessionInfo | undefined>;
  /** Those that have ended, the one that ended first first. At once, so one may be missing or be back; whoever counts on one looks at it again. */
  ended(): Promise<readonly EndedSession[]>;
  /** All builds that a session may run again; undefined when one of them cannot be read, or when it was aborted. */
  builds(signal?: AbortSignal): Promise<ReadonlySet<string> | undefined>;
  /** Rows of a session from the one that holds event `fromSeq` on, while its owner may be writing. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, STORE_IO */
  read(id: string, fromSeq?: number): AsyncIterable<JournalRow>;
  /** Becomes the owner of a session, which need not exist yet. @throws ResproutError SESSION_HELD when another process is, SESSION_MISSING, STORE_UNSAFE */
  claim(id: string, options: ClaimOptions): Promise<Claim>;
  /** Opens the journal of a session that this process has claimed, making it when it is missing. Fences whoever had it. @throws ResproutError STORE_UNSAFE, STORE_IO, JOURNAL_CORRUPT */
  open(id: string): Promise<JournalStore>;
  /** Where what a claimed session prints is kept. Opens nothing before something is printed. */
  keepOutput(id: string): OutputLog;
  /** What a session has printed, while its owner may print more; nothing for one that is not there. */
  readOutput(id: string): OutputReader;
  /** Keeps prints of secrets with a session, beside those that it has: whoever shows it later finds them by these. @throws ResproutError STORE_IO */
  noteSecrets(id: string, prints: readonly SecretPrint[]): Promise<void>;
  /** All prints of a session; none for one that is not there. */
  secretPrints(id: string): Promise<readonly SecretPrint[]>;
  /** Notes why a claimed session is not run any more; undefined: it is run again. */
  setParked(id: string, parked: ParkedState | undefined): Promise<void>;
  /** The contexts of a session that runs; undefined when it has no owner. @throws ResproutError SESSION_HELD when its owner does not answer */
  tree(id: string): Promise<SessionTree | undefined>;
  /** Asks a live owner to park or cancel its session; undefined when there is none. */
  request(id: string, ask: 'park' | 'cancel'): Promise<AskedOwner | undefined>;
  /**
   * Seals what a session that this process has claimed, and not opened, has recorded. A kill leaves it as it was, or sealed. @returns false when it is sealed
   * already, or has recorded nothing. Absent where nothing is kept that could be sealed. @throws ResproutError SEAL_KEY_MISSING, JOURNAL_CORRUPT, STORE_IO
   */
  seal?(id: string): Promise<boolean>;
  /**
   * Takes in a session that another store has recorded, row by row: whole, or not at all. It is not run. Claims its id meanwhile, so it needs
   * no claim of the caller's. When the store has it already, with the same rows, nothing changes; `rows` is read to its end all the same.
   * @param rows may throw: nothing is left of the session then @returns whether it is new
   * @throws ResproutError IMPORT_CONFLICT (there is another session of this id), SESSION_HELD, STORE_IO, JOURNAL_CORRUPT, and what `rows` throws
   */
  bring(id: string, rows: AsyncIterable<JournalRow>, options: Pick<ClaimOptions, 'command'>): Promise<boolean>;
  /** Whether a session was recorded by another store, whose key its hashes of environment values and Secrets were made with. */
  isBrought(id: string): Promise<boolean>;
  /** Notes that of a claimed session: a fork of one that was brought. */
  setBrought(id: string): Promise<void>;
  /** Removes a session that this process has claimed, with everything the store has of it. Its id may be used again. */
  remove(id: string): Promise<void>;
}

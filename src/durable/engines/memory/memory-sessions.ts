// A store of sessions in memory, with the same promises as a folder, for tests and for sessions that nobody resumes.
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import { hostFacts } from '../../../platform/process/host-facts.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { eventsOfRows } from '../../journal/events/row-codec.ts';
import type { SecretPrint } from '../../../base/secret-print.ts';
import type { JournalRow, JournalStore } from '../../journal/journal-store.ts';
import { SessionDigest } from '../../journal/sessions/session-digest.ts';
import type { OutputLog, OutputPiece, OutputReader } from '../../journal/sessions/output-log.ts';
import { damagedInfo, isNewer, type OwnerInfo, type SessionInfo } from '../../journal/sessions/session-info.ts';
import type {
  AskedOwner,
  SessionTree,
  Claim,
  ClaimOptions,
  EndedSession,
  OwnerRequests,
  ParkedState,
  SessionFilter,
  SessionStore,
} from '../../journal/sessions/session-store.ts';
import { sealedJournal } from '../seal/sealed-journal.ts';
import type { StoreSeal } from '../seal/session-seal.ts';
import { StoreKey, type SealOptions } from '../seal/store-key.ts';
import { checkSameRows } from '../same-rows.ts';
import { MemoryJournal } from './memory-journal.ts';
import { heldBy } from '../owners/owner-socket.ts';

interface Kept {
  /** The last owner's. Undefined: claimed and never opened. */
  journal: MemoryJournal | undefined;
  parked: ParkedState | undefined;
  readonly output: OutputPiece[];
  readonly prints: SecretPrint[];
  isBrought: boolean;
}

/** Pieces of output that one session keeps. */
const MOST_PIECES = 10_000;

interface Held {
  readonly info: OwnerInfo;
  readonly early: ('park' | 'cancel')[];
  target: OwnerRequests | undefined;
  readonly gone: PromiseWithResolvers<void>;
}

/** Owns the sessions. */
export class MemorySessions implements SessionStore {
  readonly where = 'memory';
  readonly #kept = new Map<string, Kept>();
  readonly #held = new Map<string, Held>();
  readonly #key: StoreKey;
  /** The seal of all sessions, once something was sealed. */
  #seal: StoreSeal | undefined;

  /** @param seal what sealed sessions need; without it none is sealed */
  constructor(seal?: SealOptions) {
    this.#key = new StoreKey(seal);
  }

  async has(id: string): Promise<boolean> {
    return this.#kept.has(id);
  }

  async ids(prefix = ''): Promise<readonly string[]> {
    const found = [...this.#kept.keys()].filter((id) => id.startsWith(prefix));
    return found.sort((a, b) => (a < b ? 1 : -1));
  }

  async *list({ states, limit = Number.POSITIVE_INFINITY }: SessionFilter = {}): AsyncIterable<SessionInfo> {
    const infos: SessionInfo[] = [];
    for (const id of this.#kept.keys()) {
      const info = await this.info(id);
      if (info !== undefined && (states === undefined || states.includes(info.state))) infos.push(info);
    }
    yield* infos.sort((a, b) => (isNewer(a, b) ? -1 : 1)).slice(0, limit);
  }

  async info(id: string): Promise<SessionInfo | undefined> {
    const owner = this.#held.get(id)?.info;
    try {
      return this.#digest(id)?.info(id, { owner, parked: this.#kept.get(id)?.parked });
    } catch (thrown) {
      return damagedInfo(id, owner, toError(thrown).message);
    }
  }

  async ended(): Promise<readonly EndedSession[]> {
    const ended: EndedSession[] = [];
    for await (const { sessionId, lastMs } of this.list({ states: ['done', 'failed', 'cancelled'] })) ended.push({ id: sessionId, lastMs });
    return ended.sort((a, b) => a.lastMs - b.lastMs);
  }

  async builds(): Promise<ReadonlySet<string> | undefined> {
    const needed = new Set<string>();
    for (const id of this.#kept.keys()) {
      if ((await this.info(id))?.state === 'damaged') return undefined;
      for (const build of this.#digest(id)?.builds ?? []) needed.add(build);
    }
    return needed;
  }

  async *read(id: string, fromSeq = 0): AsyncIterable<JournalRow> {
    const journal = this.#kept.get(id)?.journal;
    if (journal === undefined) throw missing(id, 'read');
    for (const row of this.#stored(journal, id)) if (row.firstSeq + row.count > fromSeq) yield row;
  }

  async claim(id: string, { command, takeOver = false, mustExist = false }: ClaimOptions): Promise<Claim> {
    if (mustExist && !this.#kept.has(id)) throw missing(id, 'own');
    const holder = this.#held.get(id);
    if (holder !== undefined && !takeOver) throw heldBy(holder.info, id, realClock);
    if (!this.#kept.has(id)) this.#kept.set(id, { journal: undefined, parked: undefined, output: [], prints: [], isBrought: false });
    const info = { pid: hostFacts().pid, sinceMs: realClock.wallMs(), command };
    const held: Held = { info, early: [], target: undefined, gone: Promise.withResolvers() };
    this.#held.set(id, held);
    return {
      attach(requests) {
        held.target = requests;
        for (const ask of held.early.splice(0)) requests[ask]();
      },
      release: async () => {
        // Another claim may have taken the session over.
        if (this.#held.get(id) === held) this.#held.delete(id);
        held.gone.resolve();
      },
    };
  }

  async open(id: string): Promise<JournalStore> {
    const kept = this.#kept.get(id) ?? { journal: undefined, parked: undefined, output: [], prints: [], isBrought: false };
    this.#kept.set(id, kept);
    const journal = (kept.journal = kept.journal?.takeOver() ?? new MemoryJournal());
    return await this.#sealing(journal);
  }

  /** The journal, through the seal of a store that has a key. */
  async #sealing(journal: MemoryJournal): Promise<JournalStore> {
    if (!this.#key.isOn) return journal;
    const seal = (this.#seal = await this.#key.seal());
    return sealedJournal(journal, (session) => seal.session(session));
  }

  keepOutput(id: string): OutputLog {
    const output = this.#kept.get(id)?.output ?? [];
    let isOpen = true;
    return {
      problem: undefined,
      write(piece) {
        if (isOpen) output.push({ ...piece, bytes: piece.bytes.slice() });
        if (output.length > MOST_PIECES) output.shift();
      },
      async close() {
        isOpen = false;
      },
    };
  }

  readOutput(id: string): OutputReader {
    const seen = new Set<OutputPiece>();
    return {
      next: async () => {
        const news = (this.#kept.get(id)?.output ?? []).filter((piece) => !seen.has(piece));
        for (const piece of news) seen.add(piece);
        return news;
      },
      async close() {
        seen.clear();
      },
    };
  }

  async noteSecrets(id: string, prints: readonly SecretPrint[]): Promise<void> {
    this.#kept.get(id)?.prints.push(...prints);
  }

  async secretPrints(id: string): Promise<readonly SecretPrint[]> {
    return [...(this.#kept.get(id)?.prints ?? [])];
  }

  async setParked(id: string, parked: ParkedState | undefined): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) kept.parked = parked;
  }

  async tree(id: string): Promise<SessionTree | undefined> {
    const held = this.#held.get(id);
    return held === undefined ? undefined : { owner: held.info, contexts: (await held.target?.tree?.()) ?? [] };
  }

  async request(id: string, ask: 'park' | 'cancel'): Promise<AskedOwner | undefined> {
    const held = this.#held.get(id);
    if (held === undefined) return undefined;
    if (held.target === undefined) held.early.push(ask);
    else held.target[ask]();
    return { info: held.info, gone: held.gone.promise };
  }

  async bring(id: string, rows: AsyncIterable<JournalRow>, { command }: Pick<ClaimOptions, 'command'>): Promise<boolean> {
    const holder = this.#held.get(id);
    if (holder !== undefined) throw heldBy(holder.info, id, realClock);
    const info = { pid: hostFacts().pid, sinceMs: realClock.wallMs(), command };
    const held: Held = { info, early: [], target: undefined, gone: Promise.withResolvers() };
    this.#held.set(id, held);
    try {
      if ((await this.info(id)) !== undefined) {
        await checkSameRows(id, this.read(id), rows);
        return false;
      }
      const journal = new MemoryJournal();
      const writer = await this.#sealing(journal);
      for await (const row of rows) await writer.append([row]);
      await writer.close();
      this.#kept.set(id, { journal, parked: undefined, output: [], prints: [], isBrought: true });
      return true;
    } finally {
      if (this.#held.get(id) === held) this.#held.delete(id);
      held.gone.resolve();
    }
  }

  async isBrought(id: string): Promise<boolean> {
    return this.#kept.get(id)?.isBrought === true;
  }

  async setBrought(id: string): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) kept.isBrought = true;
  }

  async remove(id: string): Promise<void> {
    this.#kept.delete(id);
  }

  *#stored(journal: MemoryJournal, id: string): Iterable<JournalRow> {
    for (const row of journal.stored(id)) yield this.#seal === undefined ? row : this.#seal.session(id).open(row);
  }

  /** Undefined for what was never opened. @throws ResproutError JOURNAL_CORRUPT */
  #digest(id: string): SessionDigest | undefined {
    const journal = this.#kept.get(id)?.journal;
    if (journal === undefined) return undefined;
    const digest = new SessionDigest(nodeKinds);
    for (const row of this.#stored(journal, id)) digest.takeRow(row);
    if (digest.needsHistory) digest.recast(eventsOfRows(this.#stored(journal, id)));
    return digest;
  }
}

function missing(id: string, what: string): ResproutError {
  return new ResproutError('SESSION_MISSING', `there is no session ${id} in memory`, { tried: `${what} ${id}`, saw: 'no such session' });
}

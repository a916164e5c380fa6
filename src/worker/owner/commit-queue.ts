// Group commit. Invariants:
//   C1. Nobody is answered before the transaction that holds his rows is on disk.
//   C2. All frames that arrived in one turn are one transaction; frames are committed in the order of their numbers, none twice.
//   C3. Rows that nobody could read again never get into the journal: every event is parsed before. Nothing less would do, since lengths and kinds
//       alone let through what a later reader refuses; so each event is decoded once, here, and handed on to whoever watches.
//   C4. What the program printed before rows has been handed on when they are committed: a replay of them does not print it again.
//   C5. After any error nothing is committed or answered any more: the only recovery is the next open of the journal.
//   C6. One commit is under way at a time. What arrives meanwhile waits and is one transaction, begun as soon as that one is answered.
//   C7. On a full disk nothing is appended and nobody is answered: it is looked at again until there is space. What is left of a runner that
//       has ended then is dropped, as by a crash.
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { Turn } from '../../base/seams/turn.ts';
import { noSpace } from '../../durable/engines/index.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import type { JournalRow, JournalStore, SpaceLack } from '../../durable/journal/journal-store.ts';
import { BARRIER_FLAG, SHOWN_FLAG, counterFrame, readRows } from '../../durable/journal/runner/runner-frames.ts';
import { decodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { waitForSpace, type SpaceWait } from './space-wait.ts';

/** A row with its events: whoever wants to know them need not read it once more. */
export interface ReadRow extends JournalRow {
  readonly events: readonly JournalEvent[];
}

export interface CommitQueueOptions {
  readonly store: JournalStore;
  readonly turn: Turn;
  readonly space: SpaceWait;
  /** The one session that this runner was given. Rows of any other are refused. */
  readonly session: string;
  /** Called before a commit of frames before which the program printed: whoever replays them does not print that again. */
  showFirst(): void;
  /** Takes a whole frame for the channel on which the runner listens (fd 4). */
  toMain(frame: Uint8Array): void;
  /** Takes a whole frame for the channel on which a barrier waits (fd 5). */
  toBarrier(frame: Uint8Array): void;
  /** Told of rows that are on disk, after their answer has left. */
  onCommitted(rows: readonly ReadRow[]): void;
  /** Told once. Nothing was answered for what was not committed. */
  onFailed(error: ResproutError): void;
}

interface Waiting {
  readonly n: number;
  readonly barrier: boolean;
  readonly shown: boolean;
}

/** The owner's side of the rows of one runner. */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #rows: ReadRow[] = [];
  #waiting: Waiting[] = [];
  #lastFrame = 0;
  #scheduled = false;
  /** Set while a commit is under way: settles when nothing waits any more. */
  #working: Promise<void> | undefined;
  #dead = false;
  /** Nothing comes any more: space is not waited for. */
  #isLast = false;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** Takes the payload of an APPEND. @throws ResproutError WIRE_BAD_FRAME for anything but the next frame of this session */
  take(payload: Uint8Array): void {
    if (this.#dead) return;
    const { n, flags, rows } = readRows(payload);
    if (n !== this.#lastFrame + 1) {
      throw new ResproutError('WIRE_BAD_FRAME', `the runner sent journal frame ${n} after frame ${this.#lastFrame}`, { saw: `frame ${n}` });
    }
    const read: ReadRow[] = [];
    for (const row of rows) {
      if (row.session !== this.#options.session) throw this.#wrong(`a row of session ${JSON.stringify(row.session.slice(0, 40))}`);
      try {
        read.push({ ...row, events: decodeRowBytes(row.bytes, row.count) });
      } catch (thrown) {
        throw this.#wrong(`a row that is none: ${toError(thrown).message}`, thrown);
      }
    }
    this.#lastFrame = n;
    this.#rows.push(...read);
    this.#waiting.push({ n, barrier: (flags & BARRIER_FLAG) !== 0, shown: (flags & SHOWN_FLAG) !== 0 });
    if (this.#scheduled || this.#working !== undefined) return;
    this.#scheduled = true;
    this.#options.turn.next(() => void this.#begin());
  }

  #wrong(saw: string, cause?: unknown): ResproutError {
    return new ResproutError('WIRE_BAD_FRAME', `the runner of ${this.#options.session} sent ${saw}`, { saw }, { cause });
  }

  /**
   * Commits what has arrived, beginning now; resolves when it has been answered, or when nothing is answered any more. For the end of a
   * runner: what it sent before its end counts.
   */
  drain(): Promise<void> {
    this.#isLast = true;
    return this.#begin();
  }

  #begin(): Promise<void> {
    this.#scheduled = false;
    if (this.#working !== undefined) return this.#working;
    if (this.#dead || this.#waiting.length === 0) return Promise.resolve();
    return (this.#working = this.#work());
  }

  /** From now on nothing is committed. */
  stop(): void {
    this.#dead = true;
    this.#rows = [];
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    try {
      while (!this.#dead && this.#waiting.length > 0) await this.#commit();
    } finally {
      // In the turn of the last look at what waits: whatever comes later finds nobody at work.
      this.#working = undefined;
    }
  }

  async #commit(): Promise<void> {
    try {
      // Without a wait where there is space: a commit begins at once.
      if (this.#lack() !== undefined && !(await this.#spaceComes())) return;
    } catch (thrown) {
      return this.#fail(thrown);
    }
    const rows = this.#rows;
    const waiting = this.#waiting;
    this.#rows = [];
    this.#waiting = [];
    if (waiting.some(({ shown }) => shown)) this.#options.showFirst();
    try {
      if (rows.length > 0) await this.#options.store.append(rows);
    } catch (thrown) {
      return this.#fail(thrown);
    }
    if (this.#dead) return;
    this.#answer(waiting);
    if (rows.length === 0) return;
    this.#options.onCommitted(rows);
    if (!this.#dead) this.#afterAnswer();
  }

  #afterAnswer(): void {
    try {
      this.#options.store.afterAnswer?.();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #lack(): SpaceLack | undefined {
    return this.#rows.length === 0 ? undefined : this.#options.store.lacksFor?.(this.#rows);
  }

  /** @returns false when nothing more is committed @throws ResproutError STORE_IO when the disk stays full */
  async #spaceComes(): Promise<boolean> {
    const isWanted = (): boolean => !this.#isLast && !this.#dead;
    const lack = await waitForSpace(() => this.#lack(), this.#options.space, isWanted);
    if (lack === undefined) return !this.#dead;
    if (isWanted()) throw noSpace('the store', lack);
    this.stop();
    return false;
  }

  #fail(thrown: unknown): void {
    this.stop();
    this.#options.onFailed(storeError(thrown));
  }

  /** Answers are cumulative: one for the last frame, and one on the barrier's channel where a barrier waits. */
  #answer(waiting: readonly Waiting[]): void {
    const last = waiting.at(-1)?.n ?? 0;
    const barrier = waiting.findLast((one) => one.barrier)?.n;
    if (barrier !== undefined) this.#options.toBarrier(counterFrame(HANDLE.DURABLE, barrier));
    if (last !== barrier) this.#options.toMain(counterFrame(HANDLE.COMMITTED, last));
  }
}

function storeError(thrown: unknown): ResproutError {
  if (thrown instanceof ResproutError) return thrown;
  const error = toError(thrown);
  return new ResproutError('STORE_IO', `the journal could not be written: ${error.message}`, { saw: error.message }, { cause: error });
}

// Rows of all sessions of a runner on their way to the owner. Invariants:
//   J1. Events of a session leave in order, each once; a frame holds one row for each session that has unsent events.
//   J2. At most two frames that nobody had to wait for are under way; what comes meanwhile becomes one frame. That is the group.
//   J3. 64 KiB unsent leave at once; 1 MiB unanswered is a barrier: memory stays bounded in a program that never waits.
//   J4. Whoever waits for what has already left waits for THAT frame, not for the next one.
//   J5. Nobody who waits runs inside `append`, `whenDurable` or `barrier`.
import type { Turn } from '../../../base/seams/turn.ts';
import type { JournalEvent } from '../../journal/events/event.ts';
import { BARRIER_FLAG, SHOWN_FLAG, partsFrame, type RowParts } from '../../journal/runner/runner-frames.ts';
import type { SessionSink } from '../../replay/session/session-sink.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { LIMITS } from '../../../wire/limits.ts';
import type { EncodedValue } from '../../../wire/bytes/byte-writer.ts';

/** The way to the owner. Local: fd 5. On another machine: the link. */
export interface SinkChannel {
  /** Hands a frame over. Never throws: a lost owner ends the process. */
  send(frame: Uint8Array): void;
  /** Hands a frame over and blocks until the owner says that all frames up to `n` are on disk. Does not return when there is no such answer. */
  barrier(frame: Uint8Array, n: number): void;
}

export interface JournalSinkOptions {
  readonly channel: SinkChannel;
  readonly turn: Turn;
  /** The event as it stands in a row, in pieces. They stay as they are until they have left. */
  encode(event: JournalEvent): EncodedValue;
  /** Whether the program printed something since this was asked. */
  takeShown?(): boolean;
  /** Called around a barrier, so that nobody takes the waiting for a program that hangs. */
  aroundBarrier?(wait: () => void): void;
}

const FRAMES_UNDER_WAY = 2;

interface Waiter {
  /** Frame that must be on disk; undefined while it has not left. */
  frame: number | undefined;
  readonly run: () => void;
}

class Lane {
  readonly session: string;
  nextSeq: number;
  pieces: Uint8Array[] = [];
  count = 0;
  bytes = 0;
  lastFrame = 0;

  constructor(session: string, nextSeq: number) {
    this.session = session;
    this.nextSeq = nextSeq;
  }

  takeRow(): RowParts {
    const { session, nextSeq, count, pieces, bytes } = this;
    this.nextSeq += count;
    this.pieces = [];
    this.count = 0;
    this.bytes = 0;
    return { session, firstSeq: nextSeq, count, pieces, byteLength: bytes };
  }
}

/** The sink of a runner. */
export class JournalSink {
  readonly #options: JournalSinkOptions;
  readonly #unsent = new Set<Lane>();
  readonly #sizes = new Map<number, number>();
  readonly #waiting: Waiter[] = [];
  readonly #ready: (() => void)[] = [];
  #unsentBytes = 0;
  #unansweredBytes = 0;
  #sent = 0;
  #answered = 0;
  #scheduled = false;
  #draining = false;

  constructor(options: JournalSinkOptions) {
    this.#options = options;
  }

  /** The sink of one session, whose next event has number `nextSeq`. */
  session(id: string, nextSeq: number): SessionSink {
    const lane = new Lane(id, nextSeq);
    return {
      append: (event) => this.#append(lane, event),
      whenDurable: (run) => this.#whenDurable(lane, run),
      barrier: () => this.#barrier(),
    };
  }

  /** Blocks until everything of all sessions is on disk. Does not return when the owner is lost. */
  barrier(): void {
    this.#barrier();
  }

  /** Calls `run` once, never synchronously, when everything of all sessions that was appended so far is on disk. */
  whenAllDurable(run: () => void): void {
    if (this.#unsent.size > 0) this.#waiting.push({ frame: undefined, run });
    else if (this.#answered < this.#sent) this.#waiting.push({ frame: this.#sent, run });
    else {
      this.#ready.push(run);
      this.#drainSoon();
    }
  }

  /** The owner has everything up to frame `n` on disk. */
  committed(n: number): void {
    this.#answeredUpTo(n);
    this.#drain();
    if (this.#unsent.size > 0) this.#schedule();
  }

  #append(lane: Lane, event: JournalEvent): void {
    const { chunks, byteLength } = this.#options.encode(event);
    lane.pieces.push(...chunks);
    lane.count++;
    lane.bytes += byteLength;
    this.#unsent.add(lane);
    this.#unsentBytes += byteLength;
    if (this.#unsentBytes <= LIMITS.rowBytes) return this.#schedule();
    this.#send();
    if (this.#unansweredBytes > LIMITS.unansweredBytes) this.#barrier();
  }

  #whenDurable(lane: Lane, run: () => void): void {
    if (lane.pieces.length > 0) {
      this.#waiting.push({ frame: undefined, run });
      return;
    }
    if (lane.lastFrame <= this.#answered) {
      this.#ready.push(run);
      this.#drainSoon();
      return;
    }
    const at = this.#waiting.findIndex((other) => other.frame === undefined || other.frame > lane.lastFrame);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, { frame: lane.lastFrame, run });
  }

  #barrier(): void {
    if (this.#unsent.size === 0 && this.#answered === this.#sent) return;
    const frame = this.#frame(BARRIER_FLAG);
    const wait = (): void => this.#options.channel.barrier(frame, this.#sent);
    if (this.#options.aroundBarrier === undefined) wait();
    else this.#options.aroundBarrier(wait);
    this.#answeredUpTo(this.#sent);
    this.#drainSoon();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.turn.next(() => {
      this.#scheduled = false;
      // With two frames under way the next answer schedules again.
      if (this.#unsent.size > 0 && this.#sent - this.#answered < FRAMES_UNDER_WAY) this.#send();
    });
  }

  #send(): void {
    this.#options.channel.send(this.#frame(0));
  }

  #frame(flags: number): Uint8Array {
    const n = ++this.#sent;
    const rows: RowParts[] = [];
    for (const lane of this.#unsent) {
      rows.push(lane.takeRow());
      lane.lastFrame = n;
    }
    this.#unsent.clear();
    this.#unsentBytes = 0;
    for (const waiter of this.#waiting) waiter.frame ??= n;
    const shown = this.#options.takeShown?.() === true ? SHOWN_FLAG : 0;
    const frame = partsFrame(HANDLE.APPEND, n, flags | shown, rows);
    this.#sizes.set(n, frame.length);
    this.#unansweredBytes += frame.length;
    return frame;
  }

  #answeredUpTo(n: number): void {
    if (n <= this.#answered || n > this.#sent) return;
    for (let i = this.#answered + 1; i <= n; i++) {
      this.#unansweredBytes -= this.#sizes.get(i) ?? 0;
      this.#sizes.delete(i);
    }
    this.#answered = n;
    let count = 0;
    for (const { frame } of this.#waiting) {
      if (frame === undefined || frame > n) break;
      count++;
    }
    for (const { run } of this.#waiting.splice(0, count)) this.#ready.push(run);
  }

  #drainSoon(): void {
    if (this.#draining || this.#ready.length === 0) return;
    this.#draining = true;
    this.#options.turn.next(() => {
      this.#draining = false;
      this.#drain();
    });
  }

  #drain(): void {
    // What a run adds waits for its own turn: `ready` is taken as it is now.
    for (const run of this.#ready.splice(0)) run();
  }
}

// The only place where time passes for a program. The same in record and replay:
// 1. One delivery per macrotask; all microtasks it leads to have run before the next one.
// 2. Before a delivery the program is quiet: its immediates come first, each in a turn of its own, and then as many turns pass in which it does
//    nothing, since Node's own streams and parsers hop over a macrotask too.
// 3. While history is left, its next delivery is given once the issues before it have been made. No delivery is appended.
// 4. Caught up: calls of unknown outcome start, once; then completions are appended in arrival order, as one batch, and delivered when the
//    batch is on disk (commit before deliver). The next batch is appended only after the last one was delivered.
// 5. The program has ended: what is left of the batch is delivered, then `end` is appended. Later arrivals are dropped.
// 6. Parked: arrivals are still appended, nothing is delivered.
import { AwakeTime } from '../../../base/time/awake.ts';
import type { Clock } from '../../../base/seams/clock.ts';
import type { Turn } from '../../../base/seams/turn.ts';
import type { DeliveryEvent } from '../../journal/events/event.ts';
import type { SessionImmediate } from '../session/session-api.ts';
import type { Cursor } from './cursor.ts';
import type { JournalWriter } from './journal-writer.ts';

const BATCH = 256;
const RETRY_MS = 1;
/** How long a program is given that waits for nothing that is known, and how often it is looked at. */
const STALLED_MS = 1000;
const STALLED_LOOK_MS = 25;
/** How often a session that is held up is looked at. */
const HELD_LOOK_MS = 10;
/** Turns without a sign of the program before a delivery. Streams and the HTTP parser of Node hop over one. */
const QUIET_TURNS = 3;

/** A completion, callback or signal that has happened and is not in the journal yet. */
export interface Arrival {
  /** The event, when its moment has come; undefined when nobody waits for it any more. */
  make(atMs: number): Exclude<DeliveryEvent, { readonly t: 'end' }> | undefined;
  /** The live object of the outcome. */
  readonly live?: object | undefined;
}

/** What the pump asks of its session. */
export interface PumpHost {
  /** Whether the program has returned, thrown or exited. */
  readonly hasEnded: boolean;
  /** Whether nothing of the program may run any more. */
  readonly hasExited: boolean;
  /** Whether the program has not ended, and nothing is left that could go on with it. */
  readonly isStalled: boolean;
  /** Whether nothing new is to be given to it for the moment. */
  readonly isHeldUp: boolean;
  /** What stops the session without an `end`: it diverged. */
  readonly fatal: Error | undefined;
  /** Whether the session takes no new work. */
  readonly parked: boolean;
  /** Whether what a recorded delivery ends was begun again; work that is only a place in the order has no issue that says so. */
  isBegun(event: DeliveryEvent): boolean;
  /** Whether a recorded delivery can be given: false while what it delivers is still being loaded. Kicks when that has changed. */
  isReady(event: DeliveryEvent): boolean;
  /** Gives one delivery to the program. */
  deliver(event: DeliveryEvent, live: object | undefined): void;
  /** The history has an end here, and the program has ended too, or not. */
  endOfHistory(): void;
  /** History is used up: what must be there before anything goes on. */
  caughtUp(): void;
  /** Appends `end`. */
  end(): void;
  /** The session cannot go on. */
  fail(error: Error): void;
  /** The program does not make the issue that the history has next. */
  diverged(): void;
  /** The program has ended or is stalled: its listeners for that are called. @returns whether something ran; false when all is said */
  lastWords(): boolean;
  /** Everything that arrived is appended and on disk. */
  parkedAndDurable(): void;
}

/** Everything the pump works with. */
export interface PumpParts {
  readonly cursor: Cursor;
  readonly writer: JournalWriter;
  readonly turn: Turn;
  readonly clock: Clock;
  readonly patienceMs: number;
}

/** Moves one session. */
export class Pump {
  readonly #parts: PumpParts;
  readonly #host: PumpHost;
  readonly #immediates: { readonly run: () => void; isRef: boolean }[] = [];
  readonly #unknown: { readonly start: () => void; readonly dueMs: number }[] = [];
  readonly #arrived: Arrival[] = [];
  readonly #batch: { readonly event: DeliveryEvent; readonly live: object | undefined }[] = [];
  #committing = false;
  #scheduled = false;
  #closed = false;
  #caughtUp = false;
  readonly #waiting: AwakeTime;
  #quietTurns = 0;
  #moves = 0;
  readonly #stalled: AwakeTime;

  constructor(parts: PumpParts, host: PumpHost) {
    this.#parts = parts;
    this.#waiting = new AwakeTime(parts.clock);
    this.#stalled = new AwakeTime(parts.clock);
    this.#host = host;
  }

  /** The program does something: it is not quiet. */
  stir(): void {
    this.#quietTurns = 0;
  }

  /** How many immediates wait for their turn that keep the program alive. */
  get heldImmediates(): number {
    return this.#immediates.filter(({ isRef }) => isRef).length;
  }

  /** Whether history is used up and what was left open of it has been started. */
  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  /** How often the program was given something: a delivery or its immediate. */
  get moves(): number {
    return this.#moves;
  }

  /** Something has changed: takes a turn soon. */
  kick(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#parts.turn.next(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#turn();
    });
  }

  /** Takes something that has happened. Appended and delivered in order of arrival. */
  arrive(arrival: Arrival): void {
    if (this.#closed) return;
    this.#arrived.push(arrival);
    this.kick();
  }

  /** Runs `run` in a turn of its own, before the next delivery. */
  immediate(run: () => void): SessionImmediate {
    const entry = { run, isRef: true };
    this.#immediates.push(entry);
    this.kick();
    return {
      clear: () => {
        const place = this.#immediates.indexOf(entry);
        if (place >= 0) this.#immediates.splice(place, 1);
      },
      setRef: (isRef) => {
        entry.isRef = isRef;
      },
    };
  }

  /**
   * Starts a call of unknown outcome once history is used up. @param dueMs time of a timer: those go by their time, after all calls; two that are
   * overdue fire in the order in which they were due
   */
  whenCaughtUp(start: () => void, dueMs: number = Number.NEGATIVE_INFINITY): void {
    this.#unknown.push({ start, dueMs });
    this.kick();
  }

  close(): void {
    this.#closed = true;
  }

  #turn(): void {
    const { cursor } = this.#parts;
    if (this.#host.fatal !== undefined) return this.#host.fail(this.#host.fatal);
    const immediate = this.#immediates.shift();
    if (immediate !== undefined) {
      this.#quietTurns = 0;
      this.#moves++;
      this.kick();
      if (!this.#host.hasExited) immediate.run();
    } else if (this.#quietTurns < QUIET_TURNS) {
      this.#quietTurns++;
      this.kick();
    } else if (this.#host.parked) this.#whileParked();
    else if (cursor.peek() !== undefined || cursor.stuck) this.#replayOne();
    else this.#recordOne();
  }

  #replayOne(): void {
    const { cursor } = this.#parts;
    const event = cursor.peek();
    if (event === undefined || !cursor.due) return this.#waitForCall();
    if (event.t === 'end') {
      if (!this.#host.hasEnded) return this.#waitForCall();
      return this.#host.lastWords() ? this.kick() : this.#host.endOfHistory();
    }
    if (!this.#host.isBegun(event)) return this.#waitForCall();
    if (!this.#host.isReady(event)) return;
    this.#waiting.reset();
    cursor.advance();
    this.#give(event, undefined);
  }

  /** Packages may hop over real macrotasks before they make the next call, so a missing one is no divergence at once. */
  #waitForCall(): void {
    const { clock, cursor, patienceMs } = this.#parts;
    const gone = this.#waiting.look() >= patienceMs || this.#host.hasEnded;
    if (!gone) {
      clock.after(RETRY_MS, () => this.kick());
      return;
    }
    if (this.#host.lastWords()) {
      this.#waiting.reset();
      return this.kick();
    }
    const event = cursor.peek();
    // Nobody waits for it: says so.
    if (event !== undefined && cursor.due && !this.#host.isBegun(event)) this.#host.deliver(event, undefined);
    else if (cursor.due || event === undefined) {
      if (cursor.stuck) this.#host.diverged();
      else this.#host.endOfHistory();
    } else this.#host.diverged();
  }

  #recordOne(): void {
    if (!this.#caughtUp) {
      this.#caughtUp = true;
      this.#host.caughtUp();
    }
    if (this.#committing) return;
    const next = this.#batch.shift();
    if (next !== undefined) {
      this.#parts.cursor.advance();
      return this.#give(next.event, next.live);
    }
    if (this.#unknown.length > 0 && !this.#host.hasEnded) {
      this.kick();
      const unknown = this.#unknown.splice(0);
      for (const { start } of unknown.sort((a, b) => (a.dueMs === b.dueMs ? 0 : a.dueMs - b.dueMs))) start();
    } else if (this.#host.hasEnded) this.#end();
    else if (this.#arrived.length > 0 || !this.#host.isStalled) {
      this.#stalled.reset();
      if (this.#host.isHeldUp) this.#parts.clock.after(HELD_LOOK_MS, () => this.kick());
      else this.#appendArrived(() => this.kick());
    } else this.#whileStalled();
  }

  #end(): void {
    if (this.#host.lastWords()) this.kick();
    else this.#host.end();
  }

  /** What the language itself works at on other threads is not known here: it may still come. */
  #whileStalled(): void {
    const leftMs = STALLED_MS - this.#stalled.look();
    if (leftMs <= 0) this.#end();
    else this.#parts.clock.after(Math.min(leftMs, STALLED_LOOK_MS), () => this.kick());
  }

  #whileParked(): void {
    if (this.#committing) return;
    if (this.#arrived.length > 0) this.#appendArrived(() => this.kick());
    else this.#parts.writer.whenDurable(() => this.#host.parkedAndDurable());
  }

  #appendArrived(then: () => void): void {
    const { clock, writer } = this.#parts;
    let appended = false;
    // One time for all that nothing is given between: so a replay knows what the program cannot have seen.
    const atMs = this.#batch[0]?.event.atMs ?? clock.wallMs();
    for (const arrival of this.#arrived.splice(0, BATCH)) {
      const event = arrival.make(atMs);
      if (event === undefined) continue;
      writer.append(event);
      this.#batch.push({ event, live: arrival.live });
      appended = true;
    }
    if (!appended) return this.#arrived.length > 0 ? this.kick() : undefined;
    this.#committing = true;
    writer.whenDurable(() => {
      this.#committing = false;
      then();
    });
  }

  #give(event: DeliveryEvent, live: object | undefined): void {
    this.#quietTurns = 0;
    this.#moves++;
    this.kick();
    this.#host.deliver(event, live);
  }
}

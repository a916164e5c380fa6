// Where a replay stands in its history.
// 1. Ids count issues (calls, syncs, timers) in issue order; deliveries (done, cb, signal, cancel, end) are taken in recorded order.
// 2. A delivery is due once as many calls have been issued as the history had when it was appended.
// 3. Completions are appended in batches, between two turns, and delivered one per turn. So calls that answer the first of a batch stand
//    behind the whole batch: a call may be issued while deliveries are left if these belong to the same unbroken run of deliveries.
import type {
  CallbackEvent,
  CallEvent,
  CancelEvent,
  DoneEvent,
  EndEvent,
  JournalEvent,
  SignalEvent,
  SyncEvent,
  TimerEvent,
} from '../../journal/event.ts';
import { argumentsDiffer, differs, earlyEnd, extraCall, missingCall, type ShownCall } from '../session/divergence.ts';

export type IssueEvent = CallEvent | SyncEvent | TimerEvent;
export type DeliveryEvent = DoneEvent | CallbackEvent | SignalEvent | CancelEvent | EndEvent;

interface Delivery {
  /** Calls that were issued before it was appended. */
  readonly need: number;
  readonly event: DeliveryEvent;
}

/** Name under which timers stand in messages and in comparisons. */
export const TIMER_FN = 'timer';

const shown = (id: number, event: IssueEvent): ShownCall => ({
  id,
  fn: event.t === 'timer' ? TIMER_FN : event.fn,
  site: event.site,
  argsHash: event.t === 'timer' ? undefined : event.argsHash,
});

/** A delivery as messages show it. */
export function shownDelivery(event: DeliveryEvent): string {
  switch (event.t) {
    case 'done':
    case 'cb':
      return `${event.t === 'done' ? 'the end' : 'a callback'} of call #${String(event.id)}`;
    case 'signal':
      return `the signal ${event.name}`;
    case 'cancel':
      return 'the cancellation';
    case 'end':
      return 'the end of the session';
  }
}

/** The history of a session and the place that its replay has reached. */
export class Cursor {
  readonly #issues: IssueEvent[] = [];
  readonly #deliveries: Delivery[] = [];
  readonly #done = new Map<number, DoneEvent>();
  readonly #calledBack = new Set<number>();
  readonly #strictArguments: boolean;
  readonly #warn: (text: string) => void;
  #issued = 0;
  #delivered = 0;

  constructor(history: readonly JournalEvent[], strictArguments: boolean, warn: (text: string) => void) {
    this.#strictArguments = strictArguments;
    this.#warn = warn;
    for (const event of history) this.#take(event);
  }

  #take(event: JournalEvent): void {
    switch (event.t) {
      case 'call':
      case 'sync':
      case 'timer':
        this.#issues.push(event);
        return;
      case 'done':
        this.#done.set(event.id, event);
        break;
      case 'cb':
        this.#calledBack.add(event.id);
        break;
      case 'signal':
      case 'cancel':
      case 'end':
        break;
      case 'start':
      case 'build':
        return;
    }
    this.#deliveries.push({ need: this.#issues.length, event });
  }

  /** Calls issued so far. */
  get issued(): number {
    return this.#issued;
  }

  /** Whether recorded calls or deliveries are left. */
  get replaying(): boolean {
    return this.#issued < this.#issues.length || this.#delivered < this.#deliveries.length;
  }

  /** How many events of the history answer calls or are delivered. */
  get size(): number {
    return this.#issues.length + this.#deliveries.length;
  }

  /** The recorded end of a call; undefined when its outcome is unknown. */
  doneOf(id: number): DoneEvent | undefined {
    return this.#done.get(id);
  }

  /** Whether a callback given to this call was ever called. */
  wasCalledBack(id: number): boolean {
    return this.#calledBack.has(id);
  }

  /**
   * Numbers the next call and finds its record. @throws ResproutError JOURNAL_DIVERGED
   * @returns its id, and the record while there is one
   */
  issue(kind: 'call' | 'timer', call: Omit<ShownCall, 'id'>): { readonly id: number; readonly recorded: IssueEvent | undefined } {
    const id = this.#issued++;
    const replayed: ShownCall = { ...call, id };
    this.#checkOrder(replayed);
    const event = this.#issues[id];
    if (event === undefined) return { id, recorded: undefined };
    const recorded = shown(id, event);
    if ((event.t === 'timer') !== (kind === 'timer') || recorded.fn !== replayed.fn || recorded.site.id !== replayed.site.id)
      throw differs(recorded, replayed);
    if (recorded.argsHash !== replayed.argsHash) {
      const error = argumentsDiffer(recorded, replayed);
      if (this.#strictArguments) throw error;
      this.#warn(error.message);
    }
    return { id, recorded: event };
  }

  /** Invariant 3: between the last delivery and this call lie only deliveries of the same run. */
  #checkOrder(replayed: ShownCall): void {
    const last = this.#deliveries[this.#delivered - 1]?.need;
    for (let i = this.#delivered; i < this.#deliveries.length; i++) {
      const next = this.#deliveries[i];
      if (next === undefined || next.need > replayed.id) return;
      if (next.need !== last || next.event.t === 'end') throw extraCall(replayed, shownDelivery(next.event));
    }
  }

  /** The next recorded delivery, without taking it. */
  peek(): DeliveryEvent | undefined {
    return this.#deliveries[this.#delivered]?.event;
  }

  /** Whether all calls that precede the next delivery have been issued. */
  get due(): boolean {
    const next = this.#deliveries[this.#delivered];
    return next !== undefined && this.#issued >= next.need;
  }

  /** Takes the next delivery. */
  advance(): void {
    this.#delivered++;
  }

  /** Whether recorded calls are left that the program has not made, with no delivery left that could lead to them. */
  get stuck(): boolean {
    return this.#delivered >= this.#deliveries.length && this.#issued < this.#issues.length;
  }

  /** What to say when the next delivery is not due and nothing moves any more. */
  missing(ended: boolean): Error {
    const event = this.#issues[this.#issued];
    if (event === undefined) throw new Error('no recorded call is missing');
    const next = this.peek();
    const call = shown(this.#issued, event);
    return ended ? earlyEnd(this.#issued, call) : missingCall(call, next === undefined ? 'nothing' : shownDelivery(next));
  }
}

// Where a replay stands in its history.
// 1. Ids count issues in issue order; deliveries are taken in recorded order.
// 2. Every issue carries how many deliveries had been given when it was made. So a delivery is due once all issues that were made before it
//    have been made again, and an issue must come at the recorded number of deliveries: the order of the two is exact.
// 3. Deliveries of one batch are on disk before the first of them is given, and have one time. Those of the last one may never have been given.
// 4. A crash may cut off the issues that answer the last batch of deliveries, which is on disk already. They are new then, although
//    deliveries are left: those of that one unbroken run.
// 5. Behind the point of a rewind or a fork the program goes on anew: new issues may come between the results that were kept.
import type { Site } from '../../../base/site.ts';
import type { DeliveryEvent, DoneEvent, IssueEvent, JournalEvent } from '../../journal/events/event.ts';
import { standingHistory, type Cut } from '../../journal/events/history.ts';
import { argumentsDiffer, differs, earlyEnd, extraCall, missingCall, printedDiffers, type ShownCall } from '../session/divergence.ts';

/** What the program is about to do, as it is compared with its record. */
export interface NewIssue {
  readonly t: IssueEvent['t'];
  readonly fn: string;
  readonly context?: string | undefined;
  readonly site: Site;
  /** Hash of arguments; the size of what an effect carries. */
  readonly argsHash?: string | undefined;
}

/** How strictly a replay compares. */
export interface CursorOptions {
  /** Arguments and printed text that differ end the replay; otherwise they are told. */
  readonly strict: boolean;
  readonly warn: (text: string) => void;
}

/** Name under which timers stand in messages. */
export const TIMER_FN = 'timer';
const NO_SITE: Site = { id: '', file: '', line: 0, column: 0 };

/** An issue of the history as messages show it. */
function shown(event: IssueEvent): ShownCall {
  const { id } = event;
  switch (event.t) {
    case 'call':
      return { id, fn: event.fn, context: event.context, site: event.site, argsHash: event.argsHash };
    case 'sync':
    case 'open':
      return { id, fn: event.fn, site: event.site, argsHash: event.argsHash };
    case 'timer':
      return { id, fn: TIMER_FN, site: event.site };
    case 'effect':
      return { id, fn: effectName(event), site: NO_SITE, argsHash: String(event.size) };
  }
}

/** Name of an effect in messages and comparisons. */
export const effectName = ({ name, object }: { readonly name: string; readonly object: number }): string =>
  `${name} on object ${String(object)}`;

/** A delivery as messages show it. */
export function shownDelivery(event: DeliveryEvent): string {
  switch (event.t) {
    case 'done':
    case 'cb':
      return `${event.t === 'done' ? 'the end' : 'a callback'} of call #${String(event.id)}`;
    case 'event':
      return `«${event.name}» of object ${String(event.object)}`;
    case 'hop':
      return `the end of the work of object ${String(event.object)}`;
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
  readonly #deliveries: DeliveryEvent[] = [];
  /** For each delivery: issues that stand before it in the journal, equal for the deliveries of one unbroken run. */
  readonly #after: number[] = [];
  readonly #done = new Map<number, DoneEvent>();
  readonly #calledBack = new Set<number>();
  readonly #hops = new Set<number>();
  readonly #options: CursorOptions;
  /** Index of the first delivery of the last batch. */
  readonly #lastBatch: number;
  /** Where the history was cut. */
  readonly #cut: Cut | undefined;
  readonly #again: ReadonlySet<number>;
  #nextId: number;
  #issued = 0;
  #delivered = 0;

  /** @param events of the journal, void ones too @throws ResproutError JOURNAL_CORRUPT */
  constructor(events: readonly JournalEvent[], options: CursorOptions) {
    this.#options = options;
    const { events: standing, cut, again, nextId } = standingHistory(events);
    for (const event of standing) this.#take(event);
    this.#cut = cut;
    this.#again = again;
    this.#nextId = nextId;
    this.#lastBatch = this.#startOfLastBatch();
  }

  /** Without an issue behind it. The end is alone: it is appended when the program has nothing more to do. */
  #startOfLastBatch(): number {
    // Kept results were given to a program that is no more.
    if (this.#cut?.deliveries === this.#deliveries.length) return this.#cut.given - 1;
    let start = this.#deliveries.length - 1;
    const last = this.#deliveries[start];
    const after = this.#after[start];
    if (last === undefined || last.t === 'end' || after === undefined || after < this.#issues.length) return start;
    while (this.#after[start - 1] === after && this.#deliveries[start - 1]?.atMs === last.atMs) start--;
    return start;
  }

  #take(event: JournalEvent): void {
    switch (event.t) {
      case 'call':
      case 'sync':
      case 'timer':
      case 'open':
      case 'effect':
        this.#issues.push(event);
        return;
      case 'done':
        this.#done.set(event.id, event);
        break;
      case 'cb':
        this.#calledBack.add(event.id);
        break;
      case 'hop':
        this.#hops.add(event.object);
        break;
      case 'event':
      case 'signal':
      case 'cancel':
      case 'end':
        break;
      case 'start':
      case 'build':
      case 'rewind':
      case 'fork':
      case 'given':
        return;
    }
    this.#deliveries.push(event);
    this.#after.push(this.#issues.length);
  }

  /** Issues made so far. */
  get issued(): number {
    return this.#issued;
  }

  /** Deliveries given so far, the recorded and the new ones. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Whether recorded issues or deliveries are left. */
  get replaying(): boolean {
    return this.#issued < this.#issues.length || this.#delivered < this.#deliveries.length;
  }

  /**
   * Whether an earlier process is known to have come by here: something was appended after that. Not so behind a delivery of the last batch, when
   * no issue follows.
   */
  get wasHere(): boolean {
    return this.#issued < this.#issues.length || this.#delivered <= this.#lastBatch;
  }

  /** How many events of the history are issues or deliveries. */
  get size(): number {
    return this.#issues.length + this.#deliveries.length;
  }

  /** Time of the last event of the history that was reached; undefined when there is none. */
  get reachedMs(): number | undefined {
    const issue = this.#issues[Math.min(this.#issued, this.#issues.length) - 1];
    const delivery = this.#deliveries[Math.min(this.#delivered, this.#deliveries.length) - 1];
    const times = [issue?.atMs, delivery?.atMs, this.#isAtCut ? this.#cut?.atMs : undefined].filter((ms) => ms !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** Whether the program has come to where its history was cut. */
  get #isAtCut(): boolean {
    const cut = this.#cut;
    return cut !== undefined && this.#issued >= cut.issues && this.#delivered >= cut.given;
  }

  /** The recorded end of a call; undefined when its outcome is unknown. */
  doneOf(id: number): DoneEvent | undefined {
    return this.#done.get(id);
  }

  /** Whether this call had ended, and its end is void. */
  isMadeAgain(id: number): boolean {
    return this.#again.has(id);
  }

  /** Whether a callback given to this call was ever called. */
  wasCalledBack(id: number): boolean {
    return this.#calledBack.has(id);
  }

  /** Whether the end of this object's work is in the history. */
  hasHop(object: number): boolean {
    return this.#hops.has(object);
  }

  /**
   * Numbers the next issue and finds its record. @throws ResproutError JOURNAL_DIVERGED
   * @param printed hash of what was printed since the last issue
   * @returns its id, and the record while there is one
   */
  issue(issue: NewIssue, printed: number | undefined): { readonly id: number; readonly recorded: IssueEvent | undefined } {
    const event = this.#issues[this.#issued];
    const id = event?.id ?? this.#nextId;
    const replayed: ShownCall = { ...issue, id };
    if (event === undefined) {
      this.#checkTail(replayed);
      this.#nextId++;
      this.#issued++;
      return { id, recorded: undefined };
    }
    if (event.delivered > this.#delivered) throw extraCall(replayed, this.#shownNext());
    this.#issued++;
    this.#compare(event, issue, replayed, printed);
    return { id, recorded: event };
  }

  #compare(event: IssueEvent, issue: NewIssue, replayed: ShownCall, printed: number | undefined): void {
    const recorded = shown(event);
    const isSameCall = recorded.fn === issue.fn && recorded.context === issue.context && recorded.site.id === issue.site.id;
    // An asynchronous call and a synchronous one are told apart by how they end.
    const isSameKind = event.t === issue.t || (isAnswer(event.t) && isAnswer(issue.t));
    if (!isSameCall || !isSameKind) throw differs(recorded, replayed);
    if (event.t === 'effect' ? recorded.argsHash !== issue.argsHash : false) throw argumentsDiffer(recorded, replayed);
    if (recorded.argsHash !== issue.argsHash) this.#differs(argumentsDiffer(recorded, replayed));
    if (event.printed !== printed) this.#differs(printedDiffers(replayed));
  }

  #differs(error: Error): void {
    if (this.#options.strict) throw error;
    this.#options.warn(error.message);
  }

  /** Invariants 4 and 5. */
  #checkTail(replayed: ShownCall): void {
    if (this.#delivered >= this.#deliveries.length) return;
    if (this.#isAtCut && this.#delivered < (this.#cut?.deliveries ?? 0)) return;
    const last = this.#after[this.#delivered - 1];
    if (this.#after.at(-1) !== last || this.#deliveries.at(-1)?.t === 'end') throw extraCall(replayed, this.#shownNext());
  }

  #shownNext(): string {
    const next = this.peek();
    return next === undefined ? 'the next event' : shownDelivery(next);
  }

  /** The next recorded delivery, without taking it. */
  peek(): DeliveryEvent | undefined {
    return this.#deliveries[this.#delivered];
  }

  /** Whether all issues that precede the next delivery have been made. */
  get due(): boolean {
    const next = this.#issues[this.#issued];
    return next === undefined || next.delivered > this.#delivered;
  }

  /** Counts one delivery, recorded or new. */
  advance(): void {
    this.#delivered++;
  }

  /** Whether recorded issues are left that the program has not made, with no delivery left that could lead to them. */
  get stuck(): boolean {
    return this.#delivered >= this.#deliveries.length && this.#issued < this.#issues.length;
  }

  /** What to say when the next delivery is not due and nothing moves any more. @param thrown what the program ended with */
  missing(ended: boolean, thrown: unknown): Error {
    const event = this.#issues[this.#issued];
    if (event === undefined) throw new Error('no recorded issue is missing');
    const call = shown(event);
    return ended ? earlyEnd(this.#issued, call, thrown) : missingCall(call, this.#shownNext());
  }
}

const isAnswer = (t: IssueEvent['t']): boolean => t === 'call' || t === 'sync';

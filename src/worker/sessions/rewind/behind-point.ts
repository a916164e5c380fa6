// What counts of the events behind the point of a rewind.
import type { IssueEvent } from '../../../durable/journal/events/event.ts';
import type { Point } from '../../../durable/journal/events/history.ts';
import { endedBy, type Delivered, type RecordedParts } from './recorded-parts.ts';

/** A point, and what begins anew there. */
export interface From {
  readonly point: Point;
  /** Number of the first event that is void. */
  readonly to: number;
  /** Timers that begin anew: that they fired is void. */
  readonly timers: ReadonlySet<number>;
  /** The call that is made again. */
  readonly call: IssueEvent | undefined;
}

const isObjectIssue = ({ t }: IssueEvent): boolean => t === 'open' || t === 'effect';

/** Results of calls that were under way at the point: numbers in the journal. Nothing that the program did behind it. */
export function keptResults({ issues, deliveries }: RecordedParts, { point, to, timers, call }: From): number[] {
  const target = deliveries.find(({ seq }) => seq === to)?.event;
  const isStill = ![...issues.values()].some((issue) => issue.id >= point.madeBelow && isObjectIssue(issue));
  const isKept = ({ seq, event }: Delivered): boolean => {
    if (seq === to) return false;
    switch (event.t) {
      case 'done':
        return event.id < point.madeBelow && event.outcome.kind !== 'error' && !timers.has(event.id);
      case 'cb':
        return event.id < point.madeBelow && event.id !== call?.id;
      // What a conversation brought counts as long as the program has not answered in between.
      case 'event':
        return isStill && !(target?.t === 'event' && target.object === event.object);
      case 'signal':
        return !event.name.startsWith('SIG');
      case 'hop':
      case 'cancel':
      case 'end':
        return false;
    }
  };
  return deliveries
    .slice(point.given)
    .filter(isKept)
    .map(({ seq }) => seq);
}

/**
 * The same, and what other strands did in answer to what is kept, by the turn in which they did it. Whether the program does that again without
 * what is void, only a replay tells.
 * @returns undefined when there is nothing of the kind, or an object of the program was used in answer to what is void
 */
export function keptStrands({ issues, seqOf, deliveries }: RecordedParts, { point, to, timers }: From): number[] | undefined {
  const behind = [...issues.values()].filter(({ id }) => id >= point.madeBelow);
  const answers = Map.groupBy(behind, ({ delivered }) => delivered - 1);
  const isVoid = new Set<number>();
  const kept: number[] = [];
  let strands = 0;
  for (const [i, { seq, event }] of deliveries.slice(point.given).entries()) {
    const made = answers.get(point.given + i) ?? [];
    if (seq === to || isDropped(event, isVoid, timers, made.length === 0)) {
      if (made.some(isObjectIssue)) return undefined;
      for (const { id } of made) isVoid.add(id);
      continue;
    }
    kept.push(seq);
    for (const { id } of made) kept.push(seqOf.get(id) ?? 0);
    strands += made.length;
  }
  // Behind a synchronous call, what was made in its own turn is an answer to it.
  const isOwnTurn = behind.some(({ delivered }) => delivered <= point.given);
  return strands === 0 || isOwnTurn ? undefined : kept.sort((a, b) => a - b);
}

function isDropped(event: Delivered['event'], isVoid: ReadonlySet<number>, timers: ReadonlySet<number>, isUnanswered: boolean): boolean {
  switch (event.t) {
    case 'done':
      // An error that nothing was done about is not missed, and its call is made again.
      return isVoid.has(event.id) || timers.has(event.id) || (event.outcome.kind === 'error' && isUnanswered);
    case 'cb':
      return isVoid.has(event.id);
    case 'signal':
      return event.name.startsWith('SIG');
    case 'event':
    case 'hop':
      return false;
    case 'cancel':
    case 'end':
      return true;
  }
}

/** Timers that begin anew: those given, and those that were set in the turn of a call that is made again and had not fired at the point. */
export function timersAnew({ issues, deliveries }: RecordedParts, point: Point, to: number, anew: readonly number[]): ReadonlySet<number> {
  const fired = endedBy(deliveries.slice(0, point.given));
  const turns = new Set<number>();
  for (const { seq, event } of deliveries.slice(point.given)) {
    if (event.t !== 'done' || (seq !== to && event.outcome.kind !== 'error')) continue;
    const call = issues.get(event.id);
    if (call?.t === 'call' && call.id < point.madeBelow) turns.add(call.delivered);
  }
  const timers = new Set(anew);
  for (const { t, id, delivered } of issues.values())
    if (t === 'timer' && id < point.madeBelow && !fired.has(id) && turns.has(delivered)) timers.add(id);
  return timers;
}

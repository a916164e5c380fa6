// Which replicas are made and which are ended next, so that the wanted ones of the wanted version come to be there.
import type { GroupRules } from './group-rules.ts';
import type { Member, MembershipOptions } from './member.ts';

/** How things stand. */
export interface Replicas {
  /** All that are not gone. */
  readonly inner: readonly Member[];
  readonly wanted: number;
  readonly isOld: (member: Member) => boolean;
  readonly nowMs: number;
}

/** What is to be done now. */
export interface Replacements {
  readonly make: number;
  readonly end: readonly Member[];
  /** When to look again. */
  readonly wakeAtMs: number | undefined;
  /** All that are wanted are there and have been ready for long enough, and nobody else is. */
  readonly isDone: boolean;
}

const isReady = ({ phase }: Member): boolean => phase === 'ready';

/** Ends what is not ready first, then what has no calls, then by number. */
const firstToEnd =
  (byId: 1 | -1) =>
  (a: Member, b: Member): number =>
    Number(isReady(a)) - Number(isReady(b)) || Number(a.isActive) - Number(b.isActive) || byId * (a.id - b.id);

/** Plans the next step; nothing is changed. */
export function planReplacements(
  { inner, isOld, nowMs, wanted }: Replicas,
  { minReadyMs, startsAtOnce, surge, unavailable }: MembershipOptions,
  rules: GroupRules,
): Replacements {
  const staying = inner.filter(({ phase }) => phase !== 'stopping');
  const fresh = staying.filter((member) => !isOld(member));
  const isGood = (member: Member): boolean => isReady(member) && rules.isGood(nowMs - (member.readyAtMs ?? nowMs), minReadyMs);
  const counts = (member: Member): boolean => (isOld(member) ? isReady(member) : isGood(member));
  let ready = staying.filter(counts).length;
  const old = staying.filter(isOld).toSorted(firstToEnd(1));
  const surplus = fresh.toSorted(firstToEnd(-1)).slice(0, Math.max(0, fresh.length - wanted));
  const end: Member[] = [];
  for (const member of [...old, ...surplus]) {
    if (isReady(member) && !rules.mayEnd(ready, wanted, unavailable)) continue;
    if (counts(member)) ready--;
    end.push(member);
  }
  const there = inner.length - end.filter(({ phase }) => phase === 'idle').length;
  const starting = inner.filter(({ phase }) => phase === 'starting').length;
  const make = Math.min(wanted - fresh.length, rules.room(there, wanted, surge), startsAtOnce - starting);
  const tooYoung = fresh.filter((member) => isReady(member) && !isGood(member));
  return {
    make: Math.max(0, make),
    end,
    wakeAtMs: tooYoung.length === 0 ? undefined : Math.min(...tooYoung.map(({ readyAtMs = nowMs }) => readyAtMs + minReadyMs)),
    isDone: inner.length === wanted && fresh.length === wanted && fresh.every(isGood),
  };
}

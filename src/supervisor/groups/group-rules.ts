// What is decided about groups, each as arithmetic of its own. The cores apply them; tests put wrong ones in their place.

/** How calls are given to replicas: in turn, or to the one that has the fewest under way. Either takes those with room only. */
export type Dispatching = 'round-robin' | 'least-loaded';

/** A replica that takes calls, as far as dispatch depends on it. */
export interface Admitted {
  readonly member: number;
  /** Calls under way. */
  readonly load: number;
}

/** What the cores of a group ask. */
export interface GroupRules {
  /** How many replicas may be made besides those that there are, the ending ones among them. */
  room(there: number, wanted: number, surge: number): number;
  /** Whether a ready replica may be ended while `ready` are. */
  mayEnd(ready: number, wanted: number, unavailable: number): boolean;
  /** Whether a new replica has been ready for long enough. */
  isGood(readyForMs: number, minReadyMs: number): boolean;
  /** Ranks in the order of their end: head 0, replicas 1, tail 2. */
  readonly endOrder: readonly number[];
  /** Whether a fall in an update takes it back. */
  takesBack(isNew: boolean): boolean;
  /** Whether no other call may wait. */
  isFull(waiting: number, most: number): boolean;
  /** The replica that gets the next call; undefined when none has room. @param last the one that got the call before */
  pick(how: Dispatching, all: readonly Admitted[], last: number, most: number): number | undefined;
}

/** The rules. */
export const GROUP_RULES: GroupRules = {
  room: (there, wanted, surge) => Math.max(0, wanted + surge - there),
  mayEnd: (ready, wanted, unavailable) => ready - 1 >= wanted - unavailable,
  isGood: (readyForMs, minReadyMs) => readyForMs >= minReadyMs,
  // Upstream first: what gives work to others ends before them.
  endOrder: [0, 1, 2],
  takesBack: (isNew) => isNew,
  isFull: (waiting, most) => waiting >= most,
  pick(how, all, last, most) {
    const free = all.filter(({ load }) => load < most).toSorted((a, b) => a.member - b.member);
    const inTurn = [...free.filter(({ member }) => member > last), ...free.filter(({ member }) => member <= last)];
    if (how === 'round-robin') return inTurn[0]?.member;
    const least = Math.min(...inTurn.map(({ load }) => load));
    return inTurn.find(({ load }) => load === least)?.member;
  },
};

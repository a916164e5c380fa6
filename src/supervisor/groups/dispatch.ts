// Decides which replica gets which call. No timer, no process: it is told what happened, and says what is to be done.
//   D1. A call is sent at most once, to a replica that is admitted and has room.
//   D2. Each call is settled once: answered, refused, given up by its caller, or lost with its replica.
//   D3. Calls that wait are sent in the order in which they came.
//   D4. A call that its caller gave up keeps its place at the replica until that has answered.
import { GROUP_RULES, type Dispatching, type GroupRules } from './group-rules.ts';

/** What dispatch is made of. */
export interface DispatchOptions {
  readonly dispatch: Dispatching;
  /** Calls under way in one replica. */
  readonly concurrency: number;
  /** Calls that may wait. */
  readonly queue: number;
}

/** Why a call was not answered: the queue was `full`, the group is `closed`, or its replica is `lost`. */
export type Refusal = 'full' | 'closed' | 'lost';

/** What is to be done, in this order. */
export type DispatchAction =
  | { readonly kind: 'send'; readonly call: number; readonly member: number }
  | { readonly kind: 'refuse'; readonly call: number; readonly why: Refusal; readonly member: number | undefined }
  /** The replica is told that nobody waits for the answer. */
  | { readonly kind: 'abort'; readonly call: number; readonly member: number };

interface Replica {
  readonly member: number;
  isAdmitted: boolean;
  /** Calls under way; false for those that nobody waits for. */
  readonly calls: Map<number, boolean>;
}

/** The calls of one group. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #rules: GroupRules;
  readonly #replicas = new Map<number, Replica>();
  readonly #waiting = new Set<number>();
  #last = -1;
  #isClosed = false;

  constructor(options: DispatchOptions, rules: GroupRules = GROUP_RULES) {
    this.#options = options;
    this.#rules = rules;
  }

  /** Calls that wait for a replica. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Calls that replicas have, those among them that nobody waits for. */
  get underWayCount(): number {
    return [...this.#replicas.values()].reduce((sum, { calls }) => sum + calls.size, 0);
  }

  /** Calls that one replica has. */
  loadOf(member: number): number {
    return this.#replicas.get(member)?.calls.size ?? 0;
  }

  /** The replica takes calls from here on. */
  admit(member: number): readonly DispatchAction[] {
    const replica = this.#replicas.get(member);
    if (replica === undefined) this.#replicas.set(member, { member, isAdmitted: true, calls: new Map() });
    else replica.isAdmitted = true;
    return this.#sends();
  }

  /** It gets no other call; those that it has go on. */
  withdraw(member: number): void {
    const replica = this.#replicas.get(member);
    if (replica !== undefined) replica.isAdmitted = false;
  }

  /** Its life has ended: nobody knows how far its calls came. */
  lose(member: number): readonly DispatchAction[] {
    const replica = this.#replicas.get(member);
    this.#replicas.delete(member);
    return [...(replica?.calls ?? [])].flatMap(([call, isAwaited]) =>
      isAwaited ? [{ kind: 'refuse', call, why: 'lost', member } as const] : [],
    );
  }

  /** A new call. */
  submit(call: number): readonly DispatchAction[] {
    if (this.#isClosed) return [{ kind: 'refuse', call, why: 'closed', member: undefined }];
    this.#waiting.add(call);
    const sends = this.#sends();
    if (!this.#waiting.has(call) || !this.#rules.isFull(this.#waiting.size - 1, this.#options.queue)) return sends;
    this.#waiting.delete(call);
    return [...sends, { kind: 'refuse', call, why: 'full', member: undefined }];
  }

  /** A replica has answered. @returns whether anybody waits for it, and what follows */
  answer(call: number, member: number): { readonly isAwaited: boolean; readonly actions: readonly DispatchAction[] } {
    const calls = this.#replicas.get(member)?.calls;
    const isAwaited = calls?.get(call) ?? false;
    calls?.delete(call);
    return { isAwaited, actions: this.#sends() };
  }

  /** Its caller gives it up. */
  drop(call: number): readonly DispatchAction[] {
    if (this.#waiting.delete(call)) return [];
    for (const { calls, member } of this.#replicas.values()) {
      if (calls.get(call) !== true) continue;
      calls.set(call, false);
      return [{ kind: 'abort', call, member }];
    }
    return [];
  }

  /** Nothing is taken any more, and what waits is refused. Twice is fine. */
  close(): readonly DispatchAction[] {
    this.#isClosed = true;
    const refused = [...this.#waiting].map((call) => ({ kind: 'refuse', call, why: 'closed', member: undefined }) as const);
    this.#waiting.clear();
    return refused;
  }

  /** New calls are refused; those that wait are still sent. */
  stopAdmitting(): void {
    this.#isClosed = true;
  }

  #sends(): readonly DispatchAction[] {
    const actions: DispatchAction[] = [];
    for (const call of this.#waiting) {
      const admitted = [...this.#replicas.values()].filter(({ isAdmitted }) => isAdmitted);
      const loads = admitted.map(({ calls, member }) => ({ member, load: calls.size }));
      const member = this.#rules.pick(this.#options.dispatch, loads, this.#last, this.#options.concurrency);
      if (member === undefined) break;
      this.#last = member;
      this.#waiting.delete(call);
      this.#replicas.get(member)?.calls.set(call, true);
      actions.push({ kind: 'send', call, member });
    }
    return actions;
  }
}

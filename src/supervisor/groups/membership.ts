// Decides when members of a group are started and ended. No timer, no process: it is told what happened and when, and says what is to be done.
//   M1. Head, replicas and tail start in this order, each rank when the one before is ready, and end in this order: upstream first.
//   M2. There are never more replicas than wanted and `surge`, the ending ones among them.
//   M3. No ready replica is ended unless as many stay ready as wanted less `unavailable`; what is not ready ends first.
//   M4. An update puts replicas of the new version in the place of the others, the next one when the last one has been ready for long
//       enough. The first fall of a new one takes it back in the same way. So does a replica that cannot start end a scaling.
//   M5. There are at most as many restarts within any span of the budget as it allows; the next one ends everything. What is leaked does too.
//   M6. Once it is ending nothing is started; `end` is said once, when nobody is alive.
import { RULES, type Ending, type Rules } from '../restarts/rules.ts';
import { GROUP_RULES, type GroupRules } from './group-rules.ts';
import {
  CHANGE_ENDS,
  HEAD,
  INNER,
  isAlive,
  newMember,
  TAIL,
  type Change,
  type ChangeKind,
  type Member,
  type MemberAction,
  type MembershipEnd,
  type MembershipOptions,
} from './member.ts';
import { planReplacements } from './replacements.ts';

/** The members of one group. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #rules: Rules & GroupRules;
  readonly #members: Member[] = [];
  readonly #spentMs: number[] = [];
  #wanted: number;
  #version = 0;
  #nextId = 0;
  #change: Change | undefined;
  #ending: { readonly how: MembershipEnd; readonly member: number | undefined } | undefined;
  #isOver = false;
  #hasStarted = false;

  constructor(options: MembershipOptions, rules: Rules & GroupRules = { ...RULES, ...GROUP_RULES }) {
    this.#options = options;
    this.#rules = rules;
    this.#wanted = options.replicas;
    if (options.hasHead) this.#make(HEAD);
    for (let n = 0; n < options.replicas; n++) this.#make(INNER);
    if (options.hasTail) this.#make(TAIL);
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** How many replicas there are to be. */
  get wanted(): number {
    return this.#wanted;
  }

  /** Whether another change may begin. */
  get isSettled(): boolean {
    return this.#hasStarted && this.#change === undefined && this.#ending === undefined;
  }

  isActive(id: number): boolean {
    return this.#find(id)?.isActive ?? false;
  }

  start(nowMs: number): readonly MemberAction[] {
    return this.#next(nowMs);
  }

  onReady(id: number, life: number, nowMs: number): readonly MemberAction[] {
    const member = this.#find(id, life);
    if (member?.phase !== 'starting') return [];
    Object.assign(member, { phase: 'ready', readyAtMs: nowMs, wasReady: true });
    const admits: readonly MemberAction[] = member.isActive && member.rank === INNER ? [{ kind: 'admit', member: id }] : [];
    return [...admits, ...this.#next(nowMs)];
  }

  onEnded(id: number, life: number, ending: Ending, nowMs: number): readonly MemberAction[] {
    const member = this.#find(id, life);
    if (member === undefined || !isAlive(member)) return [];
    const wasAsked = member.phase === 'stopping';
    const { readyAtMs } = member;
    Object.assign(member, { phase: 'idle', readyAtMs: undefined });
    if (ending.isLeaked) this.#end('gave-up', id);
    else if (wasAsked || this.#ending !== undefined) member.phase = 'gone';
    else if (!this.#hasStarted && !member.wasReady && ending.hasFailed) this.#end('start-failed', id);
    else if (this.#takesBack(member)) member.phase = 'gone';
    // It is to be replaced anyway.
    else if (this.#isOld(member)) member.phase = 'gone';
    else if (ending.isRecycled) member.notBeforeMs = nowMs;
    else if (!this.#rules.spend(this.#options.budget, this.#spentMs, nowMs)) this.#end('gave-up', id);
    else return [...this.#restart(member, readyAtMs, nowMs), ...this.#next(nowMs)];
    return this.#next(nowMs);
  }

  onWake(nowMs: number): readonly MemberAction[] {
    return this.#next(nowMs);
  }

  /** Another number of replicas. Only when it is settled. */
  scale(replicas: number, nowMs: number): readonly MemberAction[] {
    this.#begin('scale');
    this.#wanted = replicas;
    return this.#next(nowMs);
  }

  /** Other arguments. Only when it is settled. */
  update(version: number, nowMs: number): readonly MemberAction[] {
    this.#begin('update');
    this.#version = version;
    return this.#next(nowMs);
  }

  /** Takes the change back that is under way. */
  takeBack(nowMs: number): readonly MemberAction[] {
    if (this.#change !== undefined) this.#undo(this.#change, undefined);
    return this.#next(nowMs);
  }

  /** The replica is replaced by one with the same arguments. */
  outdate(id: number, nowMs: number): readonly MemberAction[] {
    const member = this.#find(id);
    if (member?.rank === INNER) member.isOutdated = true;
    return this.#next(nowMs);
  }

  /** It may have calls, or not. */
  activate(id: number, isActive: boolean): readonly MemberAction[] {
    const member = this.#find(id);
    if (member === undefined || member.isActive === isActive) return [];
    member.isActive = isActive;
    return member.phase === 'ready' ? [{ kind: isActive ? 'admit' : 'withdraw', member: id }] : [];
  }

  close(nowMs: number): readonly MemberAction[] {
    this.#end('closed', undefined);
    return this.#next(nowMs);
  }

  #make(rank: number): void {
    this.#members.push(newMember(this.#nextId++, rank, this.#version));
  }

  #find(id: number, life?: number): Member | undefined {
    return this.#members.find((member) => member.id === id && (life === undefined || member.life === life));
  }

  #isOld({ isOutdated, rank, version }: Member): boolean {
    return rank === INNER && (isOutdated || version !== this.#version);
  }

  #begin(kind: ChangeKind): void {
    this.#change = { kind, count: this.#wanted, version: this.#version, firstId: this.#nextId, isTakenBack: false, member: undefined };
  }

  /** Whether its fall ends the change that is under way: then that goes back from here on. */
  #takesBack({ id, wasReady }: Member): boolean {
    const change = this.#change;
    if (change === undefined || change.isTakenBack || (change.kind === 'scale' && wasReady)) return false;
    if (!this.#rules.takesBack(id >= change.firstId)) return false;
    this.#undo(change, id);
    return true;
  }

  #undo(change: Change, member: number | undefined): void {
    if (change.isTakenBack) return;
    Object.assign(change, { isTakenBack: true, member });
    this.#wanted = change.count;
    this.#version = change.version;
  }

  #restart(member: Member, readyAtMs: number | undefined, nowMs: number): readonly MemberAction[] {
    const { backOff, fraction } = this.#options;
    if (readyAtMs !== undefined && nowMs - readyAtMs >= backOff.resetMs) member.attempt = 0;
    const delayMs = this.#rules.delayMs(backOff, ++member.attempt, fraction());
    member.notBeforeMs = nowMs + delayMs;
    return [{ kind: 'restart', member: member.id, delayMs }];
  }

  #end(how: MembershipEnd, member: number | undefined): void {
    this.#ending ??= { how, member };
  }

  /** What follows from how things stand now. */
  #next(nowMs: number): readonly MemberAction[] {
    if (this.#isOver) return [];
    const actions: MemberAction[] = [];
    // At the end members are gone that were never ready: that is no start.
    if (this.#ending === undefined) this.#hasStarted ||= this.#members.every(({ wasReady }) => wasReady);
    if (this.#ending !== undefined) this.#stops(actions);
    else if (this.#hasStarted) this.#replace(nowMs, actions);
    const stay = this.#members.filter(({ phase }) => phase !== 'gone');
    for (const { id, phase } of this.#members) if (phase === 'gone') actions.push({ kind: 'gone', member: id });
    this.#members.splice(0, this.#members.length, ...stay);
    if (this.#ending === undefined) this.#starts(nowMs, actions);
    if (this.#ending !== undefined && stay.length === 0) {
      this.#isOver = true;
      actions.push({ kind: 'end', ...this.#ending });
    }
    return actions;
  }

  #starts(nowMs: number, actions: MemberAction[]): void {
    const first = Math.min(...this.#members.filter(({ phase }) => phase !== 'ready').map(({ rank }) => rank));
    let starting = this.#members.filter(({ phase }) => phase === 'starting').length;
    for (const member of this.#members) {
      if (member.phase !== 'idle' || (!this.#hasStarted && member.rank !== first)) continue;
      if (member.notBeforeMs > nowMs) actions.push({ kind: 'wake', atMs: member.notBeforeMs });
      else if (this.#hasStarted || starting < this.#options.startsAtOnce) {
        starting++;
        member.phase = 'starting';
        const { id, rank, version } = member;
        actions.push({ kind: 'start', member: id, life: ++member.life, version, rank });
      }
    }
  }

  /** Brings the replicas closer to what is wanted. */
  #replace(nowMs: number, actions: MemberAction[]): void {
    const inner = this.#members.filter(({ phase, rank }) => rank === INNER && phase !== 'gone');
    const isOld = (member: Member): boolean => this.#isOld(member);
    // What was there before the change, and what is only more of it, is known to be good.
    const isGated = this.#change === undefined || (this.#change.kind === 'update' && !this.#change.isTakenBack);
    const options = isGated ? this.#options : { ...this.#options, minReadyMs: 0 };
    const plan = planReplacements({ inner, isOld, nowMs, wanted: this.#wanted }, options, this.#rules);
    for (const member of plan.end) this.#stop(member, actions);
    for (let n = 0; n < plan.make; n++) this.#make(INNER);
    if (plan.wakeAtMs !== undefined) actions.push({ kind: 'wake', atMs: plan.wakeAtMs });
    const change = this.#change;
    if (change === undefined || !plan.isDone) return;
    this.#change = undefined;
    actions.push({ kind: 'changed', what: CHANGE_ENDS[change.kind][change.isTakenBack ? 1 : 0], member: change.member });
  }

  /** Ends one rank after the other. */
  #stops(actions: MemberAction[]): void {
    for (const member of this.#members) if (member.phase === 'idle') member.phase = 'gone';
    const rank = this.#rules.endOrder.find((one) => this.#members.some((member) => member.rank === one && isAlive(member)));
    for (const member of this.#members) if (member.rank === rank && member.phase !== 'stopping') this.#stop(member, actions);
  }

  #stop(member: Member, actions: MemberAction[]): void {
    const { id, phase, rank } = member;
    member.phase = isAlive(member) ? 'stopping' : 'gone';
    if (phase === 'ready' && rank === INNER) actions.push({ kind: 'withdraw', member: id });
    if (isAlive(member)) actions.push({ kind: 'stop', member: id });
  }
}

// Members and calls of one group together: who is ready gets calls, whoever is to end gets none from that moment on, and the calls of a
// replica that has ended are lost. It knows neither time nor processes.
import { RULES, type Ending, type Rules } from '../restarts/rules.ts';
import { Dispatch, type DispatchAction, type DispatchOptions } from './dispatch.ts';
import { GROUP_RULES, type GroupRules } from './group-rules.ts';
import type { MemberAction, MembershipOptions } from './member.ts';
import { Membership } from './membership.ts';

/** What is to be done, in this order. */
export type GroupAction = DispatchAction | Exclude<MemberAction, { readonly kind: 'admit' | 'withdraw' }>;

/** The decisions of one group. */
export class GroupCore {
  readonly #members: Membership;
  readonly #calls: Dispatch;

  constructor(options: MembershipOptions & DispatchOptions, rules: Rules & GroupRules = { ...RULES, ...GROUP_RULES }) {
    this.#members = new Membership(options, rules);
    this.#calls = new Dispatch(options, rules);
  }

  /** Whether every member has been ready once. */
  get hasStarted(): boolean {
    return this.#members.hasStarted;
  }

  get wanted(): number {
    return this.#members.wanted;
  }

  get isSettled(): boolean {
    return this.#members.isSettled;
  }

  /** Calls that are not settled. */
  get openCount(): number {
    return this.#calls.waitingCount + this.#calls.underWayCount;
  }

  get waitingCount(): number {
    return this.#calls.waitingCount;
  }

  loadOf(member: number): number {
    return this.#calls.loadOf(member);
  }

  /** Whether it gets calls while it is ready. */
  isActive(member: number): boolean {
    return this.#members.isActive(member);
  }

  start(nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.start(nowMs));
  }

  onReady(member: number, life: number, nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.onReady(member, life, nowMs));
  }

  /** A life has ended, with all its calls. */
  onEnded(member: number, life: number, ending: Ending, nowMs: number): readonly GroupAction[] {
    const lost = this.#calls.lose(member);
    return [...lost, ...this.#with(this.#members.onEnded(member, life, ending, nowMs))];
  }

  /** A life is ending by itself: it gets no call any more. */
  onEnding(member: number): void {
    this.#calls.withdraw(member);
  }

  onWake(nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.onWake(nowMs));
  }

  scale(replicas: number, nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.scale(replicas, nowMs));
  }

  update(version: number, nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.update(version, nowMs));
  }

  takeBack(nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.takeBack(nowMs));
  }

  outdate(member: number, nowMs: number): readonly GroupAction[] {
    return this.#with(this.#members.outdate(member, nowMs));
  }

  activate(member: number, isActive: boolean): readonly GroupAction[] {
    return this.#with(this.#members.activate(member, isActive));
  }

  submit(call: number): readonly GroupAction[] {
    return this.#calls.submit(call);
  }

  answer(call: number, member: number): ReturnType<Dispatch['answer']> {
    return this.#calls.answer(call, member);
  }

  drop(call: number): readonly GroupAction[] {
    return this.#calls.drop(call);
  }

  /** New calls are refused. Those that wait, and those under way, go on. */
  stopAdmitting(): void {
    this.#calls.stopAdmitting();
  }

  /** Ends everything; calls that wait are refused. */
  close(nowMs: number): readonly GroupAction[] {
    return [...this.#calls.close(), ...this.#with(this.#members.close(nowMs))];
  }

  /** Lets the calls follow the members. */
  #with(actions: readonly MemberAction[]): readonly GroupAction[] {
    return actions.flatMap((action): readonly GroupAction[] => {
      switch (action.kind) {
        case 'admit':
          return this.#calls.admit(action.member);
        case 'withdraw':
          this.#calls.withdraw(action.member);
          return [];
        case 'end':
          return [...this.#calls.close(), action];
        case 'start':
        case 'stop':
        case 'gone':
        case 'wake':
        case 'restart':
        case 'changed':
          return [action];
      }
    });
  }
}

// What runs a group: does what its core decides.
//   G1. The core hears of each event once, in the order in which they happen; what it asks for is done at once.
//   G2. Each call settles once, and within its time where it has one.
//   G3. `ended` never rejects; it is settled when no member is left. Changes are made one after the other, and each is told how it went.
import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { Runtime } from '../contract/runtime.ts';
import type { Group } from '../supervisor/declared.ts';
import { Events, type Told } from '../supervisor/event-stream.ts';
import type { KeeperEnd, SupervisorEvent } from '../supervisor/events.ts';
import type { RuntimeAddress, UnitCall } from '../unit/messages.ts';
import type { GroupCallOptions } from './caller.ts';
import { Changes } from './changes.ts';
import { GroupCore, type GroupAction } from './group-core.ts';
import { Lives } from './lives.ts';
import type { MembershipEnd } from './member.ts';
import { OpenCalls } from './open-calls.ts';

/** What a running group is made of. */
export interface GroupParts {
  readonly addressOf: (runtime: Runtime) => RuntimeAddress;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly onEvent: ((event: SupervisorEvent) => void) | undefined;
}

/** A group at work. */
export class RunningGroup {
  readonly core: GroupCore;
  readonly lives: Lives;
  readonly events: Events;
  readonly changes: Changes;
  /** Resolves when every member has been ready. */
  readonly started: Promise<void>;
  readonly ended: Promise<KeeperEnd>;
  readonly #declared: Group;
  readonly #clock: Clock;
  readonly #calls: OpenCalls;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<KeeperEnd>();
  #idle = Promise.withResolvers<void>();
  #wake: TimerHandle | undefined;

  constructor(declared: Group, { addressOf, clock, fraction, onEvent }: GroupParts) {
    const { head, name, tail, unit } = declared;
    const { backOff } = unit.kept;
    this.#declared = declared;
    this.#clock = clock;
    this.core = new GroupCore({ ...declared, hasHead: head !== undefined, hasTail: tail !== undefined, backOff, fraction });
    this.events = new Events(onEvent);
    this.#calls = new OpenCalls(name, clock);
    this.lives = new Lives(declared, { addressOf, clock, tell: (event) => this.#tell(event) });
    this.started = this.#started.promise;
    this.started.catch(() => {});
    this.changes = new Changes(name, this.started);
    this.ended = this.#ended.promise;
  }

  /** Time as the core is told it. */
  get nowMs(): number {
    return this.#clock.monotonicMs();
  }

  /** A new call. */
  async submit(call: UnitCall, { signal, timeoutMs = this.#declared.callMs }: GroupCallOptions, place: Error): Promise<unknown> {
    const { name } = this.#declared;
    if (signal?.aborted === true)
      throw new ResproutError('GROUP_CALL_ABORTED', `${name}.${call.method} was aborted before it began`, {}, { cause: signal.reason });
    const { id, result } = this.#calls.open(call, { signal, timeoutMs }, place, (given) => this.do(this.core.drop(given)));
    this.do(this.core.submit(id));
    return await result;
  }

  /** Resolves when no call is open. @throws the reason of the signal */
  async idle(signal: AbortSignal | undefined): Promise<void> {
    if (this.core.openCount === 0) return;
    const gone = Promise.withResolvers<never>();
    const onAbort = (): void => gone.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      await Promise.race([this.#idle.promise, this.ended, gone.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Does what the core asks for. */
  do(actions: readonly GroupAction[]): void {
    for (const action of actions) this.#act(action);
    const wakes = actions.flatMap((action) => (action.kind === 'wake' ? action.atMs : []));
    if (wakes.length > 0) this.#wakeAt(Math.min(...wakes));
    if (this.core.hasStarted) this.#started.resolve();
    if (this.core.openCount > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers<void>();
  }

  #act(action: GroupAction): void {
    switch (action.kind) {
      case 'start':
        return this.#start(action);
      case 'stop':
        return this.lives.stop(action.member);
      case 'gone':
        return this.lives.forget(action.member);
      case 'send':
        return void this.#send(action.call, action.member);
      case 'refuse':
        return this.#calls.reject(action.call, this.#refusal(action));
      case 'restart':
        return this.#tell({ kind: 'restart', unit: this.lives.nameOf(action.member), delayMs: action.delayMs });
      case 'changed':
        this.#tell({ kind: 'changed', unit: this.#declared.name, what: action.what, replicas: this.core.wanted });
        return this.changes.settle(action.what, action.member === undefined ? undefined : this.lives.fallOf(action.member));
      case 'end':
        return this.#end(action.how, action.member);
      case 'abort':
      // Its signal has fired.
      case 'wake':
    }
  }

  #wakeAt(atMs: number): void {
    this.#wake?.clear();
    this.#wake = this.#clock.after(Math.max(0, atMs - this.nowMs), () => this.do(this.core.onWake(this.nowMs)));
  }

  #start({ life, member, rank, version }: Extract<GroupAction, { readonly kind: 'start' }>): void {
    this.lives.start(member, life, rank, version, {
      onReady: () => this.do(this.core.onReady(member, life, this.nowMs)),
      onEnding: () => this.core.onEnding(member),
      onOld: () => this.do(this.core.outdate(member, this.nowMs)),
      onEnded: (ending) => this.do(this.core.onEnded(member, life, ending, this.nowMs)),
    });
  }

  async #send(id: number, member: number): Promise<void> {
    const sent = this.#calls.sent(id);
    if (sent === undefined) return;
    try {
      this.#calls.settle(id, await this.lives.call(member, sent.call, sent.signal));
    } catch (error) {
      // Its end is on its way, and tells the core whose calls are lost. Until then it gets no other.
      if (codeOf(error) === 'UNIT_LOST') return this.core.onEnding(member);
      this.#calls.reject(id, error);
    }
    this.do(this.core.answer(id, member).actions);
  }

  #refusal({ member, why }: Extract<GroupAction, { readonly kind: 'refuse' }>): ResproutError {
    if (why === 'full')
      return new ResproutError('GROUP_QUEUE_FULL', `${this.#declared.queue} calls wait for a replica of ${this.#declared.name} already`);
    if (why === 'closed') return new ResproutError('GROUP_CLOSED', `${this.#declared.name} takes no calls any more`);
    const name = member === undefined ? this.#declared.name : this.lives.nameOf(member);
    return new ResproutError('UNIT_LOST', `${name} ended before it had answered`, { tried: `call ${name}`, saw: 'its end' });
  }

  #end(how: MembershipEnd, member: number | undefined): void {
    this.#wake?.clear();
    const error = how === 'closed' ? undefined : this.#reason(how, member);
    const reason = error ?? new ResproutError('UNIT_STOPPED', `${this.#declared.name} was closed before it had started`);
    this.#started.reject(reason);
    this.changes.end();
    this.#ended.resolve({ how, error });
    this.events.end();
  }

  #reason(how: 'gave-up' | 'start-failed', member: number | undefined): ResproutError {
    const end = member === undefined ? undefined : this.lives.fallOf(member);
    const cause = end?.failure?.error;
    if (cause !== undefined && (how === 'start-failed' || end?.how === 'leaked')) return cause;
    const { restarts, withinMs } = this.#declared.budget;
    const saw = `${restarts} restarts within ${withinMs} ms are allowed, and ${member === undefined ? 'a replica' : this.lives.nameOf(member)} ended again`;
    return new ResproutError(
      'SUPERVISE_GAVE_UP',
      `${this.#declared.name} gave up: ${saw}`,
      { tried: `keep ${this.#declared.name} alive`, saw },
      { cause },
    );
  }

  #tell(event: Told): void {
    this.events.tell(event, this.#clock);
  }
}

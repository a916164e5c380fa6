import { ResproutError } from '../../base/errors/errors.ts';
import type { ArgsOf, Runtime } from '../contract/runtime.ts';
import type { Keeper } from '../supervisor/child.ts';
import type { Group } from '../supervisor/declared.ts';
import type { KeeperEnd, SupervisorEvent, UnitSnapshot } from '../supervisor/events.ts';
import type { GroupCaller, GroupCallOptions } from './caller.ts';
import type { GroupAction, GroupCore } from './group-core.ts';
import { RunningGroup, type GroupParts } from './running-group.ts';

type Call<R extends Runtime> = GroupCaller<R>['call'];

/** A running group. Made by `supervise`; whoever has it closes it. */
export class Replicas<R extends Runtime = Runtime> implements GroupCaller<R>, Keeper, AsyncDisposable {
  readonly name: string;
  readonly declared: Group<R>;
  /** Never rejects. */
  readonly ended: Promise<KeeperEnd>;
  /** Calls a method of a replica, within the `callMs` of the group. */
  readonly call: Call<R>;
  readonly #running: RunningGroup;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(declared: Group<R>, parts: GroupParts) {
    this.name = declared.name;
    this.declared = declared;
    this.#running = new RunningGroup(declared, parts);
    this.ended = this.#running.ended;
    this.call = this.#callWith({});
  }

  /** @internal Resolves when every member has been ready. @throws ResproutError why it ended before */
  async start(): Promise<void> {
    const { core, nowMs } = this.#running;
    this.#running.do(core.start(nowMs));
    await this.#running.started;
  }

  /** The same group with options for its calls. */
  with(options: GroupCallOptions): GroupCaller<R> {
    return { call: this.#callWith(options) };
  }

  /** Calls that wait for a replica. */
  get waitingCount(): number {
    return this.#running.core.waitingCount;
  }

  /** How many replicas there are to be. */
  get replicas(): number {
    return this.#running.core.wanted;
  }

  /**
   * Makes it so many replicas; resolves when they are there. Those that go have the time of their ladder for the calls they have. A change that is
   * under way comes first. @param options.signal takes it back
   * @throws ResproutError GROUP_NOT_CHANGED when a new one cannot start: there are as many as before then; GROUP_CLOSED
   */
  async scale(replicas: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (!Number.isInteger(replicas) || replicas < 1)
      throw new ResproutError('SUPERVISE_INVALID', `${this.name} cannot have ${String(replicas)} replicas`, {
        do: 'Give a whole number from 1',
      });
    await this.#change((core, nowMs) => core.scale(replicas, nowMs), options.signal);
  }

  /**
   * Puts replicas with these arguments, and with the files as they are now, in the place of all others, one after the other: `surge` above the
   * number, `unavailable` below it, each one watched for `minReadyMs`. A change that is under way comes first. @param options.signal takes it back
   * @throws ResproutError GROUP_NOT_CHANGED when a new one fell: all are as before then; GROUP_CLOSED
   */
  async update(args: ArgsOf<R>, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const version = this.#running.lives.addVersion(args);
    await this.#change((core, nowMs) => core.update(version, nowMs), options.signal);
  }

  /** Replaces one replica by another with the same arguments, as its age does. @throws ResproutError SUPERVISE_INVALID when it has none of that name */
  recycle(replica: string): void {
    const { core, lives, nowMs } = this.#running;
    this.#running.do(core.outdate(lives.idOf(replica), nowMs));
  }

  /** It gets calls again. @throws ResproutError SUPERVISE_INVALID */
  activate(replica: string): void {
    const { core, lives } = this.#running;
    this.#running.do(core.activate(lives.idOf(replica), true));
  }

  /** It gets no other calls, and lives on. @throws ResproutError SUPERVISE_INVALID */
  deactivate(replica: string): void {
    const { core, lives } = this.#running;
    this.#running.do(core.activate(lives.idOf(replica), false));
  }

  /** Refuses new calls for good; resolves when all that came before are settled. @param signal ends the waiting, with its reason */
  async drain(signal?: AbortSignal): Promise<void> {
    this.#running.core.stopAdmitting();
    await this.#running.idle(signal);
  }

  /** The members as they are now: head, replicas, tail. */
  snapshot(): readonly UnitSnapshot[] {
    const { core, lives } = this.#running;
    return lives.snapshot(core);
  }

  /** What happens from now on, as of a supervisor. */
  events(): AsyncIterableIterator<SupervisorEvent> {
    return this.#running.events.read();
  }

  /**
   * Refuses the calls that wait, then ends head, replicas and tail; those of one rank side by side, each within the times of its ladder, whose first
   * rung waits for the calls it has. Twice is fine. @throws ResproutError UNIT_LEAKED when one could not be ended
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { core, lives, nowMs } = this.#running;
    this.#running.do(core.close(nowMs));
    await this.ended;
    const [leak] = lives.leaks;
    if (leak !== undefined) throw leak;
  }

  #callWith(options: GroupCallOptions): Call<R> {
    return ((method: string, ...args: readonly unknown[]) => this.#running.submit({ method, args }, options, new Error())) as Call<R>;
  }

  async #change(begin: (core: GroupCore, nowMs: number) => readonly GroupAction[], signal: AbortSignal | undefined): Promise<void> {
    const running = this.#running;
    await running.changes.make(
      () => running.do(begin(running.core, running.nowMs)),
      () => running.do(running.core.takeBack(running.nowMs)),
      signal,
    );
  }
}

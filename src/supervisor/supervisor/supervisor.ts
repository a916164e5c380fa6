// Keeps children alive: does what the restart core decides.
//   S1. The core hears of each event once, in the order in which they happen; what it asks for is done at once.
//   S2. `ended` never rejects; it is settled when no child is left.
//   S3. Nothing of the process is touched that was not asked for: no signal handlers, no exit code.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { UnitEnd } from '../contract/failure.ts';
import type { Runtime } from '../contract/runtime.ts';
import { Replicas } from '../groups/replicas.ts';
import { RestartCore, type Action, type CoreEnd } from '../restarts/restart-core.ts';
import type { Budget, Strategy } from '../restarts/rules.ts';
import type { Child, ChildSpec, Keeper } from './child.ts';
import { KeeperChild } from './keeper-child.ts';
import type { Group } from './declared.ts';
import { Events, type Told } from './event-stream.ts';
import type { KeeperEnd, SupervisorEvent, UnitSnapshot } from './events.ts';

/** What a supervisor is made of. */
export interface SupervisorParts {
  readonly name: string;
  readonly children: readonly ChildSpec[];
  readonly ranks: readonly number[];
  readonly startsAtOnce: number;
  readonly strategy: Strategy;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly onEvent?: ((event: SupervisorEvent) => void) | undefined;
}

interface Kept {
  readonly spec: ChildSpec;
  child: Child | undefined;
  lives: number;
  readySinceMs: number | undefined;
  lastEnd: UnitEnd | undefined;
}

/** A running supervisor. Made by `supervise`; whoever has it closes it. */
export class Supervisor implements AsyncDisposable, Keeper {
  readonly name: string;
  /** Never rejects. */
  readonly ended: Promise<KeeperEnd>;
  readonly #parts: SupervisorParts;
  readonly #core: RestartCore;
  readonly #kept: readonly Kept[];
  readonly #events: Events;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<KeeperEnd>();
  readonly #leaks: ResproutError[] = [];
  #wake: TimerHandle | undefined;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(parts: SupervisorParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#events = new Events(parts.onEvent);
    this.#kept = parts.children.map((spec) => ({ spec, child: undefined, lives: 0, readySinceMs: undefined, lastEnd: undefined }));
    const { budget, fraction, ranks, startsAtOnce, strategy } = parts;
    this.#core = new RestartCore({ units: parts.children.map(({ kept }) => kept), ranks, startsAtOnce, strategy, budget, fraction });
    this.ended = this.#ended.promise;
    this.#started.promise.catch(() => {});
  }

  /** @internal Resolves when every child has been ready. @throws ResproutError why it ended before */
  async start(): Promise<void> {
    this.#do(this.#core.start(this.#now()));
    await this.#started.promise;
  }

  /** The units as they are now, in the order of their declaration. */
  snapshot(): readonly UnitSnapshot[] {
    return this.#kept.map(({ child, lastEnd, lives, readySinceMs, spec }) => ({
      unit: spec.name,
      state: child?.state ?? 'created',
      lives,
      pid: child?.pid,
      readySinceMs,
      lastEnd,
      units: child instanceof KeeperChild ? child.keeper.snapshot() : [],
    }));
  }

  /**
   * A group of it or of a supervisor below, in its present life. @throws ResproutError SUPERVISE_INVALID when it has none of that name, or it
   * has not begun
   */
  replicas<R extends Runtime>(group: Group<R>): Replicas<R> {
    const found = this.#replicas(group);
    if (found !== undefined) return found as Replicas<R>;
    throw new ResproutError('SUPERVISE_INVALID', `${this.name} has no group ${JSON.stringify(group.name)} that has begun`);
  }

  #replicas(group: Group): Replicas | undefined {
    const keepers = this.#kept.flatMap(({ child }) => (child instanceof KeeperChild ? child.keeper : []));
    const own = keepers.find((one): one is Replicas => one instanceof Replicas && one.declared === group);
    return own ?? keepers.flatMap((one) => (one instanceof Supervisor ? (one.#replicas(group) ?? []) : []))[0];
  }

  /** What happens from now on. The iterator ends with the supervisor. Whoever reads too slowly loses the oldest of more than 10,000 events. */
  events(): AsyncIterableIterator<SupervisorEvent> {
    return this.#events.read();
  }

  /**
   * Makes a unit new, as its age does: no crash, nothing of the budget. @param path its name, or that of one of a supervisor below, such as
   * `jobs/mailer` @throws ResproutError SUPERVISE_INVALID when it has none of that name
   */
  recycle(path: string): void {
    const [name = '', ...below] = path.split('/');
    const kept = this.#kept.find(({ spec }) => spec.name === name);
    if (kept !== undefined && below.length === 0) kept.child?.recycle();
    else if (kept?.child instanceof KeeperChild) kept.child.keeper.recycle(below.join('/'));
    else
      throw new ResproutError('SUPERVISE_INVALID', `${this.name} has no unit ${JSON.stringify(path)}`, {
        saw: `units: ${this.#kept.map(({ spec }) => spec.name).join(', ')}`,
      });
  }

  /**
   * Stops all units, the last rank first, each within the times of its ladder. Twice is fine: all get the same promise.
   * @throws ResproutError UNIT_LEAKED when one could not be ended
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#do(this.#core.close(this.#now()));
    await this.ended;
    const [leak] = this.#leaks;
    if (leak !== undefined) throw leak;
  }

  #now(): number {
    return this.#parts.clock.monotonicMs();
  }

  #do(actions: readonly Action[]): void {
    for (const action of actions) this.#act(action);
    const wakes = actions.flatMap((action) => (action.kind === 'wake' ? action.atMs : []));
    if (wakes.length > 0) this.#wakeAt(Math.min(...wakes));
    if (this.#core.hasStarted) this.#started.resolve();
  }

  #act(action: Action): void {
    switch (action.kind) {
      case 'start':
        this.#start(action.unit, action.life);
        break;
      case 'stop':
        void this.#kept[action.unit]?.child?.stop();
        break;
      case 'wake':
        break;
      case 'restart':
        this.#tell({ kind: 'restart', unit: this.#kept[action.unit]?.spec.name ?? '', delayMs: action.delayMs });
        break;
      case 'end':
        this.#end(action.how, action.unit);
    }
  }

  #wakeAt(atMs: number): void {
    this.#wake?.clear();
    this.#wake = this.#parts.clock.after(Math.max(0, atMs - this.#now()), () => this.#do(this.#core.onWake(this.#now())));
  }

  #start(unit: number, life: number): void {
    const kept = this.#kept[unit];
    if (kept === undefined) return;
    const { name } = kept.spec;
    const child = kept.spec.make(life, (state) => {
      if (state === 'ready') kept.readySinceMs = this.#parts.clock.wallMs();
      if (state === 'ended') kept.readySinceMs = undefined;
      this.#tell({ kind: 'state', unit: name, life, state });
    });
    kept.child = child;
    kept.lives = life;
    child.ready.then(
      () => this.#do(this.#core.onReady(unit, life, this.#now())),
      () => {},
    );
    void child.over.then((end) => {
      kept.lastEnd = end;
      if (end.how === 'leaked' && end.failure !== undefined) this.#leaks.push(end.failure.error);
      this.#tell({ kind: 'ended', unit: name, life, end });
      const { exitCode, failure, how, isRecycled } = end;
      const ending = { hasFailed: failure !== undefined || how === 'killed', isRecycled, isLeaked: how === 'leaked', exitCode };
      this.#do(this.#core.onEnded(unit, life, ending, this.#now()));
    });
    child.begin();
  }

  #end(how: CoreEnd, unit: number | undefined): void {
    this.#wake?.clear();
    const kept = unit === undefined ? undefined : this.#kept[unit];
    const error = how === 'closed' || how === 'finished' ? undefined : this.#reason(how, kept);
    this.#started.reject(error ?? new ResproutError('UNIT_STOPPED', `${this.name} was closed before it had started`));
    this.#ended.resolve({ how, error });
    this.#events.end();
  }

  #reason(how: 'gave-up' | 'start-failed', kept: Kept | undefined): ResproutError {
    const cause = kept?.lastEnd?.failure?.error;
    if (cause !== undefined && (how === 'start-failed' || kept?.lastEnd?.how === 'leaked')) return cause;
    const { restarts, withinMs } = this.#parts.budget;
    const saw = `${restarts} restarts within ${withinMs} ms are allowed, and ${kept?.spec.name ?? 'a unit'} ended again`;
    return new ResproutError('SUPERVISE_GAVE_UP', `${this.name} gave up: ${saw}`, { tried: `keep ${this.name} alive`, saw }, { cause });
  }

  #tell(event: Told): void {
    this.#events.tell(event, this.#parts.clock);
  }
}

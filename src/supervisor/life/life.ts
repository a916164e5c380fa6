// One life of a unit, seen by its owner: from prepare until nothing of it is left.
//   L1. Its state moves forward only; `ready` and `over` are settled once, and `over` never rejects.
//   L2. Whatever ends it, and whenever, `over` comes within the times of the ladder.
//   L3. The first failure is the one that ended it; what follows is kept beside it.
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import { thrownText, unitFailure, type FailureKind, type Phase, type UnitEnd, type UnitFailure } from '../contract/failure.ts';
import { StateLine, type LifeState } from '../contract/states.ts';
import type { Death, Spawned } from '../places/place.ts';
import { untilGood } from '../probes/ask-probe.ts';
import type { Answer, Report, UnitCall } from '../unit/messages.ts';
import { Deadline } from './deadline.ts';
import { endOf, type OverReport } from './end.ts';
import { Ladder, type Rung } from './ladder.ts';
import { OwnerWork } from './owner-work.ts';
import type { LifeListener, LifeSpec } from './spec.ts';

/** Time that a unit gets to end while it is not set up: there is nothing to tear down. */
const SETUP_CANCEL_MS = 2000;

/** One life. `begin` starts it; whoever has it waits for `over`. */
export class Life {
  readonly ready: Promise<void>;
  readonly over: Promise<UnitEnd>;
  readonly #spec: LifeSpec;
  readonly #clock: Clock;
  readonly #listener: LifeListener;
  readonly #line: StateLine;
  readonly #owner: OwnerWork;
  readonly #ladder: Ladder;
  readonly #failures: UnitFailure[] = [];
  readonly #ready = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<UnitEnd>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<Death | undefined>();
  readonly #heard = { onReport: (report: Report) => this.#onReport(report), onGone: () => void this.#line.moveTo('stopping') };
  #startLimit: Deadline | undefined;
  #phase: Phase = 'prepare';
  #spawned: Spawned | undefined;
  #lastReport: OverReport | undefined;
  #isEnding = false;
  #isRecycled = false;

  constructor(spec: LifeSpec, clock: Clock, listener: LifeListener) {
    this.#spec = spec;
    this.#clock = clock;
    this.#listener = listener;
    this.#line = new StateLine((state) => listener.onState(state));
    this.#owner = new OwnerWork(spec);
    this.#ladder = new Ladder(clock);
    [this.ready, this.over] = [this.#ready.promise, this.#over.promise];
    // Whoever starts it looks at `ready`; a life that ends before anybody does is told by `over`.
    this.ready.catch(() => {});
  }

  get state(): LifeState {
    return this.#line.state;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Of its process, where it has one. */
  get pid(): number | undefined {
    return this.#spawned?.pid;
  }

  /** Starts it, once. */
  begin(): void {
    if (!this.#line.moveTo('preparing')) return;
    const { startMs } = this.#spec.times;
    this.#startLimit = new Deadline(this.#clock, startMs, () => this.fail('late', `was not ready within ${startMs} ms, in ${this.#phase}`));
    void this.#work().then(this.#gone.resolve, this.#gone.reject);
    void this.#gone.promise.then((death) => this.#finish(death, false));
  }

  /** Ends it by the ladder; all who ask get the same end. */
  stop(): Promise<UnitEnd> {
    if (this.#line.has('preparing')) this.#end(true, true);
    else void this.#finish(undefined, false);
    return this.over;
  }

  /** Ends it since it grew too old or too large: no failure. */
  recycle(): void {
    if (this.#isEnding) return;
    this.#isRecycled = true;
    this.#end(true, true);
  }

  /** Ends it since something is wrong with it that it does not say itself. */
  fail(kind: FailureKind, what: string, cause?: unknown): void {
    if (this.#line.has('ended')) return;
    this.#failed(this.#phase, kind, what, cause);
    this.#end(true);
  }

  /** Calls one of its methods, as `Spawned` does. @throws ResproutError UNIT_LOST, REMOTE_VALUE_UNSENDABLE */
  call(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
    if (this.#spawned !== undefined) return this.#spawned.call(call, signal);
    throw new ResproutError('UNIT_LOST', `${this.#spec.name} does not run`);
  }

  /** Everything up to the end of the thread or process. */
  async #work(): Promise<Death | undefined> {
    const { life, name, place, ready, runtime, settings } = this.#spec;
    const { signal } = this.#owner;
    try {
      const given = await this.#owner.prepare();
      if (signal.aborted) return undefined;
      this.#phase = 'start';
      this.#line.moveTo('starting');
      const begin = { kind: 'begin', name, life, runtime, given, tellsReady: ready === 'told' } as const;
      const spawned = await (await place()).spawn(begin, settings, this.#heard, signal);
      this.#spawned = spawned;
      // The rungs that went by while it was started.
      if (this.#ladder.rung !== undefined) spawned.send({ kind: 'cancel' });
      if (this.#ladder.rung === 'kill') spawned.kill();
      return await spawned.ended;
    } catch (thrown) {
      const error = toError(thrown);
      if (!signal.aborted) this.#failed(this.#phase, 'threw', `failed in ${this.#phase}: ${thrownText(error)}`, error);
      return undefined;
    }
  }

  #onReport(report: Report): void {
    switch (report.kind) {
      case 'phase':
        this.#enter(report.phase);
        break;
      case 'ready':
        if (typeof this.#spec.ready === 'string') this.#isReady();
        break;
      case 'alive':
        this.#listener.onAlive();
        break;
      case 'extend':
        this.#startLimit?.extend(report.ms);
        this.#ladder.extend(report.ms);
        break;
      case 'failed': {
        const { error } = report;
        const what = report.how === 'threw' ? `threw in ${report.phase}` : `had an error that nothing caught, in ${report.phase}`;
        this.#failed(report.phase, report.how, `${what}: ${thrownText(error)}`, error);
        this.#end(false);
        break;
      }
      case 'drained':
        this.#drained.resolve();
        break;
      case 'answer':
        throw new ResproutError('INTERNAL', 'an answer is for the place that sent the call');
      case 'over':
        this.#lastReport = report;
    }
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const { ready } = this.#spec;
    if (phase === 'run' && typeof ready === 'object')
      void untilGood(ready, this.#clock, this.#owner.signal).then(
        () => this.#isReady(),
        () => {},
      );
    // Nobody asked for it, yet it has to end in time too.
    if (phase === 'teardown') this.#end(false);
  }

  #isReady(): void {
    if (!this.#line.moveTo('ready')) return;
    this.#startLimit?.clear();
    this.#startLimit = undefined;
    this.#ready.resolve();
  }

  #failed(phase: Phase, kind: FailureKind, what: string, cause?: unknown): void {
    this.#failures.push(unitFailure(this.#spec, phase, kind, what, cause));
  }

  /** Climbs the ladder, once. @param isAsked whether run has to be told; otherwise it is ending by itself @param isGood whether its work is worth waiting for */
  #end(isAsked: boolean, isGood = false): void {
    if (this.#isEnding || this.#line.has('ended')) return;
    this.#isEnding = true;
    this.#startLimit?.clear();
    this.#startLimit = undefined;
    const isSetUp = this.#phase === 'run' || this.#phase === 'teardown';
    this.#line.moveTo('stopping');
    const { steps, takesCalls, times } = this.#spec;
    const { cancelMs, drainMs, killMs, leaveMs } = times;
    const drains = isGood && this.#phase === 'run' && (steps.drains || takesCalls);
    const drain = { name: 'drain', ms: drainMs, done: this.#drained.promise, act: () => this.#spawned?.send({ kind: 'drain' }) } as const;
    const rungs: readonly Rung[] = [
      ...(drains ? [drain] : []),
      { name: 'cancel', ms: isSetUp ? cancelMs : Math.min(cancelMs, SETUP_CANCEL_MS), act: () => this.#cancel(isAsked) },
      { name: 'leave', ms: leaveMs, act: () => this.#spawned?.send({ kind: 'leave' }) },
      { name: 'kill', ms: killMs, act: () => this.#spawned?.kill() },
    ];
    void this.#ladder.climb(rungs, this.#gone.promise).then((hasEnded) => {
      if (!hasEnded) void this.#finish(undefined, true);
    });
  }

  #cancel(isAsked: boolean): void {
    this.#owner.giveUp();
    if (!isAsked) return;
    const send = (): void => this.#spawned?.send({ kind: 'cancel' });
    const asked = this.#phase === 'run' ? this.#owner.cancel() : undefined;
    if (asked === undefined) send();
    else
      void asked.catch((thrown: unknown) => {
        const error = toError(thrown);
        this.#owner.also.push(unitFailure(this.#spec, 'cancel', 'threw', `failed in cancel: ${thrownText(error)}`, error));
        send();
      });
  }

  async #finish(death: Death | undefined, isLeaked: boolean): Promise<void> {
    this.#isEnding = true;
    this.#startLimit?.clear();
    this.#owner.giveUp();
    const { killMs } = this.#spec.times;
    const also = await this.#owner.release(this.#clock, killMs);
    const end = endOf({
      unit: this.#spec,
      phase: this.#phase,
      death,
      isLeaked,
      last: this.#lastReport,
      rung: this.#ladder.rung,
      failures: this.#failures,
      also,
      isRecycled: this.#isRecycled,
    });
    if (!this.#line.moveTo('ended')) return;
    this.#ready.reject(end.failure?.error ?? this.#neverReady(end));
    this.#over.resolve(end);
  }

  /** Why it was never ready although nothing failed. */
  #neverReady({ how }: UnitEnd): ResproutError {
    const { name } = this.#spec;
    if (how === 'returned' || how === 'exited') return unitFailure(this.#spec, this.#phase, 'exited', 'ended before it was ready').error;
    const problem = { tried: `start ${name}`, saw: `in ${this.#phase}` };
    return new ResproutError('UNIT_STOPPED', `${name} was stopped before it was ready`, problem);
  }
}

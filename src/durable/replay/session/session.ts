// One durable execution: puts the parts together, and begins and ends it.
// 1. Code of the program runs only as a reaction to a delivery, inside the session's scope.
// 2. Whatever stops a session without an `end` event (divergence, close) leaves its journal as it is: it can be resumed.
// 3. A program with an entry ends when the entry has settled. One without ends when its modules have run and nothing is left that could call
//    it again: no call, no timer and no object that holds it.
import { deferred } from '../../../base/deferred.ts';
import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { ActivityInfo, Recorder } from '../../../base/recorder.ts';
import { shownName, type DeliveryEvent, type EndEvent, type SignalEvent } from '../../journal/events/event.ts';
import { Channels } from '../calls/callbacks.ts';
import { exitOutcome } from '../calls/exit-outcome.ts';
import { HookObject } from '../calls/hook.ts';
import type { Hook } from '../calls/hook-contract.ts';
import { Imports } from '../calls/imports.ts';
import { Listeners } from '../live/listeners.ts';
import { LiveObjects, classNameOf } from '../live/live-objects.ts';
import { standInOfCallback } from '../live/remake.ts';
import { Results } from '../live/results.ts';
import { packageOf } from '../kinds/module-exports.ts';
import { Hops } from '../objects/hops.ts';
import { namedAt, Objects } from '../objects/objects.ts';
import { Cursor, shownDelivery, type NewIssue } from '../time/cursor.ts';
import { createLoadWorld } from '../time/load-world.ts';
import { JournalWriter } from '../time/journal-writer.ts';
import { OutstandingCalls } from '../time/outstanding.ts';
import { Printed } from '../time/printed.ts';
import { Pump, type PumpHost } from '../time/pump.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { World } from '../time/world.ts';
import { Blame } from './blame.ts';
import { Deliveries, type DeliveryHost } from './deliveries.ts';
import { Departure, Exit, type DepartureHost, type Uncaught } from './departure.ts';
import { lateEnd, ofChangedCode, ownerless } from './divergence.ts';
import { endDiffers, endEvent, otherKindOfEnd, type Result } from './ending.ts';
import { noProcessEvents, type ProcessEvents } from './process-events.ts';
import type { Scope, Session, SessionWorld } from './session-api.ts';
import type { SessionOptions } from './session-options.ts';
import type { Numbered, SessionParts } from './session-parts.ts';
import type { InflightCall, Parking, SessionOutcome } from './session-report.ts';

const DEFAULT_VALUE_BYTES = 16 * 1024 * 1024;
const DEFAULT_PATIENCE_MS = 2000;
/** For how long the loss of something counts as what a failure may come from. */
const LATELY_MS = 10_000;

class RunningSession implements Session, PumpHost, SessionParts, DepartureHost, DeliveryHost {
  readonly id: string;
  readonly buildId: string;
  readonly hook: Hook;
  readonly world: SessionWorld;
  readonly env: Record<string, string>;
  folder: string;
  readonly argv: readonly string[];
  recorder: Recorder | undefined;
  processEvents: ProcessEvents = noProcessEvents();
  onSignal: ((event: SignalEvent, value: unknown) => void) | undefined;

  readonly options: SessionOptions;
  readonly cursor: Cursor;
  readonly writer: JournalWriter;
  readonly pump: Pump;
  readonly results: Results;
  readonly live: LiveObjects;
  readonly outstanding: OutstandingCalls = new OutstandingCalls();
  readonly channels: Channels;
  readonly now: VirtualClock;
  readonly listeners: Listeners;
  readonly objects: Objects;
  readonly hops: Hops;
  readonly printed: Printed = new Printed();
  readonly blame: Blame = new Blame();
  readonly session: Session = this;
  readonly sessionScope: Scope;
  readonly imports: Imports;
  readonly #deliveries: Deliveries = new Deliveries(this);
  readonly #world: World;
  readonly #abort = new AbortController();
  readonly #outcome = deferred<SessionOutcome>();
  readonly #quiet = deferred<void>();
  fatal: Error | undefined;
  parked = false;
  cancellation: Error | undefined;
  readonly #departure: Departure = new Departure(this);
  #state: 'new' | 'open' | 'ending' | 'closed' = 'new';
  #cancelled = false;

  constructor(given: SessionOptions) {
    const options = { ...given, maxValueBytes: given.maxValueBytes ?? DEFAULT_VALUE_BYTES };
    this.options = options;
    const { start, realm, clock, turn } = options;
    this.id = options.id;
    this.buildId = start.build;
    this.env = options.env;
    this.folder = options.folder;
    this.argv = start.argv;
    this.sessionScope = { kind: 'session', session: this };
    this.cursor = new Cursor(options.history, { strict: options.strict ?? false, warn: (text) => this.warn(text) });
    this.writer = new JournalWriter(options.sink);
    this.pump = new Pump(
      { cursor: this.cursor, writer: this.writer, turn, clock, patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS },
      this,
    );
    this.results = new Results({
      kinds: realm.nodeKinds,
      limitBytes: options.maxValueBytes,
      classNamed: (name) => options.classNamed?.(name) ?? realm.exports.classNamed(name),
      builtinClass: (name) => realm.exports.classOf('node:fs', name),
    });
    this.live = new LiveObjects();
    this.now = new VirtualClock(start.atMs);
    this.channels = new Channels({
      results: this.results,
      arrive: (make, live) => this.pump.arrive({ make, live }),
      adopt: (id, value) => this.#adoptArgument(id, value),
      standIn: (id, className) => standInOfCallback(this, id, className),
      snapshot: () => realm.context.snapshot(),
      crash: (error) => this.crash(error),
    });
    this.imports = new Imports(this);
    this.listeners = new Listeners(this);
    this.objects = new Objects(this);
    this.hops = new Hops(this);
    this.#world = new World(this, start.seed, this.objects, this.hops);
    this.world = this.#world;
    this.hook = new HookObject(this, this.imports);
    this.#outcome.promise.catch(() => undefined);
  }

  #adoptArgument(id: number, value: object): void {
    const site = { id: 'callback', file: '', line: 0, column: 0 };
    this.live.adopt(value, { className: classNameOf(value), module: '', callId: id, site, isStandIn: false });
  }

  get replaying(): boolean {
    return this.cursor.replaying;
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  get gone(): boolean {
    return this.#departure.isOver || this.#state === 'ending' || this.#state === 'closed';
  }

  get activitySignal(): AbortSignal {
    return this.#abort.signal;
  }

  get hasEnded(): boolean {
    return this.#departure.hasEnded;
  }

  get hasExited(): boolean {
    return this.#departure.isOver;
  }

  /** A program that talks to a builtin through callbacks may be called at any time. */
  get isStalled(): boolean {
    return this.#departure.isStalled && this.onSignal === undefined && !this.channels.isOpen;
  }

  /** One that is cancelled hears of it whoever reads. */
  get isHeldUp(): boolean {
    return !this.#cancelled && this.options.isOutputFull?.() === true;
  }

  get isAsking(): boolean {
    return this.outstanding.hasCalls || this.objects.isHeld;
  }

  get isHeld(): boolean {
    return this.outstanding.isHeld || this.objects.isHeld || this.hops.isBusy || this.pump.heldImmediates > 0;
  }

  get lost(): readonly string[] {
    return this.objects.lost.map(({ shown, site }) => namedAt(shown, site));
  }

  get moves(): number {
    return this.pump.moves;
  }

  run(main: () => unknown, how: { readonly isScript?: boolean } = {}): Promise<SessionOutcome> {
    if (this.#state !== 'new') throw new ResproutError('INTERNAL', `the session ${this.id} was run twice`);
    this.#state = 'open';
    if (how.isScript === true) this.#departure.setScript();
    this.inProgram(() => {
      void (async () => {
        try {
          this.#departure.settle({ how: 'done', value: await main() });
        } catch (error) {
          if (how.isScript === true) this.#departure.bodyThrew(error);
          else this.#departure.settle({ how: 'failed', error });
        }
      })();
    });
    this.pump.kick();
    return this.#outcome.promise;
  }

  crash(error: unknown, how: Uncaught = 'uncaughtException', promise?: unknown): void {
    if (!this.gone) this.#departure.crash(error, how, promise);
  }

  exit(code?: number): never {
    return this.#departure.exit(code);
  }

  askedExit: number | undefined;

  exitFrom({ idempotencyKey }: ActivityInfo, code: number): never {
    const id = Number(idempotencyKey.slice(idempotencyKey.lastIndexOf('/') + 1));
    if (this.outstanding.has(id)) {
      const outcome = this.results.error('process.exit', exitOutcome(code));
      this.pump.arrive({ make: (atMs) => (this.outstanding.has(id) ? { t: 'done', id, atMs, outcome } : undefined) });
    } else this.askedExit = code;
    throw new Exit('process.exit');
  }

  stop(code: number, how: string): never {
    this.#departure.stop(code, how);
    throw new Exit(how);
  }

  inProgram<T>(run: () => T): T {
    return this.options.realm.context.run(this.sessionScope, run);
  }

  kick(): void {
    this.pump.kick();
  }

  enter<T>(run: () => T): T {
    try {
      return this.inProgram(run);
    } catch (error) {
      this.crash(error);
      return undefined as T;
    }
  }

  load<T>(target: string, run: () => T): T {
    const { realm, start } = this.options;
    const at = Math.max(0, target.lastIndexOf('/node_modules/'));
    // By a name that does not depend on where the project lies.
    const world = createLoadWorld(start.seed, start.atMs, target.slice(at));
    const isInline = realm.profiles.of(packageOf(target) ?? target) === 'inline';
    return realm.context.run({ kind: 'load', session: this, world, how: { isInline, isLate: realm.session() === this } }, run);
  }

  outside<T>(info: Parameters<SessionParts['outside']>[0], run: () => T): T {
    return this.options.realm.context.run({ kind: 'activity', session: this, info }, run);
  }

  outsideObject<T>(run: () => T): T {
    const info = { sessionId: this.id, buildId: this.buildId, idempotencyKey: `${this.id}/object`, signal: this.#abort.signal };
    return this.outside(info, run);
  }

  warn(text: string): void {
    this.options.observer?.onWarning?.(text);
  }

  // What the parts ask.

  issue(issue: NewIssue): Numbered {
    if (this.fatal !== undefined) throw this.fatal;
    this.pump.stir();
    const { delivered } = this.cursor;
    const printed = this.printed.take();
    try {
      const { id, recorded } = this.cursor.issue(issue, printed);
      if (recorded === undefined) this.#goLive();
      return { id, recorded, stamp: printed === undefined ? { delivered } : { delivered, printed } };
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Nothing new happens outside before this. */
  #goLive(): void {
    if (this.objects.isLive) return;
    this.options.onLive?.();
    this.objects.goLive();
  }

  whenAwake(run: () => void): void {
    this.objects.whenAwake(run);
  }

  barrier(): void {
    this.objects.barrier();
  }

  beforeRead(): void {
    this.objects.beforeRead();
  }

  // What comes from outside.

  signal(name: string, value: unknown): void {
    const bytes = this.results.data(`the signal ${name}`, value);
    this.pump.arrive({ make: (atMs) => ({ t: 'signal', name, value: bytes, atMs }) });
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.pump.arrive({ make: (atMs) => ({ t: 'cancel', atMs }) });
  }

  park(): Parking {
    this.parked = true;
    this.pump.kick();
    return {
      quiet: this.#quiet.promise,
      unfinished: () => this.inflight().filter((call) => call.running),
    };
  }

  parkedAndDurable(): void {
    if (this.outstanding.idle && this.writer.settled) this.#quiet.resolve();
  }

  inflight(): readonly InflightCall[] {
    return this.outstanding.list();
  }

  // What the pump asks.

  isBegun(event: DeliveryEvent): boolean {
    return this.#deliveries.isBegun(event);
  }

  isReady(event: DeliveryEvent): boolean {
    return this.#deliveries.isReady(event);
  }

  deliver(event: DeliveryEvent, live: object | undefined): void {
    if (event.t !== 'end') this.now.observe(event.atMs);
    // It came before the end was in the journal, and the program has exited meanwhile.
    if (this.#departure.isOver) return;
    if (!this.#deliveries.give(event, live)) this.fail(ownerless(shownDelivery(event)));
  }

  cancelled(): void {
    this.#cancelled = true;
    const error = new ResproutError('SESSION_CANCELLED', 'the session was cancelled', { kept: 'Everything recorded before it' });
    this.cancellation = error;
    this.#abort.abort(error);
    this.outstanding.cancelAll(error);
  }

  caughtUp(): void {
    this.#goLive();
    this.objects.wake();
    this.listeners.settle();
    this.options.observer?.onCaughtUp?.(this.cursor.size);
  }

  diverged(): void {
    const { result } = this.#departure;
    const thrown = result?.how === 'failed' ? result.error : undefined;
    this.fail(this.cursor.missing(this.hasEnded, thrown));
  }

  /** The recorded run had ended here. */
  endOfHistory(): void {
    const event = this.cursor.peek();
    if (event?.t !== 'end') return;
    const { result } = this.#departure;
    if (result === undefined || !this.hasEnded) {
      const waiting = this.inflight().map(({ id, fn, site }) => ({ id, fn, site }));
      this.fail(lateEnd(this.cursor.issued, waiting));
      return;
    }
    // As it would be appended now: a result that cannot be recorded fails the program in both runs.
    const replayed = this.#endEvent(result, []);
    const otherKind = otherKindOfEnd(event, replayed, result, this.results);
    const difference = otherKind ?? endDiffers(event, replayed, result, this.results);
    if (difference !== undefined && (otherKind !== undefined || this.options.strict === true)) return (this.fail(difference), undefined);
    if (difference !== undefined) this.warn(difference.message);
    this.cursor.advance();
    this.#finish(event);
  }

  lastWords(): boolean {
    if (this.#departure.result !== undefined) return this.#departure.lastWords();
    if (!this.isStalled) return false;
    // A replay that stands where the recorded run went on says so; it does not end the program.
    const next = this.cursor.peek();
    const isHeard = this.processEvents.count('exit') + this.processEvents.count('beforeExit') > 0;
    const mayEnd = !this.cursor.replaying || (next?.t === 'end' ? next.how !== 'done' : isHeard);
    return mayEnd && this.#departure.lastWords();
  }

  /** Appends `end`. What nobody awaited is dropped, and named. */
  end(): void {
    const { result } = this.#departure;
    if (result === undefined || this.#state !== 'open') return;
    this.#state = 'ending';
    const dropped = [
      ...this.inflight().map((call) => namedAt(shownName(call), call.site)),
      ...this.objects.list().map(({ shown, site }) => namedAt(shown, site)),
    ];
    const event = this.#endEvent(result, dropped);
    this.writer.append(event);
    this.writer.whenDurable(() => this.#finish(event));
  }

  #endEvent(result: Result, dropped: readonly string[]): EndEvent {
    const lately = this.objects.lost.filter(({ atMs }) => this.now.observedMs - atMs <= LATELY_MS);
    return endEvent(result, {
      lostLately: lately.map(({ shown, site }) => namedAt(shown, site)),
      results: this.results,
      atMs: this.options.clock.wallMs(),
      dropped,
      isCancelled: this.#cancelled,
      fromCall: result.how === 'failed' ? this.blame.of(result.error) : undefined,
      printed: this.printed.take(),
    });
  }

  #finish(event: EndEvent): void {
    const value = this.results.read(event.bytes);
    const common = { dropped: event.dropped, ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }) };
    this.close();
    this.#outcome.resolve(event.how === 'done' ? { how: 'done', value, ...common } : { how: event.how, error: value, ...common });
  }

  fail(error: unknown): Error {
    const first = this.fatal === undefined;
    const isOtherCode = this.options.isOtherBuild === true && error instanceof ResproutError && error.code === 'JOURNAL_DIVERGED';
    this.fatal ??= isOtherCode ? ofChangedCode(error) : toError(error);
    if (!first) return this.fatal;
    const { fatal } = this;
    // The program may catch what it is thrown: the session stops in the next turn all the same, and nothing is appended meanwhile.
    this.writer.close();
    this.options.turn.next(() => {
      this.close();
      this.#outcome.reject(fatal);
    });
    return fatal;
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.writer.close();
    this.pump.close();
    this.#world.close();
    this.objects.close();
    this.hops.clear();
    this.outstanding.clear();
    this.channels.clear();
    this.#abort.abort(new ResproutError('SESSION_ENDED', 'the session has ended'));
  }
}

/** Makes a session. Nothing runs before `run`. */
export function createSession(options: SessionOptions): Session {
  return new RunningSession(options);
}

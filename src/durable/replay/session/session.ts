// One durable execution: puts the parts together, and begins and ends it.
// 1. Code of the program runs only as a reaction to a delivery, inside the session's scope.
// 2. Whatever stops a session without an `end` event (divergence, close) leaves its journal as it is: it can be resumed.
// 3. A program with an entry ends when the entry has settled. One without ends when its modules have run and nothing is left that could call
//    it again: no call, no timer and no object that holds it.
import { deferred } from '../../../base/deferred.ts';
import { ResproutError, toError } from '../../../base/errors.ts';
import type { Recorder } from '../../../base/recorder.ts';
import { shownName, type DeliveryEvent, type EndEvent, type SignalEvent } from '../../journal/event.ts';
import { Channels } from '../calls/callbacks.ts';
import { HookObject } from '../calls/hook.ts';
import type { Hook } from '../calls/hook-contract.ts';
import { Imports } from '../calls/imports.ts';
import { Listeners } from '../live/listeners.ts';
import { LiveObjects, classNameOf } from '../live/live-objects.ts';
import { standInOfCallback } from '../live/remake.ts';
import { Results } from '../live/results.ts';
import { packageOf } from '../kinds/module-exports.ts';
import { Hops } from '../objects/hops.ts';
import { Objects } from '../objects/objects.ts';
import { Cursor, shownDelivery, type NewIssue } from '../time/cursor.ts';
import { createLoadWorld } from '../time/load-world.ts';
import { JournalWriter } from '../time/journal-writer.ts';
import { OutstandingCalls } from '../time/outstanding.ts';
import { Printed } from '../time/printed.ts';
import { Pump, type PumpHost } from '../time/pump.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { World } from '../time/world.ts';
import { Blame } from './blame.ts';
import { lateEnd, ofChangedCode, ownerless } from './divergence.ts';
import { endDiffers, endEvent, otherKindOfEnd, type Result } from './ending.ts';
import { noProcessEvents, type ProcessEvents } from './process-events.ts';
import type { Scope, Session, SessionWorld } from './session-api.ts';
import type { SessionOptions } from './session-options.ts';
import type { Numbered, SessionParts } from './session-parts.ts';
import type { InflightCall, Parking, SessionOutcome } from './session-report.ts';

const DEFAULT_VALUE_BYTES = 16 * 1024 * 1024;
const DEFAULT_PATIENCE_MS = 2000;
/** Why a program cannot catch its own exit: the throw only leaves the turn, and nothing that runs after it counts. */
class Exit extends Error {}

class RunningSession implements Session, PumpHost, SessionParts {
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
  readonly #imports: Imports;
  readonly #world: World;
  readonly #abort = new AbortController();
  readonly #outcome = deferred<SessionOutcome>();
  readonly #quiet = deferred<void>();
  fatal: Error | undefined;
  parked = false;
  #result: Result | undefined;
  #state: 'new' | 'open' | 'ending' | 'closed' = 'new';
  #isScript = false;
  #saidGoodbye = false;
  #cancelled = false;
  #exited = false;

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
    this.live = new LiveObjects(realm.clients);
    this.now = new VirtualClock(start.atMs);
    this.channels = new Channels({
      results: this.results,
      kinds: realm.kinds,
      arrive: (make, live) => this.pump.arrive({ make, live }),
      adopt: (id, value) => this.#adoptArgument(id, value),
      standIn: (id, className) => standInOfCallback(this, id, className),
      snapshot: () => realm.context.snapshot(),
      crash: (error) => this.crash(error),
    });
    this.#imports = new Imports(this);
    this.listeners = new Listeners(this);
    this.objects = new Objects(this);
    this.hops = new Hops(this);
    this.#world = new World(this, start.seed);
    this.world = this.#world;
    this.hook = new HookObject(this, this.#imports);
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
    return this.#exited || this.#state === 'ending' || this.#state === 'closed';
  }

  get activitySignal(): AbortSignal {
    return this.#abort.signal;
  }

  get hasEnded(): boolean {
    if (this.#result === undefined) return false;
    return !this.#isScript || this.#exited || this.#result.how === 'failed' || !this.#isHeld();
  }

  /** Whether something may still call a program without an entry. */
  #isHeld(): boolean {
    return this.outstanding.isHeld || this.objects.isHeld || this.hops.isBusy || this.#imports.isBusy || this.pump.isBusy;
  }

  run(main: () => unknown, how: { readonly isScript?: boolean } = {}): Promise<SessionOutcome> {
    if (this.#state !== 'new') throw new ResproutError('INTERNAL', `the session ${this.id} was run twice`);
    this.#state = 'open';
    this.#isScript = how.isScript ?? false;
    this.options.realm.context.run(this.sessionScope, () => {
      void (async () => {
        try {
          this.#settle({ how: 'done', value: await main() });
        } catch (error) {
          if (!(error instanceof Exit)) this.#settle({ how: 'failed', error });
        }
      })();
    });
    this.pump.kick();
    return this.#outcome.promise;
  }

  #settle(result: Result): void {
    this.#result ??= result;
    this.pump.kick();
  }

  crash(error: unknown, how: 'uncaughtException' | 'unhandledRejection' = 'uncaughtException', promise?: unknown): void {
    if (this.gone || error instanceof Exit) return;
    const { processEvents } = this;
    try {
      if (how === 'unhandledRejection' && this.enter(() => processEvents.emit('unhandledRejection', error, promise))) return;
      this.enter(() => processEvents.emit('uncaughtExceptionMonitor', error, how));
      if (this.enter(() => processEvents.emit('uncaughtException', error, how))) return;
    } catch (thrown) {
      if (!(thrown instanceof Exit)) this.#settle({ how: 'failed', error: thrown });
      return;
    }
    this.#settle({ how: 'failed', error });
  }

  exit(code: number): never {
    this.#sayGoodbye(code);
    const exitCode = this.processEvents.exitCode ?? code;
    const error = new ResproutError('PROGRAM_FAILED', `the program called process.exit(${String(exitCode)})`);
    this.#settle(exitCode === 0 ? { how: 'done', value: undefined, exitCode: 0 } : { how: 'failed', error, exitCode });
    this.#exited = true;
    throw new Exit('process.exit');
  }

  /** Listeners of `exit`, once, where the program ends. What they throw is the program's error. */
  #sayGoodbye(code: number): void {
    if (this.#saidGoodbye) return;
    this.#saidGoodbye = true;
    this.processEvents.exitCode = code;
    this.options.realm.context.run(this.sessionScope, () => this.processEvents.emit('exit', code));
  }

  enter<T>(run: () => T): T {
    try {
      return this.options.realm.context.run(this.sessionScope, run);
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
      return { id, recorded, stamp: printed === undefined ? { delivered } : { delivered, printed } };
    } catch (error) {
      throw this.fail(error);
    }
  }

  barrier(): void {
    this.objects.barrier();
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
    return event.t !== 'hop' || this.hops.isBegun(event.object);
  }

  isReady(event: DeliveryEvent): boolean {
    if (event.t === 'hop') return this.hops.isReady(event.object);
    return event.t !== 'done' || this.#imports.isLoaded(event.id);
  }

  deliver(event: DeliveryEvent, live: object | undefined): void {
    if (event.t !== 'end') this.now.observe(event.atMs);
    if (!this.#give(event, live)) this.fail(ownerless(shownDelivery(event)));
  }

  #give(event: DeliveryEvent, live: object | undefined): boolean {
    switch (event.t) {
      case 'done':
        return this.#deliverDone(event, live);
      case 'event':
        return this.objects.deliver(event.object, event.name, event.value);
      case 'hop':
        return this.hops.deliver(event.object);
      case 'cb':
        this.listeners.heard(event.id);
        return this.channels.deliver(event, live);
      case 'signal':
        this.onSignal?.(event, this.results.read(event.value));
        return true;
      case 'cancel':
        this.#deliverCancel();
        return true;
      case 'end':
        return true;
    }
  }

  #deliverDone(event: Extract<DeliveryEvent, { t: 'done' }>, live: object | undefined): boolean {
    const call = this.outstanding.take(event.id);
    if (call === undefined) return this.outstanding.wasCancelled(event.id);
    call.settle(event, live);
    return true;
  }

  #deliverCancel(): void {
    this.#cancelled = true;
    const error = new ResproutError('SESSION_CANCELLED', 'the session was cancelled', { kept: 'Everything recorded before it' });
    this.#abort.abort(error);
    this.outstanding.cancelAll(error);
  }

  caughtUp(): void {
    this.objects.wake();
    this.listeners.settle();
    this.options.observer?.onCaughtUp?.(this.cursor.size);
  }

  diverged(): void {
    const thrown = this.#result?.how === 'failed' ? this.#result.error : undefined;
    this.fail(this.cursor.missing(this.hasEnded, thrown));
  }

  /** The recorded run had ended here. */
  endOfHistory(): void {
    const event = this.cursor.peek();
    if (event?.t !== 'end') return;
    if (this.#result === undefined || !this.hasEnded)
      return (
        this.fail(
          lateEnd(
            this.cursor.issued,
            this.inflight().map(({ id, fn, site }) => ({ id, fn, site })),
          ),
        ),
        undefined
      );
    if (this.beforeEnd()) return;
    // As it would be appended now: a result that cannot be recorded fails the program in both runs.
    const replayed = this.#endEvent(this.#result, []);
    const otherKind = otherKindOfEnd(event, replayed, this.#result, this.results);
    const difference = otherKind ?? endDiffers(event, replayed, this.#result, this.results);
    if (difference !== undefined && (otherKind !== undefined || this.options.strict === true)) return (this.fail(difference), undefined);
    if (difference !== undefined) this.warn(difference.message);
    this.cursor.advance();
    this.#finish(event);
  }

  beforeEnd(): boolean {
    const { processEvents } = this;
    if (this.#exited || this.#saidGoodbye) return false;
    const result = this.#result;
    if (result?.how === 'done' && !this.#isHeld() && processEvents.count('beforeExit') > 0) {
      const before = this.cursor.issued;
      this.enter(() => processEvents.emit('beforeExit', processEvents.exitCode ?? 0));
      // New work: the program goes on, and is asked again.
      if (this.cursor.issued > before && this.#isHeld()) return true;
    }
    this.#leave();
    return false;
  }

  /** The program has ended by itself: its exit code counts, and its listeners hear of it. */
  #leave(): void {
    const { processEvents } = this;
    const failed = this.#result?.how === 'failed';
    const code = processEvents.exitCode ?? (failed ? 1 : 0);
    try {
      this.#sayGoodbye(failed ? 1 : code);
    } catch (error) {
      if (!(error instanceof Exit)) this.#result = { how: 'failed', error };
    }
    const exitCode = processEvents.exitCode ?? 0;
    const result = this.#result;
    if (result?.how === 'done' && exitCode !== 0) {
      const error = new ResproutError('PROGRAM_FAILED', `the program ended with process.exitCode ${String(exitCode)}`);
      this.#result = { how: 'failed', error, exitCode };
    }
  }

  /** Appends `end`. What nobody awaited is dropped, and named. */
  end(): void {
    const result = this.#result;
    if (result === undefined || this.#state !== 'open') return;
    this.#state = 'ending';
    const named = (name: string, line: number, file: string): string => (line > 0 ? `${name} at ${file}:${String(line)}` : name);
    const dropped = [
      ...this.inflight().map((call) => named(shownName(call), call.site.line, call.site.file)),
      ...this.objects.list().map(({ shown, site }) => named(shown, site.line, site.file)),
    ];
    const event = this.#endEvent(result, dropped);
    this.writer.append(event);
    this.writer.whenDurable(() => this.#finish(event));
  }

  #endEvent(result: Result, dropped: readonly string[]): EndEvent {
    return endEvent(result, {
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

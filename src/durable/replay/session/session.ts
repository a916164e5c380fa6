// One durable execution: puts the parts together, and begins and ends it.
// 1. Code of the program runs only as a reaction to a delivery, inside the session's scope.
// 2. Whatever stops a session without an `end` event (divergence, close) leaves its journal as it is: it can be resumed.
import { deferred } from '../../../base/deferred.ts';
import { ResproutError, codeOf, toError } from '../../../base/errors.ts';
import type { Recorder } from '../../../base/recorder.ts';
import type { EndEvent, SignalEvent } from '../../journal/event.ts';
import { Channels } from '../calls/callbacks.ts';
import { Cursor, shownDelivery, type DeliveryEvent } from '../time/cursor.ts';
import { lateEnd, otherEnd, ownerless } from './divergence.ts';
import type { Engine } from './engine.ts';
import { HookObject } from '../calls/hook.ts';
import type { Hook } from '../calls/hook-contract.ts';
import { Imports } from '../calls/imports.ts';
import { JournalWriter } from '../time/journal-writer.ts';
import { Listeners } from '../live/listeners.ts';
import { LiveObjects } from '../live/live-objects.ts';
import { OutstandingCalls } from '../time/outstanding.ts';
import { Pump, type PumpHost } from '../time/pump.ts';
import { Results } from '../live/results.ts';
import type { Scope, Session, SessionWorld } from './session-api.ts';
import type { SessionOptions } from './session-options.ts';
import type { InflightCall, Parking, SessionOutcome } from './session-report.ts';
import { standInOfCallback } from '../live/remake.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { World } from '../time/world.ts';

const DEFAULT_VALUE_BYTES = 16 * 1024 * 1024;
const DEFAULT_PATIENCE_MS = 2000;

/** How the program ended, before it is in the journal. */
type Result =
  | { readonly how: 'done'; readonly value: unknown; readonly exitCode?: number }
  | { readonly how: 'failed'; readonly error: unknown; readonly exitCode?: number };

class RunningSession implements Session, PumpHost, Engine {
  readonly id: string;
  readonly buildId: string;
  readonly hook: Hook;
  readonly world: SessionWorld;
  readonly env: Record<string, string>;
  folder: string;
  readonly argv: readonly string[];
  recorder: Recorder | undefined;
  onSignal: ((event: SignalEvent, value: unknown) => void) | undefined;

  readonly options: SessionOptions;
  readonly cursor: Cursor;
  readonly writer: JournalWriter;
  readonly pump: Pump;
  readonly results: Results;
  readonly live: LiveObjects;
  readonly outstanding = new OutstandingCalls();
  readonly channels: Channels;
  readonly now: VirtualClock;
  readonly listeners: Listeners;
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
    this.sessionScope = { kind: 'session', session: this, load: false };
    this.cursor = new Cursor(options.history, options.strictArguments ?? false, (text) => this.warn(text));
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
    this.#world = new World(this, start.seed);
    this.world = this.#world;
    this.hook = new HookObject(this, this.#imports);
    this.#outcome.promise.catch(() => undefined);
  }

  #adoptArgument(id: number, value: object): void {
    const { name } = value.constructor;
    const site = { id: 'callback', file: '', line: 0, column: 0 };
    this.live.adopt(value, { className: name === '' ? 'Object' : name, module: '', callId: id, site, isStandIn: false });
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
    return this.#result !== undefined;
  }

  run(main: () => unknown): Promise<SessionOutcome> {
    if (this.#state !== 'new') throw new ResproutError('INTERNAL', `the session ${this.id} was run twice`);
    this.#state = 'open';
    this.options.realm.context.run(this.sessionScope, () => {
      void (async () => {
        try {
          this.#settle({ how: 'done', value: await main() });
        } catch (error) {
          this.#settle({ how: 'failed', error });
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

  crash(error: unknown): void {
    this.#settle({ how: 'failed', error });
  }

  exit(code: number): never {
    const error = new ResproutError('PROGRAM_FAILED', `the program called process.exit(${String(code)})`);
    this.#settle(code === 0 ? { how: 'done', value: undefined, exitCode: 0 } : { how: 'failed', error, exitCode: code });
    this.#exited = true;
    throw error;
  }

  enter<T>(run: () => T): T {
    return this.options.realm.context.run(this.sessionScope, run);
  }

  outside<T>(info: Parameters<Engine['outside']>[0], run: () => T): T {
    return this.options.realm.context.run({ kind: 'activity', session: this, info }, run);
  }

  warn(text: string): void {
    this.options.observer?.onWarning?.(text);
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

  isReady(event: DeliveryEvent): boolean {
    return event.t !== 'done' || this.#imports.isLoaded(event.id);
  }

  deliver(event: DeliveryEvent, live: object | undefined): void {
    if (event.t !== 'end') this.now.observe(event.atMs);
    switch (event.t) {
      case 'done':
        return this.#deliverDone(event, live);
      case 'cb':
        this.listeners.heard(event.id);
        if (!this.channels.deliver(event, live)) this.fail(ownerless(shownDelivery(event)));
        return;
      case 'signal':
        this.onSignal?.(event, this.results.read(event.value));
        return;
      case 'cancel':
        this.#deliverCancel();
        return;
      case 'end':
        return;
    }
  }

  #deliverDone(event: Extract<DeliveryEvent, { t: 'done' }>, live: object | undefined): void {
    const call = this.outstanding.take(event.id);
    if (call !== undefined) call.settle(event, live);
    else if (!this.outstanding.wasCancelled(event.id)) this.fail(ownerless(shownDelivery(event)));
  }

  #deliverCancel(): void {
    this.#cancelled = true;
    const error = new ResproutError('SESSION_CANCELLED', 'the session was cancelled', { kept: 'Everything recorded before it' });
    this.#abort.abort(error);
    this.outstanding.cancelAll(error);
  }

  caughtUp(): void {
    this.listeners.settle();
    this.options.observer?.onCaughtUp?.(this.cursor.size);
  }

  /** The recorded run had ended here. */
  endOfHistory(): void {
    const event = this.cursor.peek();
    if (event?.t !== 'end') return;
    const result = this.#result;
    if (result === undefined) {
      const waiting = this.inflight().map(({ id, fn, at }) => ({ id, fn, site: { id: at ?? '', file: '', line: 0, column: 0 } }));
      return (this.fail(lateEnd(this.cursor.issued, waiting)), undefined);
    }
    // As it would be appended now: a result that cannot be recorded fails the program in both runs.
    const replayed = this.#endEvent(result, []);
    if (replayed.how !== event.how) return (this.fail(otherEnd(event.how, this.#shown(result))), undefined);
    if (event.how === 'done' && !isSame(replayed.bytes, event.bytes)) this.warn('the program returned another value than the recorded one');
    this.cursor.advance();
    this.#finish(event);
  }

  #shown(result: Result): string {
    return result.how === 'done' ? 'done' : `failed with ${toError(result.error).message}`;
  }

  /** Appends `end`. What nobody awaited is dropped, and named. */
  end(): void {
    const result = this.#result;
    if (result === undefined || this.#state !== 'open') return;
    this.#state = 'ending';
    const dropped = this.inflight().map(({ fn, at }) => (at === undefined ? fn : `${fn} at ${at}`));
    const event = this.#endEvent(result, dropped);
    this.writer.append(event);
    this.writer.whenDurable(() => this.#finish(event));
  }

  #endEvent(result: Result, dropped: readonly string[]): EndEvent {
    const atMs = this.options.clock.wallMs();
    const common = { t: 'end', atMs, dropped, ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }) } as const;
    const failed = (error: unknown): EndEvent => {
      const { bytes } = this.results.error('the program', error) as { bytes: Uint8Array };
      return { ...common, how: this.#cancelled && codeOf(error) === 'SESSION_CANCELLED' ? 'cancelled' : 'failed', bytes };
    };
    if (result.how === 'failed') return failed(result.error);
    try {
      return { ...common, how: 'done', bytes: this.results.data('the result of the program', result.value) };
    } catch (error) {
      return failed(error);
    }
  }

  #finish(event: EndEvent): void {
    const value = this.results.read(event.bytes);
    const common = { dropped: event.dropped, ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }) };
    this.close();
    this.#outcome.resolve(event.how === 'done' ? { how: 'done', value, ...common } : { how: event.how, error: value, ...common });
  }

  fail(error: unknown): Error {
    const first = this.fatal === undefined;
    this.fatal ??= toError(error);
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
    this.outstanding.clear();
    this.channels.clear();
    this.#abort.abort(new ResproutError('SESSION_ENDED', 'the session has ended'));
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Makes a session. Nothing runs before `run`. */
export function createSession(options: SessionOptions): Session {
  return new RunningSession(options);
}

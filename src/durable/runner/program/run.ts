// The main thread of a runner: one session from START to its end. The order matters (process model):
// 1. The broker thread is started first and never waited for: a program that never yields must not keep it from starting.
// 2. Folder and environment are set at START, before any user module is loaded.
// 3. Everything the program saw is on disk before ENDED or PARKED is said; then this process waits to be ended.
import { onSecretMade } from '../../../base/secret.ts';
import { createAsyncContext } from '../../../platform/engine/async-context.ts';
import { realClock } from '../../../platform/time/clock.ts';
import { saveCompileCache } from '../../../platform/engine/compile-cache.ts';
import { flushOutput } from '../../../platform/process/flush-output.ts';
import { globalObject } from '../../../platform/engine/global-object.ts';
import { Inspector } from '../../../platform/engine/inspector.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { endOwnGroup } from '../../../platform/process/process-group.ts';
import { becomeProgram, onUncaught, useSourceMaps } from '../../../platform/process/program-process.ts';
import { signalNumber } from '../../../platform/process/signal-number.ts';
import { codedError } from '../../../platform/system-error.ts';
import { realTurn } from '../../../platform/time/turn.ts';
import type { Frame } from '../../../wire/frames/frame.ts';
import { HANDLE } from '../../../wire/frames/handles.ts';
import { decodeValue } from '../../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { toError } from '../../../base/errors/errors.ts';
import type { JournalEvent } from '../../journal/events/event.ts';
import { readCounters, readRows, valueFrame } from '../../journal/runner/runner-frames.ts';
import { decodeEvent, encodeEventPieces, splitRowBytes } from '../../journal/events/row-codec.ts';
import { parseStart, plainError, type EndedMessage, type PendingCall, type StartMessage } from '../../journal/runner/runner-messages.ts';
import { Realm } from '../../replay/session/realm.ts';
import type { Scope, Session } from '../../replay/session/session-api.ts';
import type { InflightCall, SessionOutcome } from '../../replay/session/session-report.ts';
import type { SessionSink } from '../../replay/session/session-sink.ts';
import { BrokerClient } from '../channels/broker-client.ts';
import { patchGlobals } from '../globals/index.ts';
import { JournalSink } from '../channels/journal-sink.ts';
import { takeShown } from '../process/index.ts';
import { callInPlace } from './call-in-place.ts';
import { createLocator } from './locate.ts';
import { readOwner, rowsChannel, writeFrame, writeKnown } from '../channels/main-channels.ts';
import { phaseTurn } from './phase-turn.ts';
import { loadProgram } from './program.ts';
import { enterSessionFolder } from './session-folder.ts';
import { SharedWords } from '../channels/shared-words.ts';

/** How long a session that parks waits for its output to be taken. */
const FLUSH_MS = 100;
/** As many as the owner keeps. */
const MOST_SECRETS = 500;
const NO_BYTES = new Uint8Array(0);
/** How long a program may stay away from its event loop after a park request before its next synchronous call does not return. */
const STUCK_MS = 50;

/** What the screen of the command is told. */
type Report =
  | { readonly kind: 'started' | 'caught-up' }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'terminal'; readonly isOpen: boolean; readonly isRaw: boolean }
  | { readonly kind: 'signal'; readonly name: string; readonly isHeard: boolean };

class Runner {
  readonly #words = new SharedWords();
  readonly #broker: BrokerClient;
  readonly #realm: Realm;
  readonly #sink: JournalSink;
  readonly #history: JournalEvent[] = [];
  /** Why the history cannot be read. */
  #badHistory: Error | undefined;
  #start: StartMessage | undefined;
  #session: Session | undefined;
  /** A park or cancel request that came before there was a session. */
  #early: (() => void)[] = [];
  /** Those that the owner was told. */
  readonly #secrets = new Set<string>();
  #isOver = false;
  #isParking = false;
  #parkSeenMs: number | undefined;

  constructor() {
    this.#broker = new BrokerClient(this.#words, {
      onPark: (graceMs) => this.#whenSession(() => this.#park(graceMs)),
      onCancel: () => this.#whenSession(() => this.#session?.cancel()),
      onEnd: () => endOwnGroup(),
    });
    this.#realm = new Realm({
      context: createAsyncContext<Scope>(),
      locate: createLocator(new Inspector()),
      callInPlace,
      globals: globalObject,
      nodeKinds,
    });
    patchGlobals({ realm: this.#realm, use: 'own' });
    this.#sink = new JournalSink({
      channel: rowsChannel,
      turn: realTurn,
      encode: encodeEventPieces,
      takeShown,
      aroundBarrier: (wait) => this.#words.during('barrier', wait),
    });
    onSecretMade((text) => this.#secretMade(text));
    readOwner((frame) => this.#take(frame));
  }

  #take(frame: Frame): void {
    switch (frame.handle) {
      case HANDLE.START:
        this.#start = parseStart(decodeValue(frame.payload));
        return;
      case HANDLE.HISTORY:
        this.#takeHistory(frame.payload);
        return;
      case HANDLE.GO:
        if (this.#start === undefined) endOwnGroup();
        void this.#go(this.#start);
        return;
      case HANDLE.DELIVER:
        this.#deliver(decodeValue(frame.payload));
        return;
      case HANDLE.COMMITTED:
        this.#sink.committed(readCounters(frame.payload).n);
        return;
      default:
    }
  }

  /** Comes before START or behind it. What cannot be read is a reason to refuse the session, not to die. */
  #takeHistory(payload: Uint8Array): void {
    try {
      for (const row of readRows(payload).rows)
        for (const event of splitRowBytes(row.bytes, row.count)) this.#history.push(decodeEvent(event));
    } catch (error) {
      this.#badHistory ??= toError(error);
    }
  }

  async #go(start: StartMessage): Promise<void> {
    try {
      if (this.#badHistory !== undefined) throw this.#badHistory;
      // A program without an entry is what its process runs; another one must not take itself for that, or it would start itself.
      enterSessionFolder(start);
      becomeProgram({ env: start.env, argv: start.argv, file: start.exportName === '' ? start.file : undefined });
      useSourceMaps();
      this.#broker.started(start.session, start.env);
      this.#words.enter('import');
      const program = await loadProgram({
        start,
        history: this.#history,
        realm: this.#realm,
        broker: this.#broker,
        sink: start.mode === 'replay' ? this.#readOnlySink() : this.#recordingSink(start.session),
        turn: phaseTurn(realTurn, this.#words),
        observer: { onWarning: (text) => this.#report({ kind: 'note', text }), onCaughtUp: () => this.#caughtUp() },
        onLive: () => this.#live(start),
        onParkedInSync: () => this.#parkedInSync(),
        onTerminal: (state) => this.#report({ kind: 'terminal', ...state }),
        onSyncEffect: (fn) => this.#syncEffect(fn),
        onUnreadable: (error) => this.#unreadable(error, start),
      });
      this.#session = program.session;
      for (const request of this.#early.splice(0)) request();
      const { session } = program;
      onUncaught({
        onError: (error, how, promise) => session.crash(error, how, promise),
        onHandled: (promise) => void session.enter(() => session.processEvents.emit('rejectionHandled', promise)),
      });
      this.#report({ kind: 'started' });
      realTurn.next(() => saveCompileCache());
      const outcome = await session.run(() => program.main(), { isScript: program.isScript });
      await flushOutput();
      this.#ended(outcome);
    } catch (error) {
      this.#refuse(error, start);
    }
  }

  #refuse(error: unknown, { buildsFolder }: StartMessage): void {
    this.#say({ how: 'refused', bytes: NO_BYTES, dropped: [], problem: plainError(codedError(error, [buildsFolder])) });
  }

  /** Amid the program: it would take the error for one of its own, and the session would end with it. */
  #unreadable(error: unknown, start: StartMessage): never {
    this.#refuse(error, start);
    return this.#words.sleepForEver();
  }

  #ended(outcome: SessionOutcome): void {
    const { how, exitCode, dropped } = outcome;
    // The value itself is in the journal: the owner reads it there.
    this.#say({ how: this.#start?.mode === 'replay' ? 'replayed' : how, bytes: NO_BYTES, exitCode, dropped });
  }

  #say(message: Pick<EndedMessage, 'how' | 'bytes' | 'exitCode' | 'dropped' | 'problem'>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const counts = { session: this.#start?.session ?? '', events: this.#history.length, replayed: this.#history.length };
    writeFrame(valueFrame(HANDLE.ENDED, encodeToBytes({ ...counts, ...message })));
  }

  /** A signal that the command got: the program's, when it listens. */
  #deliver(message: unknown): void {
    const name = typeof message === 'object' && message !== null && 'signal' in message ? String(message.signal) : '';
    const session = this.#session;
    const isHeard = session !== undefined && session.open && !session.replaying && session.processEvents.count(name) > 0;
    if (isHeard) session.signal(name, signalNumber(name));
    this.#report({ kind: 'signal', name, isHeard });
  }

  #report(report: Report): void {
    writeFrame(valueFrame(HANDLE.REPORT, encodeToBytes(report)));
  }

  /** The owner knows it before the program has it: whatever is printed of it afterwards comes to somebody who knows. */
  #secretMade(text: string): void {
    if (this.#secrets.has(text)) return;
    if (this.#secrets.size >= MOST_SECRETS) this.#secrets.clear();
    this.#secrets.add(text);
    this.#words.during('barrier', () => writeKnown(valueFrame(HANDLE.SECRET, encodeToBytes({ text }))));
  }

  #whenSession(run: () => void): void {
    if (this.#session === undefined) this.#early.push(run);
    else run();
  }

  /** Everything recorded was gone through: a replay of a session without an end is over here. */
  #caughtUp(): void {
    if (this.#start?.mode === 'replay') this.#beyond();
    this.#report({ kind: 'caught-up' });
  }

  /** The sink of a session. It is where a program that never comes back to its event loop hears of parking. */
  #recordingSink(session: string): SessionSink {
    const sink = this.#sink.session(session, this.#history.length);
    return {
      ...sink,
      append: (event) => {
        sink.append(event);
        if (event.t === 'sync' && this.#words.isParkAsked && !this.#isParking) this.#parkIfStuck();
      },
    };
  }

  /** The request lies in the event loop too: only a program that has not been there for a while is stopped where it is. */
  #parkIfStuck(): void {
    const nowMs = realClock.monotonicMs();
    this.#parkSeenMs ??= nowMs;
    if (nowMs - this.#parkSeenMs > STUCK_MS) this.#parkedInSync();
  }

  /** The sink of a replay: what would be appended is beyond the history. */
  #readOnlySink(): SessionSink {
    return { append: () => this.#beyond(), whenDurable: (run) => realTurn.next(run), barrier: () => {} };
  }

  /** A replay does nothing that is not in the history, and sees no more of the program. */
  #live({ mode }: StartMessage): void {
    if (mode === 'replay') this.#beyond();
  }

  #beyond(): never {
    this.#say({ how: 'replayed', bytes: NO_BYTES, dropped: [] });
    return this.#words.sleepForEver();
  }

  #park(graceMs: number): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#isParking = true;
    const parking = session.park();
    const tell = (unfinished: readonly InflightCall[]): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      // Output that nobody takes must not keep a session from parking.
      void Promise.race([flushOutput(), realClock.sleep(FLUSH_MS)]).then(() =>
        this.#broker.parked(unfinished.map((call) => pending(call))),
      );
    };
    const limit = realClock.after(graceMs, () => {
      const unfinished = parking.unfinished();
      this.#sink.whenAllDurable(() => tell(unfinished));
    });
    void parking.quiet.then(() => {
      limit.clear();
      this.#sink.whenAllDurable(() => tell([]));
    });
  }

  /** A call inside a program that never comes back to its event loop: everything is put on disk, and the broker speaks for it. */
  #parkedInSync(): void {
    this.#sink.barrier();
    this.#words.setSyncLabel(undefined);
    this.#words.enter('parked');
    this.#words.sleepForEver();
  }

  #syncEffect(fn: string | undefined): void {
    this.#words.setSyncLabel(fn);
    this.#words.enter(fn === undefined ? 'user' : 'sync');
  }
}

function pending({ id, fn, context, site }: InflightCall): PendingCall {
  return { id, label: fn, context, ...(site.line > 0 ? { site } : {}) };
}

/** Begins to serve the owner of this process. */
export function runRunner(): void {
  void new Runner();
}

// One run of one session in one runner, as its owner sees it: from START to the end of the process. Invariants:
//   R1. The first reason wins. What is seen after it changes nothing but what is waited for; a commit that fails is the reason even then:
//       what the runner said last is not on disk.
//   R2. When `ended` resolves, the runner and its process group are gone, its output has been handed over, its rows are committed or refused.
//   R3. EOF on any channel, an exit, a wrong frame and a failed commit all lead to `#finish`: no state in which nobody ends the runner.
//   R4. A reader that takes nothing holds the end back as long as it likes, until somebody asks for the end: then for the grace, at a second
//       request not at all.
import { afterAwake } from '../../base/time/awake.ts';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { Turn } from '../../base/seams/turn.ts';
import type { JournalStore } from '../../durable/journal/journal-store.ts';
import { counterFrame, valueFrame } from '../../durable/journal/runner/runner-frames.ts';
import {
  parseEnded,
  parseSecret,
  type EndedMessage,
  type PendingCall,
  type StartMessage,
} from '../../durable/journal/runner/runner-messages.ts';
import type { ContextState } from '../../base/context-state.ts';
import type { Frame } from '../../wire/frames/frame.ts';
import { FrameReader } from '../../wire/frames/frame-reader.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { SpawnedRunner } from '../runner-process.ts';
import type { JournalRows } from '../store/journal-events.ts';
import { CommitQueue, type ReadRow } from './commit-queue.ts';
import type { ForwardedOutput } from './forward-output.ts';
import { HistoryFeed } from './history-feed.ts';
import { RunnerLink, type LinkService } from './runner-link.ts';
import type { SpaceWait } from './space-wait.ts';
import { endRunner, exitText, onExit, watchChannel } from './runner-end.ts';

/** How one run ended. */
export type RunEnd =
  | { readonly how: 'ended'; readonly message: EndedMessage }
  /** `isComplete` false: the runner could not say it in time, and the journal knows the asynchronous calls. */
  | { readonly how: 'parked'; readonly unfinished: readonly PendingCall[]; readonly isComplete: boolean }
  /** The program did not end within the grace of a cancel request; its finally blocks did not run to their end. */
  | { readonly how: 'cancel-forced' }
  | { readonly how: 'lost'; readonly error: ResproutError };

export interface OwnedRunOptions {
  readonly runner: SpawnedRunner;
  /** Absent in a replay: the runner may append nothing. */
  readonly store?: JournalStore | undefined;
  readonly start: StartMessage;
  /** What the runner is given before it goes on; behind what `feed` has taken. */
  readonly history: JournalRows;
  /** What has sent history to this runner before. Default: nothing has. */
  readonly feed?: HistoryFeed | undefined;
  readonly service: Pick<LinkService, 'farModules' | 'lateModule' | 'ask' | 'log'>;
  readonly clock: Clock;
  readonly turn: Turn;
  readonly space: SpaceWait;
  readonly graceMs: number;
  onCommitted(rows: readonly ReadRow[]): void;
  /** The program has made a Secret. Resolves when it is known wherever something of it is shown; the program waits. Never rejects. */
  onSecret(text: string): Promise<void>;
  /** Something that the runner's main thread tells for the screen. */
  onReport(report: unknown): void;
  /** The program's output: the run is not over before it was handed over. */
  readonly output: readonly ForwardedOutput[];
}

/** How long other signs of an end are collected before the reason is named. */
const COLLECT_MS = 20;
/** How long a closed channel waits for the end of the process behind it, which names the signal: on a busy machine that comes late. */
const EXIT_MS = 500;
const PING_MS = 5000;
const SILENT_PINGS = 6;
/** What comes on top of the user's grace until a runner that does not answer is ended. */
const GRACE_EXTRA_MS = 500;
/** How long a cancel request waits for the end of a replay. */
const REPLAY_MS = 60_000;
const UNREAD_NOTE = 'whoever reads standard output took nothing: the rest of what the program printed was dropped';

/** The owner of one run. Make it, attach requests, await `ended`. */
export class OwnedRun {
  readonly ended: Promise<RunEnd>;
  readonly #options: OwnedRunOptions;
  readonly #queue: CommitQueue | undefined;
  readonly #link: RunnerLink;
  readonly #timers = new Set<TimerHandle>();
  #resolve: (end: RunEnd) => void = () => {};
  #end: RunEnd | undefined;
  #storeError: ResproutError | undefined;
  #collecting = false;
  /** Nothing is read any more: what the runner says cannot be trusted. */
  #deaf = false;
  #parks = 0;
  #askedEnds = 0;
  /** Aborted when the output is not waited for any longer. */
  readonly #hurry = new AbortController();
  #cancelling = false;
  #isReplaying: boolean;
  #cancelLimit: TimerHandle | undefined;

  constructor(options: OwnedRunOptions) {
    this.#options = options;
    // The start event alone is no history.
    this.#isReplaying = options.start.recorded > 1;
    const { runner, store } = options;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (store !== undefined) {
      this.#queue = new CommitQueue({
        store,
        turn: options.turn,
        space: options.space,
        session: options.start.session,
        showFirst: () => {
          for (const one of options.output) one.takeNow();
        },
        toMain: (frame) => void runner.journal.write(frame),
        toBarrier: (frame) => void runner.rows.write(frame),
        onCommitted: (rows) => options.onCommitted(rows),
        onFailed: (error) => {
          this.#storeError = error;
          this.#finish({ how: 'lost', error });
        },
      });
    }
    this.#link = new RunnerLink(
      { ...options.service, parked: ({ unfinished, isComplete }) => this.#finish({ how: 'parked', unfinished, isComplete }) },
      (frame) => void runner.link.write(frame),
    );
    this.#listen();
    void this.#begin();
  }

  /** Asks the session to park; the second time it ends at once. @param isAsked false when nobody did: the program only waits for timers */
  park(isAsked = true): void {
    this.#parks++;
    if (isAsked) this.#askedEnds++;
    if (this.#end !== undefined) return this.#hurryUp();
    if (this.#parks > 1) return this.#finish({ how: 'parked', unfinished: [], isComplete: false });
    this.#link.tell(HANDLE.PARK, { graceMs: this.#options.graceMs });
    this.#after(this.#options.graceMs + GRACE_EXTRA_MS, () => this.#finish({ how: 'parked', unfinished: [], isComplete: false }));
  }

  /** The contexts that the session has open. */
  tree(): Promise<readonly ContextState[]> {
    return this.#link.tree();
  }

  /** Gives a signal to the program, which hears it when it listens. */
  signal(name: string): void {
    if (this.#end === undefined) this.#options.runner.journal.write(valueFrame(HANDLE.DELIVER, encodeToBytes({ signal: name })));
  }

  /** Asks the session to cancel. After the grace the runner is killed. */
  cancel(): void {
    if (this.#cancelling || this.#end !== undefined) return;
    this.#cancelling = true;
    this.#link.tell(HANDLE.CANCEL, { session: this.#options.start.session, graceMs: this.#options.graceMs });
    this.#cancelWithin(this.#isReplaying ? REPLAY_MS : this.#options.graceMs);
  }

  /** The grace is for the program: while it replays what is recorded, it has not heard of the request. */
  #cancelWithin(ms: number): void {
    this.#cancelLimit?.clear();
    this.#cancelLimit = this.#after(ms, () => this.#finish({ how: 'cancel-forced' }));
  }

  /** The end is asked for: what the reader of the output does not take in time is dropped. */
  #hurryUp(): void {
    if (this.#askedEnds > 1) this.#hurry.abort();
    else this.#options.clock.after(this.#options.graceMs, () => this.#hurry.abort(), { background: true });
  }

  #takeReport(report: unknown): void {
    const isCaughtUp = typeof report === 'object' && report !== null && 'kind' in report && report.kind === 'caught-up';
    this.#options.onReport(report);
    if (!isCaughtUp) return;
    this.#isReplaying = false;
    if (this.#cancelling) this.#cancelWithin(this.#options.graceMs);
  }

  #listen(): void {
    const { runner } = this.#options;
    const link = new FrameReader({ peer: 'the runner' });
    const rows = new FrameReader({ peer: 'the runner' });
    this.#read(runner.link, link, (frame) => this.#link.take(frame));
    this.#read(runner.rows, rows, (frame) => this.#takeRows(frame));
    this.#read(runner.journal, undefined, () => {});
    onExit(runner.child, () => this.#lost('process'));
    // It may have gone before anybody listened.
    if (exitText(runner.child) !== undefined) this.#lost('process');
    this.#every(PING_MS, () => {
      if (this.#link.ping() >= SILENT_PINGS) {
        this.#finish({
          how: 'lost',
          error: this.#lostError(`its broker thread has not answered for ${(PING_MS * SILENT_PINGS) / 1000} s`),
        });
      }
    });
  }

  #read(stream: SpawnedRunner['link'], reader: FrameReader | undefined, take: (frame: Frame) => void): void {
    watchChannel(stream, {
      onData: (bytes) => {
        if (this.#deaf) return;
        try {
          if (reader === undefined) throw new ResproutError('WIRE_BAD_FRAME', 'the runner wrote on the channel that it only reads');
          for (const frame of reader.push(bytes)) take(frame);
        } catch (error) {
          this.#deaf = true;
          this.#finish({ how: 'lost', error: this.#protocolError(toError(error)) });
        }
      },
      onEnd: () => this.#lost('channel'),
    });
  }

  #takeRows(frame: Frame): void {
    if (frame.handle === HANDLE.APPEND) {
      if (this.#queue === undefined) throw new ResproutError('WIRE_BAD_FRAME', 'a replay wanted to append');
      this.#queue.take(frame.payload);
    } else if (frame.handle === HANDLE.ENDED) {
      const message = parseEnded(decodeValue(frame.payload));
      if (message.session !== this.#options.start.session)
        throw new ResproutError('WIRE_BAD_FRAME', 'another session was said to have ended');
      this.#finish({ how: 'ended', message });
    } else if (frame.handle === HANDLE.REPORT) {
      this.#takeReport(decodeValue(frame.payload));
    } else if (frame.handle === HANDLE.SECRET) {
      void this.#options
        .onSecret(parseSecret(decodeValue(frame.payload)))
        .then(() => this.#options.runner.rows.write(counterFrame(HANDLE.KNOWN, 0)));
    } else throw new ResproutError('WIRE_BAD_FRAME', `a frame of kind ${frame.handle} came with the rows`);
  }

  /** START lies there before the runner asks for it, beside what of its history was sent already; the rest waits for a slow reader. */
  async #begin(): Promise<void> {
    const { runner, start, history, clock } = this.#options;
    const feed = this.#options.feed ?? new HistoryFeed(runner, clock);
    try {
      await feed.send(valueFrame(HANDLE.START, encodeToBytes(start)));
      for await (const row of history) {
        const taken = feed.take(row);
        if (taken !== undefined) await taken;
      }
      await feed.flush();
      await feed.send(valueFrame(HANDLE.GO));
    } catch (thrown) {
      const error = toError(thrown);
      this.#finish({
        how: 'lost',
        error:
          error instanceof ResproutError
            ? error
            : new ResproutError('STORE_IO', `the history could not be read: ${error.message}`, {}, { cause: error }),
      });
    }
  }

  #lost(what: 'process' | 'channel'): void {
    if (this.#end !== undefined) return;
    // The end of the process comes after its channels, and says more than they do.
    if (what === 'process') this.#after(this.#collecting ? 0 : COLLECT_MS, () => this.#reportLost());
    else if (!this.#collecting) this.#timers.add(afterAwake(this.#options.clock, EXIT_MS, () => this.#reportLost()));
    this.#collecting = true;
  }

  #reportLost(): void {
    this.#finish({ how: 'lost', error: this.#lostError(exitText(this.#options.runner.child) ?? 'it closed a channel') });
  }

  #lostError(saw: string): ResproutError {
    const { session } = this.#options.start;
    return new ResproutError('RUNNER_LOST', `the process that ran session ${session} is gone: ${saw}`, {
      tried: `run session ${session}`,
      saw,
      kept: 'Everything the program saw is in the journal',
      do: `resprout resume ${session}`,
    });
  }

  #protocolError(error: Error): ResproutError {
    return new ResproutError(
      'REMOTE_PROTOCOL',
      `the process that ran session ${this.#options.start.session} broke the protocol and was ended: ${error.message}`,
      {
        tried: 'read what the runner sent',
        saw: error.message,
        kept: 'Nothing of the wrong message is in the journal',
        do: `Do not use the file descriptors 3 to 5 in the program, then: resprout resume ${this.#options.start.session}`,
      },
      { cause: error },
    );
  }

  #finish(end: RunEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const timer of this.#timers) timer.clear();
    this.#timers.clear();
    this.#link.close();
    void this.#teardown(end);
  }

  async #teardown(end: RunEnd): Promise<void> {
    const { runner, clock, output } = this.#options;
    const isGentle = end.how === 'ended' || (end.how === 'parked' && this.#parks < 2);
    if (this.#askedEnds > 0 || this.#cancelling) this.#hurryUp();
    // What has arrived is committed while the runner ends: its last word counts, and a slow store keeps nobody from ending it.
    const committed = this.#queue?.drain();
    // A killed runner may have rows under way: they are read to their end, so that what it recorded counts.
    const askFirst = isGentle ? (): void => this.#link.tell(HANDLE.SHUTDOWN, {}) : undefined;
    await endRunner(runner, { clock, askFirst, output, hurry: this.#hurry.signal });
    if (output.some((one) => one.isBlocked())) this.#options.onReport({ kind: 'note', text: UNREAD_NOTE });
    await committed;
    await this.#queue?.drain();
    this.#queue?.stop();
    this.#resolve(this.#storeError === undefined ? end : { how: 'lost', error: this.#storeError });
  }

  #after(ms: number, run: () => void): TimerHandle {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  #every(ms: number, run: () => void): void {
    this.#after(ms, () => {
      run();
      if (this.#end === undefined) this.#every(ms, run);
    });
  }
}

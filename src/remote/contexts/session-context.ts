// Contexts of sessions: each call is recorded, nothing is opened on replay, a lost process is opened again at the next call that is made.
// Invariants:
//   S1. What a program can read of a Context comes from delivered events: `info` changes only when an event with new facts is delivered.
//   S2. A lost link is never a result: the call is made again on a new process, with the same idempotency key, until the tries are used up.
//   S3. Refusals of a function or of an argument are thrown before anything is recorded.
import { ResproutError } from '../../base/errors/errors.ts';
import type { TargetVars } from '../../base/inventory/inventory.ts';
import { recorder, registerOwn, type IdentifiedFunction, type Recorder } from '../../base/recorder.ts';
import type { Secret } from '../../base/secret.ts';
import type { Site } from '../../base/site.ts';
import { CallLimits, checkCallOptions } from '../calls/call-limits.ts';
import { callerStack } from '../caller-stack.ts';
import type { ChannelReader } from '../child/core/channels/channel-reading.ts';
import { bothSignals } from '../calls/both-signals.ts';
import { checkSize } from '../calls/check-size.ts';
import { isLinkLoss } from '../calls/lost-error.ts';
import { identifyOwn, type OwnCall, type OwnCaller, type OwnWork } from '../calls/own-calls.ts';
import { crossesAsContext } from '../child/core/calls/crossing.ts';
import { createShell, type Shell } from '../commands/shell.ts';
import type { Ask } from '../connect/index.ts';
import type { Caller, Context } from './context.ts';
import type { Crossed, Sendable } from '../../base/crossed.ts';
import { createFiles, type Files } from '../files/files.ts';
import type { ContextFacts } from '../hosts/host.ts';
import { refusedDetach } from '../detached/detach-far.ts';
import type { DetachOptions } from '../detached/options.ts';
import type { Opened, Opening } from './opening.ts';
import { closeGraceMs, type CloseOptions } from '../calls/close-options.ts';
import type { CallOptions } from '../calls/call-options.ts';
import type { CallOrigin } from '../calls/call-origin.ts';
import { Semaphore } from '../calls/semaphore.ts';
import { SessionStream } from './session-stream.ts';

/** Pauses before a lost context is opened again. */
const REOPEN_MS = [1000, 5000, 30_000];

/** What the event of a call holds. */
interface Delivered {
  readonly value?: unknown;
  /** Number of a stream in place of a value. */
  readonly stream?: number | undefined;
  /** Facts of the process, when it is not the one that the session knows. */
  readonly facts?: ContextFacts | undefined;
}

/** Options of one `with`. */
interface With extends Pick<OwnCall, 'finish' | 'finishSteps' | 'isOnce'> {
  readonly options: CallOptions;
  readonly own: Semaphore | undefined;
  readonly chain: string | undefined;
}

const PLAIN: With = { options: {}, own: undefined, chain: undefined };

/** What an opening gets beside its recipe. */
interface OpenHow {
  readonly ask: Ask | undefined;
  readonly signal: AbortSignal | undefined;
  readonly site: Site | undefined;
}

type RunCall = <R>(fn: unknown, args: readonly unknown[], place: Error) => Promise<Crossed<Awaited<R>>>;

/** What `with` gives: a class, so that the session knows its calls for ours. */
class SessionCaller implements Caller {
  readonly #run: RunCall;

  constructor(run: RunCall) {
    this.#run = run;
  }

  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<Crossed<Awaited<R>>> {
    return this.#run<R>(fn, args, new Error());
  }
}

/** A Context that a session made. Outside of the session, inside one of its activities, it works without being recorded. */
export class SessionContext implements Context, OwnCaller {
  readonly #owner: Recorder;
  /** @internal What is behind it. */
  readonly opening: Opening;
  readonly #limits = new CallLimits();
  readonly #readers = new Map<number, { readonly reader: ChannelReader; readonly from: Opened }>();
  #facts: ContextFacts | undefined;
  #opened: Promise<void> | undefined;
  #isClosed = false;
  #shell: Shell | undefined;
  #files: Files | undefined;
  #nextReader = 1;
  #nextChain = 1;

  constructor(owner: Recorder, opening: Opening) {
    this.#owner = owner;
    this.opening = opening;
    crossesAsContext(this, () => ({ id: this.opening.last?.id ?? 0, name: this.name }));
  }

  get name(): string {
    return this.opening.recipe.name;
  }

  get vars(): TargetVars {
    return this.opening.vars;
  }

  get info(): ContextFacts {
    if (this.#facts === undefined) throw this.opening.notOpen();
    return this.#facts;
  }

  /** The one `open` event of this recipe; called by the openers. @param how.site when it was asked for elsewhere */
  open(session: Recorder, how: OpenHow): Promise<void> {
    if (this.#isClosed) this.#opened = undefined;
    this.#opened ??= session
      .record({
        fn: `open ${this.name}`,
        args: [this.opening.recipe],
        site: how.site ?? session.site(),
        run: (_key, signal) => this.#openOnce(signal, how),
      })
      .then(
        (facts) => {
          this.#facts = facts;
          this.#setClosed(false);
        },
        (error: unknown) => {
          this.#opened = undefined;
          throw error;
        },
      );
    return this.#opened;
  }

  async #openOnce(end: AbortSignal, { ask, signal }: OpenHow): Promise<ContextFacts> {
    const both = bothSignals(signal, end);
    try {
      return await this.#open(both.signal, ask);
    } finally {
      both.dispose();
    }
  }

  /** An opening that is cut off has done nothing there: it is made again as a call is. Refusals are told at once. */
  async #open(signal: AbortSignal, ask: Ask | undefined): Promise<ContextFacts> {
    for (let tries = 0; ; tries++) {
      try {
        return (await this.opening.open(signal, ask)).facts;
      } catch (error) {
        if (!(error instanceof ResproutError) || error.code !== 'REMOTE_LOST' || signal.aborted) throw error;
        await this.#pause(tries, this.name, error, signal);
      }
    }
  }

  /** Waits before another try. @throws REMOTE_LOST when the tries are used up */
  #pause(tries: number, what: string, error: ResproutError, signal: AbortSignal | undefined): Promise<void> {
    const pauseMs = REOPEN_MS[tries];
    if (pauseMs === undefined) throw givenUp(what, error);
    return this.opening.side.clock.sleep(pauseMs, signal);
  }

  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<Crossed<Awaited<R>>> {
    return this.#call(fn, args, PLAIN, new Error());
  }

  with(options: CallOptions): Caller {
    checkCallOptions(options);
    const own = options.concurrency === undefined ? undefined : new Semaphore(options.concurrency);
    const chain = options.chain === undefined ? undefined : `${options.chain}#${this.#nextChain++}`;
    return new SessionCaller((fn, args, place) => this.#call(fn, args, { options, own, chain }, place));
  }

  /** @internal A call that was asked for elsewhere. */
  callFrom<R>({ place, site }: CallOrigin, fn: unknown, args: readonly unknown[], options: CallOptions): Promise<Crossed<Awaited<R>>> {
    return this.#call(fn, args, { options, own: undefined, chain: undefined }, place, site);
  }

  get $(): Shell {
    return (this.#shell ??= createShell(this));
  }

  get files(): Files {
    return (this.#files ??= createFiles(this));
  }

  async close(options?: CloseOptions): Promise<void> {
    const graceMs = closeGraceMs(options);
    const run = async (): Promise<undefined> => {
      await this.opening.close(graceMs);
      return undefined;
    };
    const session = recorder();
    if (session === undefined) {
      await run();
      return;
    }
    await session.record({ fn: `close ${this.name}`, args: [], site: session.site(), run });
    this.#setClosed(true);
  }

  /** What the program was told. */
  #setClosed(isClosed: boolean): void {
    this.#isClosed = isClosed;
    this.opening.isClosed = isClosed;
  }

  /** What a session records of a context would not stay true when another program has it, and its token would stand in the journal. */
  detach(_options: DetachOptions): Promise<Secret> {
    return Promise.reject(refusedDetach(this.name, 'it is a context of a session', 'Detach it from a program that is not a session'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #call<R>(fn: unknown, args: readonly unknown[], how: With, place: Error, from?: Site): Promise<Crossed<Awaited<R>>> {
    const site = from ?? recorder()?.site();
    return (await this.#make(this.#owner.identify(fn), args, how, place, site)) as Crossed<Awaited<R>>;
  }

  /** @internal A call of a function of ours. */
  callOwn(call: OwnCall): Promise<unknown> {
    const { args, finish, finishSteps, isOnce, place, signal, site, timeoutMs } = call;
    return this.#make(identifyOwn(call), args, { ...PLAIN, options: { signal, timeoutMs }, finish, finishSteps, isOnce }, place, site);
  }

  /** @internal Work of several such calls: one event. */
  async workOwn<T>({ args, label, run, signal, site }: OwnWork<T>): Promise<T> {
    const session = recorder();
    const what = `${this.name}: ${label}`;
    if (session === undefined) return await run(signal ?? new AbortController().signal);
    this.#checkOpen(what);
    const work = (_key: string, ended: AbortSignal): Promise<Delivered> => this.#work(what, run, signal, ended);
    const delivered = await session.record<Delivered>({ fn: label, context: this.name, args, site, run: work });
    if (delivered.facts !== undefined) this.#facts = delivered.facts;
    return delivered.value as T;
  }

  async #work(what: string, run: OwnWork<unknown>['run'], signal: AbortSignal | undefined, ended: AbortSignal): Promise<Delivered> {
    const both = bothSignals(signal, ended);
    try {
      for (let tries = 0; ; tries++) {
        try {
          const value = await run(both.signal);
          const { last } = this.opening;
          return last === undefined ? { value } : this.#withFacts(last, { value });
        } catch (error) {
          if (!isLinkLoss(error) || both.signal.aborted) throw error;
          this.#checkReopen(what);
          await this.#pause(tries, what, error, both.signal);
        }
      }
    } finally {
      both.dispose();
    }
  }

  /** What an event holds, with the facts of the process where they are news to the session. */
  #withFacts({ facts }: Opened, delivered: Delivered): Delivered {
    const isKnown = facts.generation === this.#facts?.generation && facts.pid === this.#facts.pid;
    return isKnown ? delivered : { ...delivered, facts };
  }

  #checkOpen(what: string): void {
    if (this.#isClosed)
      throw new ResproutError('REMOTE_CLOSED', `${what}: the context was closed by this program`, { tried: `call ${what}` });
  }

  async #make(identified: IdentifiedFunction, args: readonly unknown[], how: With, place: Error, site: Site | undefined): Promise<unknown> {
    const session = recorder();
    const what = `${this.name}: ${identified.label}`;
    if (session === undefined) return (await this.#run(identified, args, how, place, undefined, undefined, false)).value;
    this.#checkOpen(what);
    checkSize(args, what, place);
    const delivered = await session.record<Delivered>({
      fn: identified.label,
      context: this.name,
      args,
      site,
      run: (key, signal) => this.#run(identified, args, how, place, key, signal, true),
    });
    if (delivered.facts !== undefined) this.#facts = delivered.facts;
    if (delivered.stream === undefined) return delivered.value;
    const number = delivered.stream;
    return new SessionStream(identified.label, site, () => this.#reader(number));
  }

  /** Makes a call, and makes it again while its context gets lost. Runs outside the session. */
  // oxlint-disable-next-line max-params -- one call
  async #run(
    identified: IdentifiedFunction,
    args: readonly unknown[],
    how: With,
    place: Error,
    key: string | undefined,
    signal: AbortSignal | undefined,
    isRecorded: boolean,
  ): Promise<Delivered> {
    const what = `${this.name}: ${identified.label}`;
    for (let tries = 0; ; tries++) {
      let opened: Opened | undefined;
      try {
        this.#checkReopen(what);
        this.opening.seen(this.#facts?.generation);
        opened = await this.opening.live(signal);
        const delivered = await this.#once(opened, what, identified, args, how, place, key, signal, isRecorded);
        return this.#withFacts(opened, delivered);
      } catch (error) {
        const isLost = error instanceof ResproutError && (opened === undefined ? REOPEN_AFTER.includes(error.code) : isLinkLoss(error));
        const mayRepeat = isLost && (opened === undefined || how.isOnce !== true);
        if (!mayRepeat || signal?.aborted === true) throw error;
        this.#checkReopen(what);
        await this.#pause(tries, what, error, signal);
      }
    }
  }

  /** `reopen: 'fail'`: a process that the session has seen is never replaced by another one. */
  #checkReopen(what: string): void {
    const { last, settings } = this.opening;
    const isGone = last === undefined ? this.#facts !== undefined : last.lost !== undefined;
    if (settings.reopen !== 'fail' || !isGone) return;
    const saw = last?.lost?.reason ?? 'the process that held it ended';
    throw new ResproutError('LIVE_OBJECT_LOST', `${what}: the context is lost and is not to be opened again`, {
      tried: `call ${what}`,
      saw,
    });
  }

  // oxlint-disable-next-line max-params -- one call
  async #once(
    opened: Opened,
    what: string,
    identified: IdentifiedFunction,
    args: readonly unknown[],
    { chain, finish, finishSteps, options, own }: With,
    place: Error,
    key: string | undefined,
    signal: AbortSignal | undefined,
    isRecorded: boolean,
  ): Promise<Delivered> {
    const { side } = this.opening;
    const readers: AsyncIterable<unknown>[] = [];
    let number: number | undefined;
    const wrapReader = (raw: ChannelReader): AsyncIterable<unknown> => {
      const reader = finishSteps?.(raw) ?? raw;
      if (!isRecorded) return side.iterable(reader);
      number = this.#nextReader++;
      this.#readers.set(number, { reader, from: opened });
      const standIn = side.iterable(reader);
      readers.push(standIn);
      return standIn;
    };
    const both = bothSignals(options.signal, signal);
    const order = (): Promise<unknown> =>
      side.call({
        id: opened.id,
        name: this.name,
        identified,
        args,
        signal: both.signal,
        timeoutMs: options.timeoutMs,
        chain,
        idempotencyKey: key,
        errorClass: (name) => this.#owner.errorClass(name, identified.address),
        stack: () => callerStack(place),
        isRecorded,
        wrapReader,
      });
    try {
      const value = await (chain === undefined ? this.#limits.run(what, own, both.signal, order) : this.#limits.runChained(what, order));
      if (readers.length === 0) return { value: finish === undefined ? value : finish(value) };
      if (readers.length === 1 && readers[0] === value) return { stream: number };
      throw new ResproutError('JOURNAL_VALUE_UNRECORDABLE', `${what} returned a stream inside of a value`, {
        do: 'Return the stream alone',
      });
    } finally {
      both.dispose();
    }
  }

  /** The reader of a stream, if this process still has it. */
  #reader(number: number): ChannelReader | undefined {
    const entry = this.#readers.get(number);
    if (entry === undefined || entry.from.lost !== undefined) return undefined;
    const { side } = this.opening;
    return { next: () => side.hold(entry.reader.next()), return: (value) => side.hold(entry.reader.return(value)) };
  }
}

/** Errors of an opening that may pass. */
const REOPEN_AFTER: readonly string[] = ['REMOTE_CONNECT_FAILED', 'REMOTE_CONNECT_TIMEOUT', 'REMOTE_LOST'];

function givenUp(what: string, error: ResproutError): ResproutError {
  const text = `${what}: the context was lost and ${REOPEN_MS.length} more tries did not help`;
  const { saw = error.message } = error.problem;
  return new ResproutError('REMOTE_LOST', text, { tried: what, saw }, { cause: error });
}

registerOwn(SessionContext, SessionCaller);

// The program's side of calls: sends them, waits for answers, and knows which contexts are gone.
// Invariants:
//   C1. Every call ends: with its answer, its limit, its signal, or the end of its context.
//   C2. While a call or a stream step is under way the process stays alive; otherwise open contexts do not hold it.
import { afterAwake } from '../../base/time/awake.ts';
import { contextId, type ContextId } from '../../base/brand.ts';
import type { Clock } from '../../base/seams/clock.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';
import type { ErrorCode } from '../../base/errors/error-codes.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { joinedStack, markFar } from '../../base/errors/far-errors.ts';
import { isError } from '../../base/errors/is-error.ts';
import type { IdentifiedFunction } from '../../base/recorder.ts';
import { DEAD, HANDLE } from '../../wire/frames/handles.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { ErrorConstructorLike } from '../../wire/values/value-options.ts';
import { iterableOf, type ChannelReader, type ChannelReading } from '../child/core/channels/channel-reading.ts';
import { Channels } from '../child/core/channels/channels.ts';
import { type ContextReference, Crossing, signalsIssued, skipSignals } from '../child/core/calls/crossing.ts';
import { Mailboxes } from '../child/core/messages/mailboxes.ts';
import type { Message } from '../child/core/messages/messages.ts';
import { deadText, parseResult } from '../child/core/messages/parse.ts';
import { callerPlace } from '../caller-stack.ts';
import { refusedDetach } from '../detached/detach-far.ts';
import type { DetachOptions } from '../detached/options.ts';
import type { DetachedPlace } from '../detached/token.ts';
import type { Host, LostReport } from '../hosts/host.ts';
import { Callees } from './callees.ts';
import { chainsIssued, skipChains } from './chain-numbers.ts';
import { linkLoss, lostError } from './lost-error.ts';

/** Time between a negative answer and the report of the context's end. */
const REPORT_MS = 3000;

/** One call, ready to be sent. */
export interface CallOrder {
  readonly id: ContextId;
  /** Name of the context, for messages. */
  readonly name: string;
  readonly identified: IdentifiedFunction;
  readonly args: readonly unknown[];
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** The file that has to be there first; that of the function when absent. */
  readonly ships?: { readonly build: string; readonly file: string } | undefined;
  readonly chain?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly errorClass?: ((name: string) => ErrorConstructorLike | undefined) | undefined;
  /** Whether what it throws is recorded. */
  readonly isRecorded?: boolean | undefined;
  /** Frames of the caller, one a line, to be shown below the far stack. Asked for when the call fails: writing them costs more than a small call. */
  stack(): string;
  readonly wrapReader?: ((reader: ChannelReader, channel: number) => AsyncIterable<unknown>) | undefined;
}

/** Calls of one program over one host. */
export class CallSide {
  readonly host: Host;
  readonly clock: Clock;
  readonly #mailboxes: Mailboxes;
  readonly #channels: Channels;
  readonly #reports = new Map<ContextId, Deferred<LostReport>>();
  readonly #signals = new Map<string, AbortController>();
  readonly #callees = new Callees();
  /** Streams of contexts that are read here, count. */
  readonly #streams = new Map<ContextId, number>();
  #underWay = 0;
  /** Messages that could not be read. */
  dropped = 0;
  /** Finds the Context of a reference that comes back; set by the table of contexts. */
  findContext: ((reference: ContextReference) => object) | undefined;

  constructor(host: Host, clock: Clock) {
    this.host = host;
    this.clock = clock;
    this.#mailboxes = new Mailboxes(host.id);
    this.#channels = new Channels({ mailboxes: this.#mailboxes, send: (message) => host.send(message) });
    host.onMessage((message) => this.#receive(message));
    host.onLost((id, report) => {
      this.report(id).resolve(report);
      this.#mailboxes.lost(id);
      this.#channels.lost(id);
      this.#callees.lost(id);
      this.#streams.delete(id);
    });
  }

  /** Lets a context live on without this program. @throws ResproutError REMOTE_DETACH_REFUSED, REMOTE_LOST */
  async detach(id: ContextId, name: string, { leaseMs, signal }: DetachOptions): Promise<DetachedPlace> {
    if (this.host.detach === undefined)
      throw refusedDetach(name, 'contexts of a session end with it', 'Detach it from a program that is not a session');
    const streams = (this.#streams.get(id) ?? 0) + this.#channels.offeredTo(id);
    if (streams > 0) throw refusedDetach(name, `${streams} of its streams are open`, 'Read them to their end, or leave their loops');
    const issued = Math.max(this.#mailboxes.issued, this.#channels.issued, signalsIssued(), chainsIssued()) + 1;
    return await this.hold(this.host.detach(id, { leaseMs, issued, signal }));
  }

  /** A context has come that another program had detached, or this one: what was said of its id is over, and late answers to others find nobody. */
  attached({ id, issued }: DetachedPlace): void {
    this.#reports.delete(contextId(id));
    this.#mailboxes.skip(issued);
    this.#channels.skip(issued);
    skipSignals(issued);
    skipChains(issued);
  }

  /** Resolves when a context is gone. */
  report(id: ContextId): Deferred<LostReport> {
    let report = this.#reports.get(id);
    if (report === undefined) this.#reports.set(id, (report = deferred()));
    return report;
  }

  /** Keeps the process alive until the promise has settled. */
  async hold<T>(work: Promise<T>): Promise<T> {
    if (this.#underWay++ === 0) this.host.hold(true);
    try {
      return await work;
    } finally {
      if (--this.#underWay === 0) this.host.hold(false);
    }
  }

  /** Sends a call and waits for its answer. */
  call(order: CallOrder): Promise<unknown> {
    return this.hold(this.#call(order));
  }

  async #call(order: CallOrder): Promise<unknown> {
    const { id, identified, signal } = order;
    const what = `${order.name}: ${identified.label}`;
    if (signal?.aborted === true) throw aborted(what, signal.reason);
    const crossing = new Crossing(
      {
        channels: this.#channels,
        send: (message) => this.host.send(message),
        context: (reference) => this.findContext?.(reference) ?? reference,
        wrapReader: (reader, channel) => order.wrapReader?.(reader, channel) ?? this.iterable(reader),
      },
      id,
      this.#signals,
      {
        errorClass: order.errorClass,
        onError: (error) => markFar(error, order.name),
        // The signal of the call is that of the streams that it gave, for as long as they are read.
        onReader: (reader) => this.#reads(id, reader, abortWith(signal, reader, what)),
        lost: () => linkLoss(new ResproutError('REMOTE_LOST', `${what}: the context went away before the end of the stream`)),
      },
    );
    const answer = deferred<Message>();
    const replyTo = this.#mailboxes.open(id, answer.resolve);
    const stop = (error: ResproutError): void => {
      const payload = encodeToBytes({ kind: 'call', target: replyTo, reason: crossing.encodeError(error) });
      this.host.send({ dst: id, handle: HANDLE.ABORT, replyTo: 0, payload });
      answer.reject(error);
    };
    const onAbort = (): void => stop(aborted(what, signal?.reason));
    const { timeoutMs } = order;
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.clock.after(timeoutMs, () => {
            stop(new ResproutError('REMOTE_CALL_TIMEOUT', `${what} did not answer within ${timeoutMs} ms`, { tried: `call ${what}` }));
          });
    try {
      const args = crossing.encode(order.args, 'arguments');
      const { address } = identified;
      const { callee, answered } = this.#callees.of(id, identified);
      const { chain, idempotencyKey } = order;
      const payload = encodeToBytes(
        idempotencyKey === undefined && chain === undefined ? { ...callee, args } : { ...callee, args, chain, idempotencyKey },
      );
      const ships = order.ships ?? (address.kind === 'builtin' ? undefined : { build: address.build, file: address.file });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.host.send({ dst: id, handle: HANDLE.CALL, replyTo, payload }, ships);
      const message = await answer.promise;
      if (message.replyTo === DEAD) throw await this.#lost(id, what, deadText(message.payload));
      const { bytes, ok } = parseResult(message.payload);
      answered();
      if (ok) return crossing.decode(bytes);
      throw joined(crossing.decodeError(bytes, order.isRecorded === true), what, order.stack());
    } catch (error) {
      throw unsendable(error, what, () => order.stack());
    } finally {
      timer?.clear();
      signal?.removeEventListener('abort', onAbort);
      this.#mailboxes.close(replyTo);
      crossing.dispose();
    }
  }

  #reads(id: ContextId, reader: ChannelReading, onEnd: () => void): void {
    this.#streams.set(id, (this.#streams.get(id) ?? 0) + 1);
    reader.onEnd = () => {
      this.#streams.set(id, (this.#streams.get(id) ?? 1) - 1);
      onEnd();
    };
  }

  /** A stream of a plain call. */
  iterable(reader: ChannelReader): AsyncIterableIterator<unknown, unknown> {
    return iterableOf({ next: () => this.hold(reader.next()), return: (value) => this.hold(reader.return(value)) });
  }

  async #lost(id: ContextId, what: string, why: string): Promise<ResproutError> {
    const late = deferred<undefined>();
    const timer = afterAwake(this.clock, REPORT_MS, () => late.resolve(undefined));
    const report = await Promise.race([this.report(id).promise, late.promise]);
    timer.clear();
    return lostError(what, report, why);
  }

  /** Whatever a far side sends ends nothing here: what cannot be read is dropped and counted. */
  #receive(message: Message): void {
    try {
      this.#onMessage(message);
    } catch {
      this.dropped++;
    }
  }

  #onMessage(message: Message): void {
    if (message.handle === HANDLE.CHANNEL_CREDIT) this.#channels.onPull(message);
    else if (message.handle !== HANDLE.ABORT) this.#mailboxes.receive(message);
  }
}

function abortWith(signal: AbortSignal | undefined, reader: ChannelReading, what: string): () => void {
  const onAbort = (): void => reader.abort(aborted(what, signal?.reason));
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => signal?.removeEventListener('abort', onAbort);
}

function aborted(what: string, reason: unknown): ResproutError {
  return new ResproutError('REMOTE_CALL_ABORTED', `${what} was aborted by its signal`, { tried: `call ${what}` }, { cause: reason });
}

/** Errors of a value that is written. */
const UNSENDABLE: readonly ErrorCode[] = ['REMOTE_VALUE_UNSENDABLE', 'WIRE_LIMIT'];

/** Says in which call, made where, a value could not be sent. @param stack frames of the caller */
export function unsendable(error: unknown, what: string, stack: () => string): unknown {
  if (!(error instanceof ResproutError) || !UNSENDABLE.includes(error.code) || error.message.startsWith(what)) return error;
  if (error.far !== undefined) {
    // It stays an error of the far side.
    Object.defineProperty(error, 'message', { value: `${what}: ${error.message}`, enumerable: false, writable: true, configurable: true });
    return error;
  }
  const problem = { at: callerPlace(stack()), ...error.problem, tried: `call ${what}` };
  return new ResproutError(error.code, `${what}: ${error.message}`, problem, { cause: error });
}

/** An error of the far side with the place of the call below its own stack. */
function joined(thrown: unknown, what: string, stack: string): unknown {
  if (!isError(thrown)) return thrown;
  const value = joinedStack(thrown.stack ?? '', what, stack);
  Object.defineProperty(thrown, 'stack', { value, enumerable: false, writable: true, configurable: true });
  return thrown;
}

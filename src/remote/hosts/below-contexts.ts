// Contexts that were opened through another one: their processes belong to the intermediary, their calls go straight to them.
// Invariants:
//   W1. A route is taken only for an id that was given to this intermediary and is still expected.
//   W2. An intermediary speaks for the contexts that were opened through it, and for no others.
import type { ContextId } from '../../base/brand.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';
import type { ErrorCode } from '../../base/errors/error-codes.ts';
import { isResproutError, ResproutError } from '../../base/errors/errors.ts';
import { problemFields } from '../../base/errors/far-errors.ts';
import { isError } from '../../base/errors/is-error.ts';
import { DEAD, HANDLE } from '../../wire/frames/handles.ts';
import { LIMITS } from '../../wire/limits.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { deadText, parseHello, parseResult } from '../child/core/messages/parse.ts';
import type { HelloMessage, Message } from '../child/core/messages/messages.ts';
import { type Ask, connectLimitMs, describeRecipe, farStdioOf } from '../connect/index.ts';
import { parseAbout, parseAsk, parseEnded, parsePush } from '../intermediary/connect-messages.ts';
import { errorClassOf } from './error-class-of.ts';
import { type FarStart, FarStartup } from '../processes/far-process.ts';
import type { HostBrokerParts } from './host-broker-parts.ts';
import type { LostReport } from './host.ts';

/** How the report of a context begins that went with the one that it was opened through. */
export const THROUGH = 'the context that it was opened through';

/** Time between the end of a route and the report of the intermediary. */
const REPORT_MS = 3000;
/** Over the limit of the connect itself: the way to the intermediary and back. */
const MARGIN_MS = 5000;
/** A push of a Node through an intermediary; what does not move there ends sooner. */
const MOST_PUSH_MS = 3_600_000;
/** Of a message of an intermediary, characters. */
const MOST_CHARS = 8192;

/** What an intermediary may say of an opening that failed: it tries, and it alone sees why it failed. */
const TOLD: readonly ErrorCode[] = [
  'REMOTE_AUTH_FAILED',
  'REMOTE_AUTH_NEEDED',
  'REMOTE_CONNECT_FAILED',
  'REMOTE_CONNECT_TIMEOUT',
  'REMOTE_EXITED',
  'REMOTE_HOST_KEY_CHANGED',
  'REMOTE_HOST_KEY_UNKNOWN',
  'REMOTE_LOST',
  'REMOTE_NODE_MISSING',
  'REMOTE_NODE_TOO_OLD',
  'REMOTE_TARGET_INVALID',
];

/** An opening that failed, as the intermediary tells it: its words, and the advice of this side. */
function refusedBelow(what: string, told: unknown): ResproutError {
  const code = isResproutError(told) ? TOLD.find((known) => known === told.code) : undefined;
  const message = isError(told) ? String(told.message as unknown) : 'the context that it is opened through does not say why';
  const { saw } = isResproutError(told) ? problemFields(told.problem, ['saw']) : {};
  return new ResproutError(code ?? 'REMOTE_CONNECT_FAILED', message.slice(0, MOST_CHARS), { tried: `open ${what}`, saw });
}

/** A context to be opened through another one. */
export interface BelowStart extends FarStart {
  readonly via: ContextId;
  readonly ask: Ask | undefined;
  readonly canForget: (report: LostReport) => void;
}

interface Below {
  readonly start: BelowStart;
  readonly ended: Deferred<LostReport>;
  /** Ends the opening with an error of this side. */
  readonly fail: (error: unknown) => void;
  isTold: boolean;
}

/** The contexts below the children of this process that it opened itself. */
export class BelowContexts {
  readonly #parts: HostBrokerParts;
  readonly #below = new Map<ContextId, Below>();
  /** Parts that an intermediary has already. */
  readonly #sent = new Map<ContextId, Set<string>>();

  readonly #mostBelow: number;

  /** @param mostBelow contexts that may be below one child of this process: what routers take, less the child itself */
  constructor(parts: HostBrokerParts, mostBelow: number = LIMITS.routesPerChild - 1) {
    this.#parts = parts;
    this.#mostBelow = mostBelow;
    const { router } = parts;
    router.on(HANDLE.ADD_ROUTE, 'child', ({ payload }, { edge }) => {
      const id = parseAbout(payload);
      const below = this.#below.get(id);
      if (edge !== undefined && below !== undefined && edge.ids.has(below.start.via) && router.addRoute(edge, id) === undefined)
        below.start.onEdge?.();
    });
    router.on(HANDLE.BELOW_ENDED, 'child', ({ src, payload }) => {
      const { id, report } = parseEnded(payload);
      if (this.isBelow(id, src)) this.#below.get(id)?.ended.resolve(report);
    });
    router.on(HANDLE.ASK, 'child', (message) => this.#onAsk(message));
    router.on(HANDLE.PUSH, 'child', (message) => this.#onPush(message));
  }

  /** Whether `id` was opened through `via`. */
  isBelow(id: ContextId, via: ContextId): boolean {
    return this.#below.get(id)?.start.via === via;
  }

  /** An intermediary and the intermediaries above it, nearest first, this process left out. */
  pathTo(id: ContextId): readonly ContextId[] {
    const below = this.#below.get(id);
    return below === undefined ? [id] : [id, ...this.pathTo(below.start.via)];
  }

  /** How many contexts are below the child of this process that this one is, or is below. */
  #countBeside(via: ContextId): number {
    const child = this.pathTo(via).at(-1);
    return [...this.#below.values()].filter(({ start }) => this.pathTo(start.via).at(-1) === child).length;
  }

  /** Orders the intermediary to open it. @throws what the intermediary met, REMOTE_LOST when it is gone, WIRE_LIMIT when too many are below it */
  async open(start: BelowStart, startups: Map<ContextId, FarStartup>): Promise<HelloMessage> {
    const { clock, router } = this.#parts;
    const { dial, id, via } = start;
    const what = describeRecipe(dial.recipe);
    if (this.#below.size >= this.#mostBelow && this.#countBeside(via) >= this.#mostBelow) {
      const saw = `${String(this.#mostBelow)} contexts are below the same child of this program`;
      throw new ResproutError('WIRE_LIMIT', `${what} was not opened: ${saw}`, {
        tried: `open ${what}`,
        saw,
        do: 'Open it through another one',
      });
    }
    const startup = new FarStartup();
    startups.set(id, startup);
    const limitMs = connectLimitMs(dial);
    const answer = deferred<Message>();
    this.#below.set(id, { start, ended: deferred(), fail: answer.reject, isTold: false });
    const replyTo = router.open(via, answer.resolve);
    const late = new ResproutError('REMOTE_CONNECT_TIMEOUT', `${what} did not open in time`, {
      tried: `open ${what} through context ${via}`,
    });
    // A person may be asked meanwhile, or a Node put there, which does not count there: here only the largest time is a limit.
    const extraMs = (start.ask === undefined ? 0 : 600_000) + (dial.push === undefined ? 0 : MOST_PUSH_MS);
    const timer = clock.after(limitMs + MARGIN_MS + extraMs, () => answer.reject(late), { background: true });
    const onAbort = (): void => answer.reject(dial.signal.reason);
    dial.signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#order(start, limitMs, replyTo);
      const message = await answer.promise;
      if (message.replyTo === DEAD) {
        const why = deadText(message.payload);
        throw new ResproutError('REMOTE_LOST', `${what}: the context that it is opened through is gone (${why})`, {
          tried: `open ${what}`,
        });
      }
      const { bytes, ok } = parseResult(message.payload);
      if (!ok) throw refusedBelow(what, decodeValue(bytes, { errorClass: errorClassOf }));
      startup.isOpen = true;
      return parseHello(bytes);
    } catch (error) {
      void this.kill(id);
      this.#below.delete(id);
      throw error;
    } finally {
      timer.clear();
      dial.signal.removeEventListener('abort', onAbort);
      router.close(replyTo);
    }
  }

  /** What an intermediary was sent that it keeps. */
  #keptBy(via: ContextId): Set<string> {
    let sent = this.#sent.get(via);
    if (sent === undefined) this.#sent.set(via, (sent = new Set()));
    return sent;
  }

  /** Sends the order to open, and with it the texts that the intermediary has not yet. */
  #order({ ask, deadAfterMs, dial, id, setup, via }: BelowStart, timeoutMs: number, replyTo: number): void {
    const { boot, router } = this.#parts;
    const sent = this.#keptBy(via);
    const once = (part: Parameters<HostBrokerParts['boot']>[0]): Uint8Array | undefined => {
      if (sent.has(part)) return undefined;
      sent.add(part);
      return boot(part);
    };
    const broker = once('broker');
    if (broker !== undefined) router.send({ dst: via, handle: HANDLE.BROKER_TEXT, replyTo: 0, payload: broker });
    const { recipe } = dial;
    const order = {
      id,
      setup,
      recipe,
      timeoutMs,
      deadAfterMs,
      canAsk: ask !== undefined,
      first: once(farStdioOf(recipe)),
      second: once('second'),
    };
    router.send({ dst: via, handle: HANDLE.CONNECT, replyTo, payload: encodeToBytes(order) });
  }

  /** Asks the intermediary to end it by force; resolves at once, its end is told as that of any other. */
  kill(id: ContextId): Promise<void> {
    const below = this.#below.get(id);
    if (below !== undefined)
      this.#parts.router.send({ dst: below.start.via, handle: HANDLE.END_BELOW, replyTo: 0, payload: encodeToBytes({ id }) });
    return Promise.resolve();
  }

  /** The route of a context is gone while its intermediary lives: the report follows. */
  routeGone(id: ContextId): void {
    const below = this.#below.get(id);
    if (below === undefined) return;
    const none: LostReport = { how: 'lost', reason: 'its link broke', exitCode: null, signal: null, lastLines: [] };
    const timer = this.#parts.clock.after(REPORT_MS, () => below.ended.resolve(none), { background: true });
    void below.ended.promise.then((report) => {
      timer.clear();
      this.#tell(id, below, report);
    });
  }

  /** The intermediary is gone, and everything below it. */
  gone(id: ContextId, report: LostReport): void {
    const below = this.#below.get(id);
    if (below !== undefined) this.#tell(id, below, { ...report, reason: `${THROUGH} ${report.reason}`, error: undefined });
  }

  #tell(id: ContextId, below: Below, report: LostReport): void {
    if (below.isTold) return;
    below.isTold = true;
    this.#below.delete(id);
    this.#sent.delete(id);
    below.start.canForget(report);
  }

  /** Gives an intermediary what a far side without Node needs. A refusal ends the opening here, with its own error. */
  async #onPush({ payload, replyTo, src }: Message): Promise<void> {
    const { id, told } = parsePush(payload);
    const below = this.#below.get(id);
    const { push, signal } = below?.start.via === src ? below.start.dial : {};
    const answer = (fields: object): void => {
      this.#parts.router.send({ dst: src, handle: replyTo, replyTo: 0, payload: encodeToBytes(fields) });
    };
    if (push === undefined || signal === undefined) return answer({});
    try {
      const { bytes, ...others } = await push(told, signal);
      const kept = this.#keptBy(src);
      const isThere = others.part !== undefined && told !== 'again' && kept.has(others.part);
      if (others.part !== undefined) kept.add(others.part);
      answer(isThere ? others : { ...others, bytes });
    } catch (error) {
      below?.fail(error);
      answer({});
    }
  }

  async #onAsk({ payload, replyTo, src }: Message): Promise<void> {
    const { id, question } = parseAsk(payload);
    const below = this.#below.get(id);
    const ask = below?.start.via === src ? below.start.ask : undefined;
    const text = await ask?.(question, below?.start.dial.signal ?? AbortSignal.abort()).catch(() => undefined);
    this.#parts.router.send({ dst: src, handle: replyTo, replyTo: 0, payload: encodeToBytes({ text }) });
  }
}

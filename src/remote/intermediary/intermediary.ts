// What makes an intermediary of a far process: opens contexts below it when one of its ancestors says so. Runs in the broker thread.
// Invariants:
//   I1. The route of a new context is told upwards before any frame of it passes.
//   I2. Only ancestors connect; a context below can neither open nor end anything here.
//   I3. However a context below ends, its opener is told once.
import type { ContextId } from '../../base/brand.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { LogLevel } from '../../base/seams/log.ts';
import type { Random } from '../../base/seams/random.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { LogBuffer } from '../child/core/logs/log-buffer.ts';
import type { Message } from '../child/core/messages/messages.ts';
import { fieldsOf, parseHello } from '../child/core/messages/parse.ts';
import type { Router } from '../child/core/routing/router.ts';
import type { Ask, PushAnswer, PushStep } from '../connect/index.ts';
import { farStdioOf } from '../connect/index.ts';
import { type ConnectMessage, parseAbout } from './connect-messages.ts';
import type { FarLog } from '../processes/far-log.ts';
import { FarProcess, type FarStartup } from '../processes/far-process.ts';
import type { LostReport } from '../hosts/host.ts';

/** What an intermediary needs of its process. */
export interface IntermediaryPorts {
  readonly router: Router;
  /** Nearest first. */
  readonly ancestors: readonly ContextId[];
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Lines kept for errors. */
const KEPT_LINES = 20;
const LOG_PIECE_BYTES = 32_768;
const LOG_DELAY_MS = 20;
/** Bytes of a Node are kept so long after they were last used. */
const PARTS_KEPT_MS = 60_000;

/** An answer whose bytes may be here already. */
type PartAnswer = Omit<PushAnswer, 'bytes'> & { readonly bytes: Uint8Array | undefined };

/** The contexts below one far process. */
export class Intermediary {
  readonly #ports: IntermediaryPorts;
  readonly #texts = new Map<string, Uint8Array>();
  /** Parts of a Node, by what they are. */
  readonly #parts = new Map<string, Uint8Array>();
  #forgetParts: TimerHandle | undefined;
  readonly #startups = new Map<ContextId, FarStartup>();
  readonly #processes = new Map<ContextId, FarProcess>();

  constructor(ports: IntermediaryPorts) {
    this.#ports = ports;
    const { router } = ports;
    router.on(HANDLE.CONNECT, 'ancestor', (message) => this.#connect(message));
    router.on(HANDLE.END_BELOW, 'ancestor', ({ payload }) => this.#processes.get(parseAbout(payload))?.kill());
    router.on(HANDLE.HELLO, 'child', ({ src, payload }) => this.#startups.get(src)?.hello.resolve(parseHello(payload)));
    router.on(HANDLE.ADD_ROUTE, 'child', ({ payload }, { edge }) => {
      const id = parseAbout(payload);
      if (edge !== undefined && router.addRoute(edge, id) === undefined) this.#announce(id);
    });
  }

  #up(handle: number, payload: unknown): void {
    const [parent] = this.#ports.ancestors;
    if (parent !== undefined) this.#ports.router.send({ dst: parent, handle, replyTo: 0, payload: encodeToBytes(payload) });
  }

  #announce(id: ContextId): void {
    this.#up(HANDLE.ADD_ROUTE, { id });
  }

  async #connect(message: Message): Promise<void> {
    const { router } = this.#ports;
    // An ancestor is believed: it can run anything here.
    const order = decodeValue(message.payload) as ConnectMessage;
    const answer = (ok: boolean, value: unknown): void => {
      const payload = encodeToBytes({ ok, bytes: encodeToBytes(value) });
      router.send({ dst: message.src, handle: message.replyTo, replyTo: 0, payload });
    };
    try {
      const far = await this.#start(order, message.src);
      this.#processes.set(order.id, far);
      answer(true, far.hello);
    } catch (error) {
      answer(false, toError(error));
    }
  }

  #start(order: ConnectMessage, opener: ContextId): Promise<FarProcess> {
    const { clock, env, random, router } = this.#ports;
    const { id, recipe, setup } = order;
    const first = this.#text(farStdioOf(recipe), order.first);
    const start = {
      id,
      router,
      clock,
      log: this.#log(id, opener, setup.logLevel),
      setup,
      deadAfterMs: order.deadAfterMs,
      secondText: this.#text('second', order.second),
      dial: {
        recipe,
        boot: first,
        ask: order.canAsk ? this.#ask(id, opener) : undefined,
        signal: new AbortController().signal,
        timeoutMs: order.timeoutMs,
        push: recipe.pushNode === undefined ? undefined : this.#push(id, opener),
        seams: { clock, random, env },
      },
      onEdge: () => this.#announce(id),
      onLost: (report: LostReport) => {
        this.#startups.delete(id);
        this.#processes.delete(id);
        router.send({ dst: opener, handle: HANDLE.BELOW_ENDED, replyTo: 0, payload: encodeToBytes({ id, report }) });
      },
    };
    return FarProcess.start(start, this.#startups);
  }

  /** A part of the core, kept for the next hop. */
  #text(name: string, sent: Uint8Array | undefined): Uint8Array {
    if (sent !== undefined) this.#texts.set(name, new Uint8Array(sent));
    const text = this.#texts.get(name);
    if (text === undefined) throw new ResproutError('REMOTE_PROTOCOL', `the ${name} part of the core was not sent here`);
    return text;
  }

  /** Lines of a context below go to its opener, in the name of this process. */
  #log(id: ContextId, opener: ContextId, level: LogLevel): FarLog {
    const last: string[] = [];
    const { clock, router } = this.#ports;
    const buffer = new LogBuffer(level, () => clock.monotonicMs());
    let timer: TimerHandle | undefined;
    const flush = (): void => {
      timer?.clear();
      timer = undefined;
      while (!buffer.isEmpty)
        router.send({
          dst: opener,
          handle: HANDLE.LOG,
          replyTo: 0,
          payload: encodeToBytes({ ...buffer.take(LOG_PIECE_BYTES), about: id }),
        });
    };
    return {
      get lastLines() {
        return [...last];
      },
      add(stream, lineLevel, text) {
        if (stream === 'stderr' || stream === 'transport') last.push(text);
        if (last.length > KEPT_LINES) last.shift();
        buffer.add(stream === 'transport' ? 'stderr' : stream, lineLevel, text);
        timer ??= clock.after(LOG_DELAY_MS, flush, { background: true });
      },
      end: flush,
    };
  }

  /** Who has the Node is asked. What was sent for one context is kept for a minute, for the next one. */
  #push(id: ContextId, opener: ContextId): PushStep {
    const step: PushStep = async (told, signal) => {
      const { part, ...answer } = await this.#askForPush(id, opener, told, signal);
      const bytes = answer.bytes ?? this.#parts.get(part ?? '');
      if (bytes === undefined) return await step('again', signal);
      if (part !== undefined) {
        this.#parts.set(part, bytes);
        this.#forgetParts?.clear();
        this.#forgetParts = this.#ports.clock.after(PARTS_KEPT_MS, () => this.#parts.clear(), { background: true });
      }
      return { ...answer, bytes };
    };
    return step;
  }

  #askForPush(id: ContextId, opener: ContextId, told: string, signal: AbortSignal): Promise<PartAnswer> {
    const { router } = this.#ports;
    return new Promise((resolve, reject) => {
      const over = (): void => {
        router.close(replyTo);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        over();
        reject(signal.reason);
      };
      const replyTo = router.open(opener, ({ payload }) => {
        over();
        // The opener is believed: it gave the order.
        const answer = payload.length === 0 ? {} : (decodeValue(payload) as Partial<PushAnswer>);
        const { bytes, hashBytes = 0, isMore = false, part } = answer;
        if (bytes === undefined && part === undefined) reject(new ResproutError('REMOTE_PUSH_FAILED', 'the opener gives no Node'));
        else resolve({ bytes, hashBytes, isMore, part });
      });
      signal.addEventListener('abort', onAbort, { once: true });
      router.send({ dst: opener, handle: HANDLE.PUSH, replyTo, payload: encodeToBytes({ id, told }) });
    });
  }

  #ask(id: ContextId, opener: ContextId): Ask {
    const { router } = this.#ports;
    return (question, signal) =>
      new Promise((resolve) => {
        const done = (text: string | undefined): void => {
          router.close(replyTo);
          signal.removeEventListener('abort', onAbort);
          resolve(text);
        };
        const onAbort = (): void => done(undefined);
        const replyTo = router.open(opener, ({ payload }) => {
          const text = payload.length === 0 ? undefined : fieldsOf(payload)['text'];
          done(typeof text === 'string' ? text : undefined);
        });
        signal.addEventListener('abort', onAbort, { once: true });
        router.send({ dst: opener, handle: HANDLE.ASK, replyTo, payload: encodeToBytes({ id, question }) });
      });
  }
}

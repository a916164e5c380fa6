// Runs calls on the main thread of a far process.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextId } from '../../../../base/brand.ts';
import type { FunctionAddress } from '../../../../base/builds/build.ts';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Written } from '../../../../wire/bytes/byte-writer.ts';
import { encodeToBytes } from '../../../../wire/values/value-encode.ts';
import { cleanError } from './clean-error.ts';
import { Crossing, type CrossingPorts, type MirroredSignals } from './crossing.ts';
import type { AbortMessage, Callee, CallMessage, Message } from '../messages/messages.ts';

/** What a far function can ask about its call. */
export interface CallInfo {
  readonly label: string;
  readonly signal: AbortSignal;
  readonly idempotencyKey: string | undefined;
}

/** The call that runs now. */
export const currentCall: AsyncLocalStorage<CallInfo> = new AsyncLocalStorage();

/** Aborts a signal that may not exist yet: few functions ask for theirs, and one costs more than the rest of a small call. */
class LateSignal {
  #controller: AbortController | undefined;
  #abort: { readonly reason: unknown } | undefined;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abort !== undefined) this.#controller.abort(this.#abort.reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#abort ??= { reason };
    this.#controller?.abort(reason);
  }

  throwIfAborted(): void {
    if (this.#abort !== undefined) this.signal.throwIfAborted();
  }
}

type Named = Required<Pick<Callee, 'address' | 'label'>>;
type Callable = (...args: unknown[]) => unknown;

/** What the dispatcher needs of its thread. */
export interface DispatcherPorts extends CrossingPorts {
  /** The function of an address with its `this`. @throws when it can't be loaded or found */
  find(address: FunctionAddress): Promise<readonly [fn: Callable, self: unknown]>;
  /** Removes the prefix of far paths. */
  clean(text: string): string;
  /** Reads a message of an ancestor. */
  read<T>(payload: Uint8Array): T;
}

const MOST_CHAINS = 1000;
const MOST_EARLY_ABORTS = 1000;

/** The running calls of this process. */
export class Dispatcher {
  readonly #ports: DispatcherPorts;
  readonly #running = new Map<string, LateSignal>();
  /** Functions by the numbers of those who call them. */
  readonly #callees = new Map<string, Named>();
  readonly #earlyAborts = new Map<string, Uint8Array>();
  readonly #signals: MirroredSignals = new Map();
  /** Chains that have begun: the end of the last call, with the error that stopped the chain. */
  readonly #chains = new Map<string, Promise<{ readonly error: unknown } | undefined>>();
  #whenIdle: (() => void) | undefined;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
  }

  /** CALL. */
  onCall(message: Message): void {
    const call = this.#ports.read<CallMessage>(message.payload);
    const callee = this.#calleeOf(message, call);
    if (call.chain === undefined) {
      void this.#run(message, call, callee, undefined);
      return;
    }
    const key = `${message.src}/${call.chain}`;
    const before = this.#chains.get(key);
    const end = (async () => this.#run(message, call, callee, await before))();
    this.#chains.delete(key);
    this.#chains.set(key, end);
    const [oldest] = this.#chains.keys();
    if (this.#chains.size > MOST_CHAINS && oldest !== undefined) this.#chains.delete(oldest);
  }

  /** ABORT: the signal of a call, or one of its arguments. */
  onAbort(message: Message): void {
    const { kind, target, reason } = this.#ports.read<AbortMessage>(message.payload);
    const key = `${message.src}/${target}`;
    const controller = (kind === 'call' ? this.#running : this.#signals).get(key);
    if (controller !== undefined) {
      controller.abort(this.#crossing(message.src).decode(reason));
      // Nobody waits for this call any more: the end of the process does not either.
      if (kind === 'call') this.#running.delete(key);
    } else if (kind === 'call' && this.#earlyAborts.size < MOST_EARLY_ABORTS) this.#earlyAborts.set(key, reason);
  }

  /** Fires the signals of all calls; resolves when the last one has ended. */
  stop(reason: Error): Promise<void> {
    for (const controller of this.#running.values()) controller.abort(reason);
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** The function of a call; what comes whole is kept under its number. */
  #calleeOf({ src }: Message, { n, address, label }: CallMessage): Named {
    const key = `${src}/${n}`;
    if (address !== undefined && label !== undefined) this.#callees.set(key, { address, label });
    return this.#callees.get(key)!;
  }

  #crossing(peer: ContextId): Crossing {
    return new Crossing(this.#ports, peer, this.#signals, {
      lost: () => new ResproutError('REMOTE_LOST', 'the process that sends this stream is gone'),
    });
  }

  /** A thrown value, in bytes. What was thrown may be anything: it always arrives, at least as an error that says what became of it. */
  #errorBytes(crossing: Crossing, thrown: unknown): Uint8Array {
    cleanError(thrown, (text) => this.#ports.clean(text));
    try {
      return crossing.encodeError(thrown);
    } catch (error) {
      return crossing.encodeError(new Error('what the function threw cannot be read', { cause: error }));
    }
  }

  async #run(
    message: Message,
    call: CallMessage,
    callee: Named,
    stopped: { readonly error: unknown } | undefined,
  ): Promise<{ readonly error: unknown } | undefined> {
    const key = `${message.src}/${message.replyTo}`;
    const crossing = this.#crossing(message.src);
    const stop = new LateSignal();
    this.#running.set(key, stop);
    const early = this.#earlyAborts.get(key);
    if (early !== undefined && this.#earlyAborts.delete(key)) stop.abort(crossing.decode(early));
    let failure = stopped;
    let bytes: Uint8Array | Written;
    try {
      if (stopped !== undefined) throw stopped.error;
      stop.throwIfAborted();
      const args = crossing.decode(call.args) as unknown[];
      const { address, label } = callee;
      const [fn, self] = await this.#ports.find(address);
      stop.throwIfAborted();
      const info: CallInfo = {
        label,
        get signal() {
          return stop.signal;
        },
        idempotencyKey: call.idempotencyKey,
      };
      const value = await currentCall.run(info, () => Reflect.apply(fn, self, args));
      bytes = crossing.encode(value, 'result');
    } catch (error) {
      failure = { error };
      bytes = this.#errorBytes(crossing, error);
    }
    crossing.dispose();
    this.#running.delete(key);
    const payload = encodeToBytes({ ok: failure === undefined, bytes });
    this.#ports.send({ dst: message.src, handle: message.replyTo, replyTo: 0, payload });
    if (this.#running.size === 0) this.#whenIdle?.();
    return failure;
  }
}

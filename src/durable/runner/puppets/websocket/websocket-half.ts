// A WebSocket of a program: an object of Node's class that connects to nothing, fed by events of the journal, one for each message. What is on
// its way when the process ends is connected again; what stood is lost: `error`, then `close` with code 1006.
import { getEventListeners } from 'node:events';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { lostError } from '../lost.ts';
import { checkClose, SocketOutside, type SocketEnd, type SocketInit } from './native-websocket.ts';
import { makeEvent } from './make-event.ts';

/** Bytes that count as sent in the next tick; beyond them, when Node has sent them. */
const SENT_AT_ONCE_BYTES = 64 * 1024;
/** How a connection ends that nobody closed. */
const ABNORMAL = 1006;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

type AnyFunction = (...args: unknown[]) => unknown;

/** Node's own of an object: what there is before it stands. */
export interface OwnMethods {
  readonly send: AnyFunction;
  readonly close: AnyFunction;
  readonly readyState: AnyFunction;
}

/** What a socket is made of. */
export interface WebSocketHalfOptions {
  readonly session: Session;
  /** The program's object. */
  readonly shell: WebSocket;
  /** As Node writes it. */
  readonly url: string;
  readonly init: SocketInit;
  readonly own: OwnMethods;
}

/** Our half of one WebSocket. */
export class WebSocketHalf implements LocalHalf {
  readonly url: string;
  readonly #session: Session;
  readonly #shell: WebSocket;
  readonly #own: OwnMethods;
  readonly #conversation: Conversation;
  readonly #open: () => void;
  #half: SocketOutside | undefined;
  #isOpening: boolean;
  #state: 0 | 1 | 2 | 3 = CONNECTING;
  #heard = 0;
  #buffered = 0;
  #unsent = 0;
  #protocol = '';
  #extensions = '';
  /** Sends that wait for a Blob before them. */
  #waiting: Promise<void> | undefined;

  constructor({ session, shell, url, init, own }: WebSocketHalfOptions) {
    this.#session = session;
    this.#shell = shell;
    this.#own = own;
    this.url = url;
    const { protocols = [], headers = null } = init;
    this.#conversation = session.world.conversation({ half: this, shown: `WebSocket ${url}` });
    this.#open = (): void => {
      this.#half = new SocketOutside(this.#conversation, url, init);
    };
    const args = [url, protocols, headers instanceof Headers ? [...headers] : headers];
    this.#isOpening = this.#conversation.open('WebSocket', args, () => {
      this.#isOpening = false;
      if (this.#state === CONNECTING) this.#open();
    });
  }

  // Of the session.

  take(name: string, value: unknown): void {
    this.#heard++;
    switch (name) {
      case 'open':
        return this.#opened(value as { readonly protocol: string; readonly extensions: string });
      case 'text':
        return this.#message(value);
      case 'binary':
        return this.#message(this.#binary(value as Buffer<ArrayBuffer>));
      case 'sent':
        this.#buffered -= this.#unsent;
        this.#unsent = 0;
        return;
      case 'lost':
        return this.#lost();
      default:
        return this.#closed(value as SocketEnd);
    }
  }

  #opened({ protocol, extensions }: { readonly protocol: string; readonly extensions: string }): void {
    if (this.#state !== CONNECTING) return;
    this.#state = OPEN;
    this.#protocol = protocol;
    this.#extensions = extensions;
    this.#shell.dispatchEvent(new Event('open'));
  }

  #binary(bytes: Buffer<ArrayBuffer>): Blob | ArrayBuffer {
    const own = new Uint8Array(bytes);
    return this.#shell.binaryType === 'blob' ? new Blob([own]) : own.buffer;
  }

  #message(data: unknown): void {
    if (this.#state === OPEN) this.#shell.dispatchEvent(new MessageEvent('message', { origin: new URL(this.url).origin, data }));
  }

  #closed({ error, ...end }: SocketEnd): void {
    this.#state = CLOSED;
    this.#conversation.over();
    if (error !== undefined) this.#shell.dispatchEvent(makeEvent('ErrorEvent', 'error', { ...error }));
    this.#shell.dispatchEvent(makeEvent('CloseEvent', 'close', { ...end }));
  }

  #lost(): void {
    const cure = 'Connect again where `close` comes, or make the whole exchange one activity()';
    const lost = lostError(this.#conversation.shown, this.#heard - 1, this.#conversation, cure);
    const isHeard = this.#state === CLOSING || ['error', 'close'].some((type) => getEventListeners(this.#shell, type).length > 0);
    this.#closed({ code: ABNORMAL, reason: '', wasClean: false, error: { message: lost.message, error: lost } });
    if (!isHeard) this.#session.crash(lost);
  }

  wake(): undefined {
    if (this.#half !== undefined || this.#isOpening || this.#state === CLOSED) return;
    if (this.#state === CONNECTING) this.#open();
    else this.#conversation.arrive('lost');
  }

  get isClosing(): boolean {
    return this.#state >= CLOSING;
  }

  dispose(): void {
    this.#half?.close([]);
  }

  // Of the program.

  get readyState(): number {
    // One that was closed before it stood says what Node's own says.
    return this.#state === CONNECTING ? (Reflect.apply(this.#own.readyState, this.#shell, []) as number) : this.#state;
  }

  get bufferedAmount(): number {
    return this.#buffered;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get extensions(): string {
    return this.#extensions;
  }

  send(...args: unknown[]): void {
    // Refused in the words of Node: nothing is given, or it does not stand yet.
    if (args.length === 0 || this.#state === CONNECTING) return void Reflect.apply(this.#own.send, this.#shell, args);
    const [data] = args;
    const isBytes = data instanceof ArrayBuffer || ArrayBuffer.isView(data);
    const message = data instanceof Blob ? data : isBytes ? copied(data) : wellFormed(String(data));
    if (this.#state !== OPEN) return undefined;
    const size = message instanceof Blob ? message.size : typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    this.#buffered += size;
    if (message instanceof Blob || this.#waiting !== undefined) this.#sendLater(message, size);
    else this.#send(message, size);
    return undefined;
  }

  #sendLater(message: Blob | string | Uint8Array<ArrayBuffer>, size: number): void {
    const before = this.#waiting;
    const bytes = message instanceof Blob ? message.arrayBuffer() : undefined;
    this.#waiting = (async (): Promise<void> => {
      await before;
      const data = bytes === undefined ? (message as string | Uint8Array<ArrayBuffer>) : new Uint8Array(await bytes);
      if (this.#state < CLOSED) this.#send(data, size);
    })();
  }

  #send(data: string | Uint8Array<ArrayBuffer>, size: number): void {
    this.#unsent += size;
    const isAwaited = this.#unsent > SENT_AT_ONCE_BYTES;
    this.#conversation.effect('send', size, () => this.#half?.send(data, isAwaited));
    if (isAwaited) return;
    process.nextTick(() => {
      // Unless more came, which counts for it then.
      if (this.#unsent > SENT_AT_ONCE_BYTES) return;
      this.#unsent -= size;
      this.#buffered -= size;
    });
  }

  close(...args: unknown[]): void {
    checkClose(args);
    if (this.readyState >= CLOSING) return;
    const leave = (): void => void this.#conversation.effect('close', 0, () => this.#half?.close(args));
    if (this.#state === CONNECTING) {
      // Nothing is known of the other side: Node's own says `error` and `close` at once.
      leave();
      this.#conversation.over();
      Reflect.apply(this.#own.close, this.#shell, args);
      return;
    }
    this.#state = CLOSING;
    if (this.#waiting === undefined) leave();
    else void this.#waiting.then(leave);
  }
}

/** Text without halves of pairs, as it is sent. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** The program may use its buffer again. */
function copied(data: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data.slice(0))
    : new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

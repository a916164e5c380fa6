// The half outside of a WebSocket, and what a program's own is made of.
import http from 'node:http';
import { realClock } from '../../../../platform/time/clock.ts';

const { get: read } = Object.getOwnPropertyDescriptor(http, 'WebSocket') ?? {};

/** Node's class. The first call loads Node's client of HTTP. */
export const nativeWebSocket: () => typeof WebSocket = read === undefined ? () => WebSocket : (read as () => typeof WebSocket);

/** How often a connection is asked whether it has sent everything. It does not say so itself. */
const ASK_MS = 5;

/** What can be told of an end. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** Of the event `error` that came before; undefined when none did. */
  readonly error: { readonly message: string; readonly error: unknown } | undefined;
}

/** Where its events go. */
export interface SocketSink {
  arrive(name: string, value?: unknown): void;
}

/** What `new WebSocket` is given besides the address. */
export interface SocketInit {
  readonly protocols?: string | readonly string[];
  readonly headers?: unknown;
  readonly dispatcher?: unknown;
}

type Constructor = new (url: string, init?: SocketInit) => WebSocket;

const construct = (url: string, init: SocketInit): WebSocket => new (nativeWebSocket() as unknown as Constructor)(url, init);

/** A dispatcher that connects to nothing: an object of Node's class with it is a WebSocket of which nothing is outside. */
const NOWHERE = { dispatch: (): boolean => true };

/** An address that is never connected to. Not that of the program: Node fails some, such as those of certain ports, before it connects. */
const ANYWHERE = 'ws://localhost';

/** An object of Node's class that stays as it is. @param target the class that `new` was said to */
export const idleSocket = (Native: typeof WebSocket, target: object): WebSocket =>
  Reflect.construct(Native, [ANYWHERE, { dispatcher: NOWHERE }], target as typeof WebSocket) as WebSocket;

/** Reads an address as Node does, with what goes with it. @throws in the words of Node */
export const checkedUrl = (url: string, init: SocketInit): string => construct(url, { ...init, dispatcher: NOWHERE }).url;

/** Refuses what `close` cannot be given. @throws in the words of Node */
export function checkClose(args: readonly unknown[]): void {
  const scratch = construct(ANYWHERE, { dispatcher: NOWHERE });
  Reflect.apply(Reflect.get(scratch, 'close') as (...given: unknown[]) => void, scratch, args);
}

/** One connection. */
export class SocketOutside {
  readonly #native: WebSocket;
  readonly #sink: SocketSink;

  constructor(sink: SocketSink, url: string, init: SocketInit) {
    this.#sink = sink;
    this.#native = construct(url, init);
    const native = this.#native;
    native.binaryType = 'arraybuffer';
    let error: SocketEnd['error'];
    native.addEventListener('open', () => sink.arrive('open', { protocol: native.protocol, extensions: native.extensions }));
    native.addEventListener('message', ({ data }: { readonly data: unknown }) =>
      typeof data === 'string' ? sink.arrive('text', data) : sink.arrive('binary', Buffer.from(data as ArrayBuffer)),
    );
    native.addEventListener('error', (event: Event) => {
      error = { message: String(Reflect.get(event, 'message') ?? ''), error: Reflect.get(event, 'error') };
    });
    native.addEventListener('close', ({ code, reason, wasClean }: Pick<SocketEnd, 'code' | 'reason' | 'wasClean'>) =>
      sink.arrive('close', { code, reason, wasClean, error } satisfies SocketEnd),
    );
  }

  /** @param isAwaited whether the program wants to know when it has left */
  send(data: string | Uint8Array<ArrayBuffer>, isAwaited: boolean): void {
    this.#native.send(data);
    if (isAwaited) this.#whenSent();
  }

  #whenSent(): void {
    if (this.#native.bufferedAmount === 0 || this.#native.readyState > 1) this.#sink.arrive('sent');
    else realClock.after(ASK_MS, () => this.#whenSent(), { background: true });
  }

  close(args: readonly unknown[]): void {
    Reflect.apply(Reflect.get(this.#native, 'close') as (...given: unknown[]) => void, this.#native, args);
  }
}

// The half outside of a session of HTTP/2: it speaks the protocol. What it says of itself by closing comes to the program by way of its connection.
import {
  constants,
  type ClientHttp2Session,
  type Http2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type Settings,
} from 'node:http2';
import { blockOf, type HeaderBlock } from '../headers.ts';
import { NativeHttp2Stream } from '../streams/native-http2-stream.ts';

/** A stream that the other side opened. */
export interface OpenedStream {
  readonly id: number;
  readonly block: HeaderBlock;
  readonly isEnded: boolean;
}

type Arrive = (name: string, value?: unknown) => void;

/** Events that are told as they come. */
const PLAIN = ['goaway', 'ping', 'frameError', 'altsvc', 'origin'] as const;

const settingsOf = (settings: Settings): Settings => ({ ...settings });

/** One native session. */
export class NativeSession {
  readonly native: ClientHttp2Session | ServerHttp2Session;
  readonly #opened = new Map<number, NativeHttp2Stream>();

  /** @param arrive gets its events */
  constructor(native: ClientHttp2Session | ServerHttp2Session, arrive: Arrive) {
    this.native = native;
    const heard = native as NodeJS.EventEmitter;
    heard.on('stream', (stream: Http2Stream, headers: IncomingHttpHeaders, flags: number, raw?: readonly string[]) => {
      const { id = 0 } = stream;
      this.#opened.set(id, new NativeHttp2Stream(stream));
      arrive('stream', { id, block: blockOf(headers, flags, raw ?? []), isEnded: stream.endAfterHeaders } satisfies OpenedStream);
    });
    for (const name of PLAIN) heard.on(name, (...args: unknown[]) => arrive(name, args));
    for (const name of ['localSettings', 'remoteSettings']) heard.on(name, (settings: Settings) => arrive(name, settingsOf(settings)));
    heard.on('error', (error: Error) => arrive('error', error));
  }

  /** The stream with this number, once. */
  takeStream(id: number): NativeHttp2Stream | undefined {
    const stream = this.#opened.get(id);
    this.#opened.delete(id);
    return stream;
  }

  /** Keeps a stream until the program has met it. */
  keepStream(id: number, stream: NativeHttp2Stream): void {
    this.#opened.set(id, stream);
  }

  /** Lets it go when all its streams have. Those that the program has not met, it does not meet any more. */
  close(): void {
    this.native.close();
    for (const stream of this.#opened.values()) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    this.#opened.clear();
  }

  destroy(code?: number): void {
    // With a number, Node says it to the other side.
    if (!this.native.destroyed) Reflect.apply(this.native.destroy, this.native, [code ?? constants.NGHTTP2_NO_ERROR]);
  }
}

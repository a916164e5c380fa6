import { constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { natives } from '../../natives.ts';
import type { PuppetSocket } from '../../socket/puppet-socket.ts';
import { ClientHttp2Stream, type RequestOptions } from '../streams/client-stream.ts';
import { headersOf, requestHead, type SentHeaders, type Target } from '../headers.ts';
import { aborted, goawaySession, invalidSession } from '../http2-errors.ts';
import { Http2Session } from './http2-session.ts';
import type { OpenedStream } from './native-session.ts';

/** Requests that have no body unless the program says so. */
const BODILESS = ['GET', 'HEAD', 'DELETE'];

interface AskedOptions extends Partial<RequestOptions> {
  readonly signal?: AbortSignal | undefined;
}

/** The side of a program that asks. */
export class ClientHttp2Session extends Http2Session {
  readonly #target: Target;
  readonly #waiting: (() => void)[] = [];
  /** Numbers of a client are odd, and go up by the order of its requests. */
  #nextID = 1;

  constructor(socket: PuppetSocket, options: object, target: Target) {
    super(socket, {
      fn: 'node:http2.connect',
      type: constants.NGHTTP2_SESSION_CLIENT,
      shown: [target.authority],
      make: (native: Duplex) =>
        natives.http2Connect(`${target.scheme}://${target.authority}`, { ...options, createConnection: () => native }),
    });
    this.#target = target;
  }

  override setNextStreamID(id: number): void {
    super.setNextStreamID(id);
    this.#nextID = id;
  }

  request(given: SentHeaders = {}, { signal, ...asked }: AskedOptions = {}): ClientHttp2Stream {
    const failed = this.destroyed ? invalidSession() : this.closed ? goawaySession() : undefined;
    this.touch();
    const head = requestHead(given, this.#target);
    const options: RequestOptions = { ...asked, endStream: asked.endStream ?? BODILESS.includes(head.method) };
    const stream = new ClientHttp2Stream(this, `request ${head.method} ${String(head.shown[2] ?? head.shown[1])}`);
    stream.prepare(head, options);
    if (signal !== undefined) followSignal(stream, signal);
    const start = (): void => {
      if (stream.destroyed || this.destroyed) return;
      if (this.closed) stream.destroy(goawaySession());
      else {
        stream.start(this.#nextID, head, options, this);
        this.#nextID += 2;
      }
    };
    if (failed !== undefined) process.nextTick(() => stream.destroy(failed));
    else if (!this.connecting) start();
    else {
      // All of them in the place of the first, as Node.
      if (this.#waiting.push(start) === 1)
        this.once('connect', () => {
          for (const one of this.#waiting.splice(0)) one();
        });
    }
    return stream;
  }

  protected onStream({ id, block, isEnded }: OpenedStream): void {
    const stream = new ClientHttp2Stream(this, `pushed stream ${String(id)}`);
    stream.stands(id, this.half?.takeStream(id), isEnded);
    process.nextTick(() => this.emit('stream', stream, headersOf(block) satisfies OutgoingHttpHeaders, block.flags, block.raw));
  }
}

function followSignal(stream: ClientHttp2Stream, signal: AbortSignal): void {
  const abort = (): void => void stream.destroy(aborted(signal.reason));
  if (signal.aborted) return abort();
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
}

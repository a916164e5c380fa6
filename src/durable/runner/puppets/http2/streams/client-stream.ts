import { constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import { Http2Stream } from './http2-stream.ts';
import { headersOf, type HeaderBlock, type RequestHead } from '../headers.ts';
import { invalidSession } from '../http2-errors.ts';
import { NativeHttp2Stream } from './native-http2-stream.ts';
import type { StreamOwner } from './stream-owner.ts';

/** Options of a request that go outside. */
export interface RequestOptions {
  readonly endStream: boolean;
  readonly waitForTrailers?: boolean | undefined;
  readonly exclusive?: boolean | undefined;
  readonly parent?: number | undefined;
}

/** A request of a program, or what a server pushes to it. */
export class ClientHttp2Stream extends Http2Stream {
  protected readonly isDumped = false;

  constructor(session: StreamOwner, shown: string) {
    super(session, shown);
    this.isHeadSent = true;
    this.on('headers', (headers: IncomingHttpHeaders & IncomingHttpStatusHeader) => {
      if (headers[':status'] === 100) this.emit('continue');
    });
  }

  /** What it sends. */
  prepare({ headers }: RequestHead, options: RequestOptions): void {
    this.sent = headers;
    this.isHeadOnly = options.endStream;
    this.hasTrailers = options.waitForTrailers === true;
    if (options.endStream) this.end();
  }

  /** Sends it: the connection stands, and so it has its number at once, as in Node. */
  start(id: number, { headers, shown }: RequestHead, options: RequestOptions, owner: StreamOwner): void {
    this.edge.connect('node:http2.ClientHttp2Session.request', [id, ...shown], () => {
      const native = owner.half?.native;
      if (native === undefined || !('request' in native)) throw invalidSession();
      const made = native.request(headers as never, options as never);
      // One without a number says itself what is wrong.
      if (made.id !== undefined && made.id !== id) {
        made.close(constants.NGHTTP2_CANCEL);
        throw new TypeError(`the stream is ${String(made.id)}, and was to be ${String(id)}`);
      }
      return new NativeHttp2Stream(made);
    });
    this.edge.state = 'open';
    this.ready(id);
  }

  /** The other side has opened it. @param half undefined on replay */
  stands(id: number, half: NativeHttp2Stream | undefined, isEnded: boolean): void {
    this.edge.stands(half);
    this.ready(id);
    this.isEndedByHead = isEnded;
    if (isEnded) this.push(null);
    this.isHeadOnly = true;
    this.end();
  }

  protected proceed(): void {}

  protected override onOther(name: string, value: unknown): void {
    if (name === 'push') {
      const block = value as HeaderBlock;
      this.emit(name, headersOf(block), block.flags);
    } else super.onOther(name, value);
  }
}

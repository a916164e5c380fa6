// The half outside of a stream of HTTP/2.
import type { Http2Stream, IncomingHttpHeaders } from 'node:http2';
import { NativeStream } from '../../socket/native-stream.ts';
import { blockOf } from '../headers.ts';

/** What is told when a stream is over. */
export interface ClosingFacts {
  readonly code: number | undefined;
}

/** Events with headers. */
const BLOCKS = ['headers', 'response', 'push', 'trailers'] as const;

/** One native stream. */
export class NativeHttp2Stream extends NativeStream<Http2Stream> {
  constructor(native: Http2Stream) {
    super(native);
    for (const name of BLOCKS)
      native.on(name as 'headers', (headers: IncomingHttpHeaders, flags: number, raw?: readonly string[]) =>
        this.arrive(name, blockOf(headers, flags, raw ?? [])),
      );
    // Without a listener Node sends none, and the program has not been asked yet.
    native.on('wantTrailers', () => this.arrive('wantTrailers'));
    native.on('frameError', (type, code, id) => this.arrive('frameError', [type, code, id]));
  }

  protected override closingFacts(): ClosingFacts {
    return { code: this.native.rstCode };
  }

  /** Resets it, unless it is over. */
  close(code: number): void {
    if (!this.native.closed && !this.native.destroyed) this.native.close(code);
  }
}

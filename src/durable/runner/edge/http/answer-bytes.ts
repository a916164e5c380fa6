// An answer as it comes over a connection, for Node's own parser.
import { pairs, type Answer, type Information } from './exchange.ts';

const CRLF = '\r\n';
const hasNoBody = (method: string, status: number): boolean => method === 'HEAD' || status === 204 || status === 304;

function headBytes(version: string, { status, message, head }: Information): Buffer {
  const lines = [`HTTP/${version} ${status} ${message}`, ...pairs(head).map(([name, value]) => `${name}: ${value}`), '', ''];
  return Buffer.from(lines.join(CRLF), 'latin1');
}

/** Writes an answer as HTTP/1.1, piece by piece. */
export class AnswerBytes {
  readonly #answer: Answer;
  readonly #hasBody: boolean;
  readonly #isChunked: boolean;
  readonly #isCounted: boolean;

  constructor(method: string, answer: Answer) {
    const named = pairs(answer.head);
    this.#answer = answer;
    this.#hasBody = !hasNoBody(method, answer.status);
    this.#isChunked = named.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value));
    this.#isCounted = named.some(([name]) => name.toLowerCase() === 'content-length');
  }

  /** What came before the answer, and its head. */
  head(): Buffer {
    const { before = [], version } = this.#answer;
    return Buffer.concat([...before, this.#answer].map((one) => headBytes(version, one)));
  }

  data(body: Uint8Array): Buffer {
    if (!this.#hasBody || body.length === 0) return Buffer.alloc(0);
    if (!this.#isChunked) return Buffer.from(body);
    return Buffer.concat([Buffer.from(body.length.toString(16) + CRLF), body, Buffer.from(CRLF)]);
  }

  end(trailers: readonly string[]): Buffer {
    if (!this.#hasBody || !this.#isChunked) return Buffer.alloc(0);
    return Buffer.from(['0', ...pairs(trailers).map(([name, value]) => `${name}: ${value}`), '', ''].join(CRLF), 'latin1');
  }

  /** Whether the connection ends with it. One that was cut stays cut. */
  endsConnection(isCut: boolean): boolean {
    return this.#hasBody && (isCut || !(this.#isChunked || this.#isCounted));
  }
}

import { constants, type OutgoingHttpHeaders } from 'node:http2';
import { ResproutError } from '../../../../../base/errors/errors.ts';
import { checkHeaders, copyOf, headersOf, sizeOf, type HeaderBlock, type SentHeaders } from '../headers.ts';
import { afterRespond, badInfoStatus, badStatus, headersSent, invalidStream, pushDisabled, switchingProtocols } from '../http2-errors.ts';
import { Http2Stream } from './http2-stream.ts';
import type { NativeHttp2Stream } from './native-http2-stream.ts';
import type { OpenedStream } from '../sessions/native-session.ts';
import type { StreamOwner } from './stream-owner.ts';

const { HTTP_STATUS_OK, HTTP_STATUS_NO_CONTENT, HTTP_STATUS_RESET_CONTENT, HTTP_STATUS_NOT_MODIFIED } = constants;

/** Answers without a body. */
const EMPTY: readonly number[] = [HTTP_STATUS_NO_CONTENT, HTTP_STATUS_RESET_CONTENT, HTTP_STATUS_NOT_MODIFIED];

interface RespondOptions {
  readonly endStream?: boolean | undefined;
  readonly waitForTrailers?: boolean | undefined;
  readonly sendDate?: boolean | undefined;
}

function refused(what: string, cure: string): ResproutError {
  return new ResproutError('PACKAGE_NEEDS_BOUNDARY', `${what} is not kept in a journal`, { tried: `stream.${what}()`, do: cure });
}

/** A request that a server of a program answers. */
export class ServerHttp2Stream extends Http2Stream {
  protected readonly isDumped = true;
  readonly #informed: OutgoingHttpHeaders[] = [];

  constructor(session: StreamOwner, { id, block, isEnded }: OpenedStream, half: NativeHttp2Stream | undefined) {
    const headers = headersOf(block);
    super(session, `answer to ${String(headers[':method'])} ${String(headers[':path'])}`);
    this.edge.stands(half);
    this.ready(id);
    this.isEndedByHead = isEnded;
    if (isEnded) this.push(null);
    if (headers[':method'] !== 'HEAD') return;
    // It has no body.
    this.isHeadRequest = true;
    this.isHeadOnly = true;
    this.end();
  }

  protected proceed(): void {
    this.respond();
  }

  respond(given: SentHeaders = {}, options: RespondOptions = {}): void {
    if (this.destroyed || this.closed) throw invalidStream();
    if (this.isHeadSent) throw headersSent();
    this.touch();
    const { headers, status } = answerHead(given, options);
    checkHeaders(headers, 'response');
    if (status < 200 || status > 599) throw badStatus(status);
    this.sent = headers;
    this.isHeadSent = true;
    const endStream = options.endStream === true;
    const waitForTrailers = options.waitForTrailers === true;
    if (waitForTrailers) this.hasTrailers = true;
    if (endStream || EMPTY.includes(status) || this.isHeadRequest) {
      this.isHeadOnly = true;
      this.end();
    }
    // The date is that of the session, and stands there already.
    this.act('respond', sizeOf(headers), ({ native }) => {
      if ('respond' in native)
        (native.respond as (head: unknown, how: object) => void)(headers, { endStream, waitForTrailers, sendDate: false });
    });
  }

  additionalHeaders(given: OutgoingHttpHeaders): void {
    if (this.destroyed || this.closed) throw invalidStream();
    if (this.isHeadSent) throw afterRespond();
    const headers = copyOf(given) as OutgoingHttpHeaders;
    if (headers[':status'] !== undefined && headers[':status'] !== null) {
      const status = Math.trunc(Number(headers[':status']));
      headers[':status'] = status;
      if (status === 101) throw switchingProtocols();
      if (!(status >= 100 && status < 200)) throw badInfoStatus(status);
    }
    checkHeaders(headers, 'response');
    this.#informed.push(headers);
    this.touch();
    this.act('info', sizeOf(headers), ({ native }) => {
      if ('additionalHeaders' in native) (native.additionalHeaders as (head: unknown) => void)(headers);
    });
  }

  get sentInfoHeaders(): readonly OutgoingHttpHeaders[] | undefined {
    return this.#informed.length === 0 ? undefined : this.#informed;
  }

  get pushAllowed(): boolean {
    const { session } = this;
    return !this.destroyed && !this.closed && session !== undefined && !session.closed && session.remoteSettings.enablePush === true;
  }

  pushStream(): void {
    if (!this.pushAllowed) throw pushDisabled();
    throw refused('pushStream', 'Answer the request itself: browsers and most clients do not take what is pushed');
  }

  respondWithFile(): void {
    throw refused('respondWithFile', 'Use stream.respond() and pipe fs.createReadStream(path) into the stream');
  }

  respondWithFD(): void {
    throw refused('respondWithFD', 'Use stream.respond() and pipe fs.createReadStream(path, { fd }) into the stream');
  }
}

/** The head of an answer with what Node puts there by itself. */
function answerHead(given: SentHeaders, { sendDate }: RespondOptions): { readonly headers: SentHeaders; readonly status: number } {
  const copy = copyOf(given);
  const isDated = sendDate === undefined || sendDate === null || sendDate;
  const date = (): string => new Date().toUTCString();
  if (Array.isArray(copy)) {
    const list = copy as string[];
    const at = (name: string): number => list.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name);
    const status = Math.trunc(Number(list[at(':status') + 1])) || HTTP_STATUS_OK;
    if (at(':status') < 0) list.unshift(':status', String(status));
    if (isDated && at('date') < 0) list.push('date', date());
    return { headers: list, status };
  }
  const headers = copy as OutgoingHttpHeaders;
  const status = Math.trunc(Number(headers[':status'] ?? 0)) || HTTP_STATUS_OK;
  headers[':status'] = status;
  if (isDated && (headers.date === undefined || headers.date === null)) headers.date = date();
  return { headers, status };
}

/** What a program is told of a request. */
export const toldOf = (block: HeaderBlock): readonly unknown[] => [headersOf(block), block.flags, block.raw];

// A stream of HTTP/2 of a program, as Node's own: what it says of itself is decided here; frames, and what the other side does, come from the
// journal.
import { constants, type OutgoingHttpHeaders } from 'node:http2';
import { Duplex } from 'node:stream';
import { requireSession } from '../../here.ts';
import { lostConnection, lostError } from '../../lost.ts';
import { SocketEdge, type EdgeOwner } from '../../socket/socket-edge.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import { checkHeaders, copyOf, headersOf, objectOf, sizeOf, type HeaderBlock, type SentHeaders } from '../headers.ts';
import { invalidStream, streamError, trailersNotReady, trailersSent } from '../http2-errors.ts';
import { nameOfCode } from '../codes.ts';
import { setTimeoutOf } from '../idle.ts';
import { NativeHttp2Stream, type ClosingFacts } from './native-http2-stream.ts';
import type { StreamOwner } from './stream-owner.ts';

type Done = (error?: Error | null) => void;

const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_FLAG_END_STREAM } = constants;

const CURE = 'Ask again where this error is caught, or make what is asked one activity()';

/** A chunk of `_writev`. */
interface Chunk {
  readonly chunk: unknown;
  readonly encoding: BufferEncoding;
}

const bytesOf = (chunk: unknown, encoding: BufferEncoding): Uint8Array =>
  typeof chunk === 'string' ? Buffer.from(chunk, encoding) : (chunk as Uint8Array);

/** What streams of clients and of servers have in common. */
export abstract class Http2Stream extends Duplex implements EdgeOwner {
  static {
    // For Node's types a field; it is a getter, as here.
    Object.defineProperty(this.prototype, 'closed', {
      configurable: true,
      get(this: Http2Stream) {
        return this.#isClosed;
      },
    });
  }

  declare readonly closed: boolean;
  /** Milliseconds of `setTimeout`. */
  timeout?: number;
  readonly #edge: SocketEdge;
  readonly #replaySession: Session;
  #session: StreamOwner | undefined;
  #id: number | undefined;
  #isClosed = false;
  #isAborted = false;
  #isTrailersReady = false;
  #hasRead = false;
  #rstCode: number = NGHTTP2_NO_ERROR;
  #sentTrailers: OutgoingHttpHeaders | undefined;
  protected sent: SentHeaders | undefined;
  protected isHeadSent = false;
  protected isHeadRequest = false;
  protected hasTrailers = false;
  protected isEndedByHead = false;
  /** Nothing but headers is sent: they carry the end. */
  protected isHeadOnly = false;

  constructor(session: StreamOwner, shown: string, options: object = {}) {
    super({ ...options, allowHalfOpen: true, decodeStrings: false, autoDestroy: false });
    // What is written waits until the stream has a number.
    this.cork();
    this.#session = session;
    this.#replaySession = requireSession();
    this.#edge = new SocketEdge(this.#replaySession, 'stream', this, shown);
    session.streams.add(this);
  }

  /** The edge, for what only one side does. */
  protected get edge(): SocketEdge {
    return this.#edge;
  }

  /** It has a number: what was written leaves. */
  protected ready(id: number): void {
    this.#id = id;
    this.uncork();
    this.emit('ready');
  }

  /** Sends the head, when the program writes without having said it. */
  protected abstract proceed(): void;

  /** Whether a side that nobody reads is emptied. */
  protected abstract readonly isDumped: boolean;

  // What happens outside.

  onEvent(name: string, value: unknown): void {
    if (this.destroyed) return;
    // That nothing happens is nothing that happens.
    if (name !== 'timeout') this.touch();
    switch (name) {
      case 'timeout':
        this.emit(name);
        return;
      case 'data':
        this.push(value);
        return;
      case 'end':
        this.push(null);
        this.read(0);
        return;
      case 'close':
        return this.#closedOutside((value as ClosingFacts | undefined)?.code ?? NGHTTP2_NO_ERROR);
      case 'error': {
        const { error, code } = value as { readonly error: Error } & ClosingFacts;
        if (!this.#isClosed) this.#closeHere(code === undefined || code === NGHTTP2_NO_ERROR ? NGHTTP2_INTERNAL_ERROR : code);
        this.destroy(error);
        return;
      }
      case 'wantTrailers':
        this.#isTrailersReady = true;
        if (!this.#isClosed && !this.emit('wantTrailers')) this.sendTrailers({});
        return;
      default:
        return this.onOther(name, value);
    }
  }

  /** Headers, and what only one side hears. */
  protected onOther(name: string, value: unknown): void {
    if (Array.isArray(value)) this.emit(name, ...(value as unknown[]));
    else this.#block(name, value as HeaderBlock);
  }

  #block(name: string, block: HeaderBlock): void {
    this.emit(name, headersOf(block), block.flags, block.raw);
    // Nothing can come before the end of a head that says so; data may be on its way before trailers.
    if (name === 'response' && (block.flags & NGHTTP2_FLAG_END_STREAM) !== 0 && !this.destroyed) this.push(null);
  }

  /** As Node when a stream is closed: what was read is still given, and then it goes. */
  #closedOutside(code: number): void {
    if (!this.#isClosed) this.#closeHere(code);
    if (!this.readable || code !== NGHTTP2_NO_ERROR) {
      this.destroy();
      return;
    }
    this.on('end', () => this.destroy());
    this.push(null);
    if (this.isDumped && !this.#hasRead && this.readableFlowing === null) this.resume();
    else this.read(0);
  }

  onLost(heard: number): void {
    if (this.destroyed) return;
    const { conversation } = this.#edge;
    this.destroy(lostConnection(lostError(conversation.shown, heard, conversation, CURE)));
  }

  get isHeeded(): boolean {
    return !this.destroyed;
  }

  // What the program does.

  /** Something happens to it: its timeout and that of its session begin again. */
  protected touch(): void {
    this.#edge.timer.refresh();
    this.#session?.touch();
  }

  override _read(): void {
    if (this.destroyed) {
      this.push(null);
      return;
    }
    this.#hasRead = true;
    if (this.#edge.state === 'open' || this.#edge.state === 'connecting') this.#edge.ask();
    else if (this.#edge.state === 'new') this.once('ready', () => this.#edge.ask());
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: Done): void {
    this._writev([{ chunk, encoding }], done);
  }

  override _writev(chunks: readonly Chunk[], done: Done): void {
    if (this.pending) {
      this.once('ready', () => this._writev(chunks, done));
      return;
    }
    if (this.destroyed) return;
    this.touch();
    if (!this.headersSent) this.proceed();
    if (this.#edge.state !== 'open') done();
    else this.#edge.write(Buffer.concat(chunks.map((one) => bytesOf(one.chunk, one.encoding))), done);
  }

  override _final(done: Done): void {
    if (this.pending && !this.destroyed) {
      this.once('ready', () => this._final(done));
      return;
    }
    if (this.#edge.state !== 'open' || this.isHeadOnly) done();
    else this.#edge.end(done);
  }

  sendTrailers(given: OutgoingHttpHeaders): void {
    if (this.destroyed || this.#isClosed) throw invalidStream();
    if (this.#sentTrailers !== undefined) throw trailersSent();
    if (!this.#isTrailersReady) throw trailersNotReady();
    const headers = copyOf(given) as OutgoingHttpHeaders;
    this.touch();
    checkHeaders(headers, 'trailers');
    this.#sentTrailers = headers;
    this.hasTrailers = false;
    this.act('trailers', sizeOf(headers), (half) => half.native.sendTrailers(headers));
  }

  /** Does something outside. What Node refuses there, the stream ends with. */
  protected act(name: string, size: number, act: (half: NativeHttp2Stream) => void): void {
    this.#edge.act(name, size, (half) => {
      if (!(half instanceof NativeHttp2Stream)) return;
      try {
        act(half);
      } catch (error) {
        if (!half.native.destroyed) half.arrive('error', { error, code: NGHTTP2_INTERNAL_ERROR });
      }
    });
  }

  close(code: number = NGHTTP2_NO_ERROR, callback?: () => void): void {
    if (this.#isClosed) return;
    if (callback !== undefined) this.once('close', callback);
    const isEnding = this.writableEnded;
    this.#closeHere(code);
    const reset = (): void => {
      if (this.#edge.state === 'open' || this.#edge.state === 'connecting') this.act('close', code, (half) => half.close(code));
    };
    const finish = (): void => {
      if (!this.pending) return reset();
      this.push(null);
      this.once('ready', reset);
    };
    if (!isEnding || this.writableFinished || code !== NGHTTP2_NO_ERROR) finish();
    else this.once('finish', finish);
  }

  #closeHere(code: number): void {
    this.#isClosed = true;
    this.#rstCode = code;
    this.setTimeout(0);
    this.removeAllListeners('timeout');
    if (this.writableEnded) return;
    if (!this.#isAborted) {
      this.#isAborted = true;
      this.emit('aborted');
    }
    this.end();
  }

  override _destroy(given: Error | null, done: Done): void {
    const session = this.#session;
    const sessionCode = session?.endCode ?? NGHTTP2_NO_ERROR;
    let code = this.#isClosed ? this.#rstCode : sessionCode;
    if (given !== null && given !== undefined)
      code = sessionCode || (given.name === 'AbortError' ? NGHTTP2_CANCEL : NGHTTP2_INTERNAL_ERROR);
    const { state } = this.#edge;
    const isStanding = state === 'open' || state === 'connecting';
    const wasClosed = this.#isClosed;
    if (!wasClosed) this.#closeHere(code);
    this.push(null);
    if (isStanding && !wasClosed) this.act('close', code, (half) => half.close(code));
    this.#edge.destroy(!isStanding, false);
    const error =
      (given ?? undefined) === undefined && code !== NGHTTP2_NO_ERROR && code !== NGHTTP2_CANCEL ? streamError(nameOfCode(code)) : given;
    this.#session = undefined;
    session?.streams.delete(this);
    if (session !== undefined) process.nextTick(() => session.maybeDestroy());
    done(error);
  }

  setTimeout(ms: number, callback?: () => void): this {
    setTimeoutOf(this, this.#edge.timer, ms, callback);
    return this;
  }

  /** What Node does with it: nothing any more. */
  priority(): void {
    if (this.destroyed) throw invalidStream();
  }

  // What is known of it.

  get id(): number | undefined {
    return this.#id;
  }

  get pending(): boolean {
    return this.#id === undefined;
  }

  get session(): StreamOwner | undefined {
    return this.#session;
  }

  get aborted(): boolean {
    return this.#isAborted;
  }

  get rstCode(): number {
    return this.#rstCode;
  }

  get headersSent(): boolean {
    return this.isHeadSent;
  }

  get headRequest(): boolean {
    return this.isHeadRequest;
  }

  get endAfterHeaders(): boolean {
    return this.isEndedByHead;
  }

  get sentHeaders(): OutgoingHttpHeaders | undefined {
    return this.sent === undefined ? undefined : objectOf(this.sent);
  }

  get sentTrailers(): OutgoingHttpHeaders | undefined {
    return this.#sentTrailers;
  }

  get bufferSize(): number {
    return this.writableLength;
  }

  /** Windows and weights as they are now: a recorded read. */
  get state(): object {
    if (this.destroyed || this.pending) return {};
    return this.#replaySession.world.callSync('node:http2.Http2Stream.state', [this.#id], true, () => {
      const { half, conversation } = this.#edge;
      if (!(half instanceof NativeHttp2Stream)) throw lostError(conversation.shown, 0, conversation, CURE);
      return { ...half.native.state };
    });
  }
}

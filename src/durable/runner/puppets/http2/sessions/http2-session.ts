// A session of HTTP/2 of a program, above a connection of its own.
// 1. The connection is a puppet: when it stands, its half outside is given to Node's session, and of its data nothing more comes to the program.
// 2. What ends the connection ends the session, as in Node: so a crash is ECONNRESET, with LIVE_OBJECT_LOST as its cause.
// 3. Streams have conversations of their own; what they are closed with comes by those.
import { EventEmitter } from 'node:events';
import { constants, getPackedSettings, type Settings } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Conversation } from '../../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../../replay/objects/local-half.ts';
import type { Session } from '../../../../replay/session/session-api.ts';
import { requireSession } from '../../here.ts';
import { lostError } from '../../lost.ts';
import { IdleTimer } from '../../socket/idle-timer.ts';
import type { PuppetSocket } from '../../socket/puppet-socket.ts';
import { Asked, cancelPing, type PingCallback, type SettingsCallback } from './asked.ts';
import { invalidSession, pingLength, sessionError, socketBound, socketClosed, streamCancelled } from '../http2-errors.ts';
import { setTimeoutOf } from '../idle.ts';
import { NativeSession, type OpenedStream } from './native-session.ts';
import { socketOfSession } from './session-socket.ts';
import type { StreamOwner } from '../streams/stream-owner.ts';

const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL } = constants;

/** What a session has before either side has said anything. */
const DEFAULTS: Settings & { readonly maxHeaderSize: number } = {
  headerTableSize: 4096,
  enablePush: true,
  initialWindowSize: 65_535,
  maxFrameSize: 16_384,
  maxConcurrentStreams: 4_294_967_295,
  maxHeaderListSize: 4_294_967_295,
  maxHeaderSize: 4_294_967_295,
  enableConnectProtocol: false,
};

const CURE = 'Connect again where this error is caught, or make what is asked one activity()';

type Native = NativeSession['native'];

const bound = new WeakSet<Duplex>();

interface StreamLike extends Duplex {
  readonly pending: boolean;
  close(code: number): void;
}

/** How the half outside is made. */
export interface SessionKind {
  readonly fn: string;
  readonly type: number;
  /** What counts on replay. */
  readonly shown: readonly unknown[];
  make(socket: Duplex): Native;
}

/** What sessions of clients and of servers have in common. */
export abstract class Http2Session extends EventEmitter implements LocalHalf, StreamOwner {
  /** Milliseconds of `setTimeout`. */
  timeout?: number;
  readonly streams: Set<Duplex> = new Set();
  protected readonly conversation: Conversation;
  readonly #session: Session;
  readonly #kind: SessionKind;
  readonly #timer: IdleTimer;
  readonly #asked = new Asked();
  #socket: PuppetSocket | undefined;
  #shownSocket: object | undefined;
  #half: NativeSession | undefined;
  #isReady = false;
  #isClosed = false;
  #isDestroyed = false;
  #destroyCode: number = NGHTTP2_NO_ERROR;
  #goaway: { readonly code: number; readonly lastStreamID: number } | undefined;
  #pendingAcks = 0;
  #localSettings: Settings = DEFAULTS;
  #remoteSettings: Settings;
  #isEncrypted = false;
  #alpn: string | undefined;

  constructor(socket: PuppetSocket, kind: SessionKind) {
    super();
    if (bound.has(socket)) throw socketBound();
    bound.add(socket);
    this.#session = requireSession();
    this.#kind = kind;
    this.#socket = socket;
    // As nghttp2 takes the other side until it has said something.
    this.#remoteSettings = { ...DEFAULTS, maxConcurrentStreams: 100 };
    this.conversation = this.#session.world.conversation({ half: this, shown: 'HTTP/2 session', isPart: true });
    // The connection keeps the program alive.
    this.conversation.setRef(false);
    this.#timer = new IdleTimer(!this.#session.replaying, (turn) => this.conversation.arrive('timeout', turn));
    socket.on('error', (error: Error) => this.#onSocketError(error));
    socket.on('close', () => this.#onSocketClose());
    socket.setNoDelay();
    const isSecuring = Reflect.get(socket, 'secureConnecting') === true;
    if (socket.connecting || isSecuring) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.#setUp(socket));
    else this.#setUp(socket);
  }

  #setUp(socket: PuppetSocket): void {
    const tell = (): void => process.nextTick(() => this.emit('connect', this, socket));
    if (this.#isDestroyed) return tell();
    this.#isReady = true;
    this.#isEncrypted = 'encrypted' in socket;
    this.#alpn = this.#isEncrypted ? (Reflect.get(socket, 'alpnProtocol') as string) : 'h2c';
    this.#pendingAcks++;
    const early = socket.takeOver();
    const { fn, shown, make } = this.#kind;
    this.conversation.open(fn, [...shown, early.length], () => this.#makeOutside(socket, early, make));
    tell();
  }

  #makeOutside(socket: PuppetSocket, early: Uint8Array, make: (socket: Duplex) => Native): void {
    const { half } = socket.edge;
    const arrive = (name: string, value?: unknown): void => this.conversation.arrive(name, value);
    // It went meanwhile, and says so.
    if (half === undefined || half.native.destroyed) return;
    try {
      const flow = half.takeOver(early);
      this.#half = new NativeSession(make(half.native), arrive);
      flow();
    } catch (error) {
      arrive('error', error);
    }
  }

  // What happens outside.

  /** It does not come again: its connection says that it is lost. */
  wake(): undefined {
    this.#timer.wake();
  }

  dispose(): void {
    this.#timer.clear();
    this.#half?.destroy();
  }

  take(name: string, value: unknown): void {
    if (this.#isDestroyed) return;
    if (name === 'timeout') {
      if (this.#timer.isDue(value)) this.emit('timeout');
      return;
    }
    this.touch();
    switch (name) {
      case 'stream':
        return this.#opened(value as OpenedStream);
      case 'error':
        return this.destroy(value as Error);
      case 'goaway':
        return this.#onGoaway(value as [code: number, lastStreamID: number, data: Buffer | undefined]);
      case 'localSettings':
        this.#pendingAcks--;
        this.#localSettings = value as Settings;
        this.emit(name, value);
        return;
      case 'remoteSettings':
        this.#remoteSettings = value as Settings;
        this.emit(name, value);
        return;
      case 'pong':
        return this.#asked.answerPing(value as [number, ...Parameters<PingCallback>]);
      case 'settled':
        return this.#asked.answerSettings(value as [number, ...Parameters<SettingsCallback>]);
      default:
        this.emit(name, ...(value as unknown[]));
    }
  }

  #opened(opened: OpenedStream): void {
    if (this.#isClosed) {
      this.effect('refuse', opened.id, (half) => half.takeStream(opened.id)?.close(constants.NGHTTP2_REFUSED_STREAM));
      return;
    }
    this.onStream(opened);
  }

  /** The other side has opened a stream. */
  protected abstract onStream(opened: OpenedStream): void;

  #onGoaway([code, lastStreamID, data]: [code: number, lastStreamID: number, data: Buffer | undefined]): void {
    this.#goaway = { code, lastStreamID };
    this.emit('goaway', code, lastStreamID, data);
    if (code === NGHTTP2_NO_ERROR) this.close();
    else this.destroy(sessionError(code), NGHTTP2_NO_ERROR);
  }

  #onSocketError(error: Error & { readonly code?: string }): void {
    if (this.#isDestroyed) return;
    // The other side may go after it has said so. A connection that a crash took has not.
    if (error.code === 'ECONNRESET' && error.cause === undefined && this.#goaway !== undefined) this.destroy();
    else this.destroy(error);
  }

  #onSocketClose(): void {
    if (this.#isDestroyed) return;
    const error = this.#isReady ? undefined : socketClosed();
    for (const stream of this.streams) (stream as StreamLike).close(NGHTTP2_CANCEL);
    this.close();
    if (!this.destroyed) this.#end(NGHTTP2_NO_ERROR, error, false);
  }

  // What the program does.

  /** Does something outside. What Node refuses there, the session ends with. */
  protected effect(name: string, size: number, act: (half: NativeSession) => void): void {
    this.touch();
    this.conversation.effect(name, size, () => {
      const half = this.#half;
      if (half === undefined) return;
      try {
        act(half);
      } catch (error) {
        this.conversation.arrive('error', error);
      }
    });
  }

  /** As Node, which waits for the connection. */
  #whenReady(run: () => void): void {
    if (this.connecting) this.once('connect', run);
    else run();
  }

  ping(...given: unknown[]): boolean | undefined {
    if (this.#isDestroyed) throw invalidSession();
    const [payload, callback] = (typeof given[0] === 'function' ? [undefined, given[0]] : given) as [Uint8Array | undefined, PingCallback];
    if (payload !== undefined && payload !== null && payload.byteLength !== 8) throw pingLength();
    if (this.connecting || this.#isClosed) {
      process.nextTick(cancelPing, callback);
      return undefined;
    }
    const serial = this.#asked.ping(callback);
    const bytes = payload === undefined || payload === null ? undefined : Buffer.from(payload);
    this.effect('ping', bytes?.length ?? 0, ({ native }) => {
      const tell: PingCallback = (...answer) => this.conversation.arrive('pong', [serial, ...answer]);
      if (bytes === undefined) native.ping(tell);
      else native.ping(bytes, tell);
    });
    return true;
  }

  settings(given: Settings, callback?: SettingsCallback): void {
    if (this.#isDestroyed) throw invalidSession();
    // Refuses them in the words of Node.
    getPackedSettings(given);
    const settings = { ...given };
    this.#pendingAcks++;
    const serial = this.#asked.settings(callback);
    this.#whenReady(() => {
      if (this.#isDestroyed) return;
      this.effect('settings', Object.keys(settings).length, ({ native }) =>
        native.settings(settings, (...answer) => this.conversation.arrive('settled', [serial, ...answer])),
      );
    });
  }

  goaway(code: number = NGHTTP2_NO_ERROR, lastStreamID = 0, data?: NodeJS.ArrayBufferView): void {
    if (this.#isDestroyed) throw invalidSession();
    const bytes = data === undefined ? undefined : Buffer.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#whenReady(() => {
      if (!this.#isDestroyed) this.effect('goaway', code, ({ native }) => native.goaway(code, lastStreamID, bytes));
    });
  }

  close(callback?: () => void): void {
    if (this.#isClosed || this.#isDestroyed) return;
    this.#isClosed = true;
    // It ends by itself: nobody has forgotten it.
    if (this.#socket !== undefined) this.#socket.edge.isClosing = true;
    if (typeof callback === 'function') this.once('close', callback);
    this.#whenReady(() => {
      if (!this.#isDestroyed) this.effect('close', 0, (half) => half.close());
    });
    this.maybeDestroy();
  }

  maybeDestroy(): void {
    if (!this.#isClosed || this.#isDestroyed || this.streams.size > 0) return;
    // The half outside goes by itself when all that was said has left.
    this.#end(NGHTTP2_NO_ERROR, undefined, false);
  }

  destroy(given?: Error | number | null, code?: number): void {
    if (this.#isDestroyed) return;
    const isCode = typeof given === 'number';
    const error = isCode ? (given === NGHTTP2_NO_ERROR ? undefined : sessionError(given)) : (given ?? undefined);
    const all = isCode ? given : (code ?? (error === undefined ? NGHTTP2_NO_ERROR : NGHTTP2_INTERNAL_ERROR));
    this.#end(all, error, true);
  }

  #end(code: number, error: Error | undefined, isAtOnce: boolean): void {
    this.#isDestroyed = true;
    this.#destroyCode = code;
    this.#timer.clear();
    this.removeAllListeners('timeout');
    const streams = [...this.streams] as StreamLike[];
    for (const stream of streams.filter(({ pending }) => pending)) stream.destroy(streamCancelled(error));
    for (const stream of streams.filter(({ pending }) => !pending)) stream.destroy(error);
    this.#asked.cancel();
    const socket = this.#socket;
    const isStanding = socket !== undefined && !socket.destroyed;
    if (this.#isReady && isAtOnce && isStanding) this.conversation.effect('destroy', code, () => this.#half?.destroy(code));
    if (!this.#isReady) socket?.destroy();
    this.conversation.over();
    if (socket !== undefined) socket.edge.isClosing = true;
    this.#socket = undefined;
    const tell = (): void => {
      this.onEnd();
      if (error !== undefined) this.emit('error', error);
      this.emit('close');
    };
    if (isStanding) {
      socket.on('close', tell);
      // What comes after its end is of no use to anybody.
      socket.resume();
    } else process.nextTick(tell);
  }

  /** It is over, and says so next. */
  protected onEnd(): void {}

  setNextStreamID(id: number): void {
    if (this.#isDestroyed) throw invalidSession();
    this.effect('setNextStreamID', id, ({ native }) => (native as Native & { setNextStreamID(next: number): void }).setNextStreamID(id));
  }

  setLocalWindowSize(size: number): void {
    if (this.#isDestroyed) throw invalidSession();
    this.effect('setLocalWindowSize', size, ({ native }) => native.setLocalWindowSize(size));
  }

  setTimeout(ms: number, callback?: () => void): this {
    setTimeoutOf(this, this.#timer, ms, callback);
    return this;
  }

  touch(): void {
    if (!this.#isDestroyed) this.#timer.refresh();
  }

  ref(): void {
    this.#socket?.ref();
  }

  unref(): void {
    this.#socket?.unref();
  }

  // What is known of it.

  get half(): NativeSession | undefined {
    return this.#half;
  }

  get endCode(): number {
    return this.#goaway?.code || this.#destroyCode;
  }

  get type(): number {
    return this.#kind.type;
  }

  /** Nothing when it is over, as in Node. */
  get socket(): object | undefined {
    if (this.#socket === undefined) return undefined;
    this.#shownSocket ??= socketOfSession(this, () => this.#socket);
    return this.#shownSocket;
  }

  get connecting(): boolean {
    return !this.#isReady;
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  get destroyed(): boolean {
    return this.#isDestroyed;
  }

  get encrypted(): boolean | undefined {
    return this.#isReady ? this.#isEncrypted : undefined;
  }

  get alpnProtocol(): string | undefined {
    return this.#isReady ? this.#alpn : undefined;
  }

  get localSettings(): Settings {
    return this.#isReady ? this.#localSettings : {};
  }

  get remoteSettings(): Settings {
    return this.#isReady ? this.#remoteSettings : {};
  }

  get pendingSettingsAck(): boolean {
    return this.#pendingAcks > 0;
  }

  get goawayCode(): number {
    return this.#goaway?.code ?? NGHTTP2_NO_ERROR;
  }

  get goawayLastStreamID(): number {
    return this.#goaway?.lastStreamID ?? 0;
  }

  /** Windows and queues as they are now: a recorded read. */
  get state(): object {
    if (this.connecting || this.#isDestroyed) return {};
    return this.#read('state', (native) => ({ ...native.state }));
  }

  /** The origins that the other side answers for: a recorded read. */
  get originSet(): readonly string[] | undefined {
    if (this.encrypted !== true || this.#isDestroyed) return undefined;
    return this.#read('originSet', (native) => [...(native.originSet ?? [])]);
  }

  /** After everything that was done to it. */
  #read<T>(name: string, read: (native: Native) => T): T {
    return this.#session.world.callSync(`node:http2.Http2Session.${name}`, [], true, () => {
      if (this.#half === undefined) throw lostError('HTTP/2 session', 0, this.conversation, CURE);
      return read(this.#half.native);
    });
  }
}

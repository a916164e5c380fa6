// A socket of a program: Node's own class, with the edge below it. Its source is the journal.
import type net from 'node:net';
import type { SocketConstructorOpts } from 'node:net';
import { requireSession } from '../here.ts';
import { ownConnection } from '../net/own-servers.ts';
import { lostConnection, lostError } from '../lost.ts';
import { natives } from '../natives.ts';
import { NodeSocketClass } from './node-socket.ts';
import { connectArguments, shownTarget, type ConnectOptions } from './connect-options.ts';
import { NativeStream, type Note } from './native-stream.ts';
import { SocketEdge, type EdgeKind, type EdgeOwner } from './socket-edge.ts';
import { withOwnLookup } from './own-lookup.ts';
import { ReadInto, type OnRead } from './read-into.ts';

type Done = (error?: Error | null) => void;

/** What is known of a connection that stands. */
export interface ConnectionFacts {
  readonly local: net.AddressInfo | Record<string, never>;
  readonly remote: net.AddressInfo | Record<string, never>;
}

/** Who follows what comes over a connection. */
export interface SocketWatcher {
  /** Bytes come, before they are read. */
  bytes(): void;
  /** Its event has come. */
  late(turn: unknown): void;
}

/** Addresses of a native socket. */
export function connectionFacts(native: net.Socket): ConnectionFacts {
  const { remoteAddress: address, remoteFamily: family, remotePort: port } = native;
  const local = native.address();
  return {
    local: 'address' in local ? local : {},
    remote: address === undefined || family === undefined || port === undefined ? {} : { address, family, port },
  };
}

export interface PuppetSocketOptions extends SocketConstructorOpts {
  readonly edge?: EdgeKind;
  readonly shown?: string;
  readonly highWaterMark?: number;
  readonly pauseOnCreate?: boolean;
}

/** Base methods of Node's socket that its types leave out. */
const base = natives.Socket.prototype as unknown as {
  _read(size: number): void;
  _writeGeneric(isMany: boolean, data: unknown, encoding: string, done: Done): unknown;
  _final(done: Done): void;
};

/** The puppet of `net.Socket`. */
export class PuppetSocket extends NodeSocketClass implements EdgeOwner {
  /** Whether an object is one. */
  static isPuppet(this: void, value: object): value is PuppetSocket {
    return #edge in value;
  }

  #edge: SocketEdge;
  #facts: ConnectionFacts = { local: {}, remote: {} };
  #bytesRead = 0;
  #bytesWritten = 0;
  #isReset = false;
  #readInto: ReadInto | undefined;
  #watcher: SocketWatcher | undefined;

  constructor(options?: PuppetSocketOptions) {
    const {
      fd,
      edge = 'connection',
      shown = 'socket',
      onread,
      ...rest
    } = (typeof options === 'object' && options !== null ? options : {}) as PuppetSocketOptions & {
      readonly fd?: number;
      readonly onread?: OnRead;
      readonly handle?: unknown;
    };
    super({ ...rest, handle: undefined } as SocketConstructorOpts);
    this.#edge = new SocketEdge(requireSession(), edge, this, shown);
    this.#readInto = ReadInto.of(onread);
    const descriptor = typeof options === 'number' ? options : fd;
    if (descriptor !== undefined) this.#openDescriptor(descriptor, rest);
  }

  #openDescriptor(fd: number, options: object): void {
    const facts = this.#edge.conversation.openNow('node:net.Socket', [fd], () => {
      try {
        const native = new natives.Socket({ ...options, fd });
        this.bind(new NativeStream(native));
        return connectionFacts(native);
      } catch (error) {
        return { thrown: error };
      }
    });
    if (typeof facts === 'object' && facts !== null && 'thrown' in facts) throw facts.thrown;
    this.#facts = facts as ConnectionFacts;
    if (this.#edge.half === undefined) this.bind(undefined);
    else this.read(0);
  }

  /** The edge, for halves outside that need this one's: the output of one child that is the input of another, STARTTLS. */
  get edge(): SocketEdge {
    return this.#edge;
  }

  /** From now on somebody follows it. */
  watch(watcher: SocketWatcher): void {
    this.#watcher = watcher;
  }

  /** It stands already. @param half undefined on replay */
  bind(half: NativeStream | undefined, facts?: ConnectionFacts): void {
    if (facts !== undefined) this.#facts = facts;
    this.#edge.stands(half);
  }

  /** A protocol whose half outside takes over the one of this socket. @returns what had come and was not read */
  takeOver(): Uint8Array {
    const chunks: Uint8Array[] = [];
    for (let chunk: unknown = this.read(); chunk !== null; chunk = this.read())
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, this.readableEncoding ?? 'utf8') : (chunk as Uint8Array));
    this.#edge.takeOver();
    return Buffer.concat(chunks);
  }

  // What happens outside.

  onEvent(name: string, value: unknown): void {
    switch (name) {
      case 'connect':
        return this.#connected(value as { readonly facts: ConnectionFacts; readonly notes: readonly Note[] });
      case 'data':
        return this.#data(value as Buffer);
      case 'end':
        this.push(null);
        this.read(0);
        return;
      case 'error': {
        const { error, notes } = value as { readonly error: Error; readonly notes: readonly Note[] };
        this.#tell(notes);
        this.connecting = false;
        this.destroy(error);
        return;
      }
      case 'close':
        return this.#closed();
      case 'timeout':
        this.emit('timeout');
        return;
      case 'late':
        return this.#watcher?.late(value);
      default:
        this.onOther(name, value);
    }
  }

  /** Events of subclasses. */
  protected onOther(name: string, value: unknown): void {
    this.emit(name, value);
  }

  #tell(notes: readonly Note[]): void {
    for (const [name, ...args] of notes) this.emit(name, ...args);
  }

  #connected({ facts, notes }: { readonly facts: ConnectionFacts; readonly notes: readonly Note[] }): void {
    this.#tell(notes);
    this.#facts = facts;
    this.connecting = false;
    this.#edge.timer.refresh();
    this.onConnected();
  }

  /** Says that it stands. */
  protected onConnected(): void {
    this.emit('connect');
    this.emit('ready');
    if (!this.isPaused()) this.read(0);
  }

  #data(chunk: Buffer): void {
    if (this.destroyed) return;
    this.#watcher?.bytes();
    if (this.#readInto === undefined) this.push(chunk);
    else if (this.#readInto.take(this as unknown as net.Socket, chunk)) this.#edge.ask();
  }

  /** The half outside went without an end or an error that was told: the program sees an end. */
  #closed(): void {
    if (this.destroyed) return;
    if (this.#edge.kind === 'connection') {
      this.push(null);
      this.read(0);
      if (!this.writableFinished) this.destroy();
    } else if (this.#edge.kind === 'input') this.destroy();
    else {
      this.push(null);
      this.read(0);
    }
  }

  onLost(heard: number): void {
    if (this.destroyed) return;
    this.connecting = false;
    const { conversation, kind } = this.#edge;
    const lost = lostError(
      conversation.shown,
      heard,
      conversation,
      'Connect again where this error is caught, or make what is asked one activity()',
    );
    this.destroy(kind === 'connection' ? lostConnection(lost) : lost);
  }

  get isHeeded(): boolean {
    if (this.destroyed || this.readableEnded) return false;
    return this.readableFlowing !== null || ['data', 'readable', 'error'].some((name) => this.listenerCount(name) > 0);
  }

  // What the program does.

  connect(...given: unknown[]): this {
    const { options, callback } = connectArguments(given);
    // What Node refuses, it refuses in its own words.
    if (options === undefined) return Reflect.apply(natives.Socket.prototype.connect, this, given) as this;
    this.prepare(callback);
    if (this.destroyed) {
      this._undestroy?.();
      this._peername = null;
      this.#edge = new SocketEdge(requireSession(), 'connection', this, this.#edge.conversation.shown);
    }
    this.connecting = true;
    this._host = options.host ?? null;
    withOwnLookup(this as unknown as net.Socket, options, (found) => {
      if (this.#edge.state === 'new' && this.connecting) this.open(found);
    });
    return this;
  }

  /** Registers the function that is told of the connection. */
  protected prepare(callback: ((...args: unknown[]) => void) | undefined): void {
    if (callback !== undefined) this.once('connect', callback);
  }

  /** Opens the half outside. */
  protected open(options: ConnectOptions): void {
    const target = shownTarget(options);
    const opener = (): NativeStream => {
      const native = new natives.Socket({ ...options, allowHalfOpen: true, readable: true, writable: true });
      const half = new NativeStream(native).note(options.lookup !== undefined);
      native.on('connect', () => half.arrive('connect', { facts: connectionFacts(native), notes: half.takeNotes() }));
      native.connect(options as net.SocketConnectOpts);
      return half;
    };
    this.#edge.connect('node:net.connect', [target], opener, ownConnection(requireSession(), target));
  }

  override _read(size: number): void {
    if (this.#edge.state === 'open') this.#edge.ask();
    else if (this.connecting || this.#edge.state === 'new') base._read.call(this, size);
  }

  _writeGeneric(isMany: boolean, data: unknown, encoding: BufferEncoding, done: Done): unknown {
    // Not connected yet, or not any more: Node's own waits and errors.
    if (this.connecting || this.#edge.state !== 'open') return base._writeGeneric.call(this, isMany, data, encoding, done);
    this._pendingData = null;
    const bytes = (chunk: unknown, as: BufferEncoding): Uint8Array =>
      typeof chunk === 'string' ? Buffer.from(chunk, as) : (chunk as Uint8Array);
    const all = isMany
      ? Buffer.concat(
          (data as { readonly chunk: unknown; readonly encoding: BufferEncoding }[]).map((one) => bytes(one.chunk, one.encoding)),
        )
      : bytes(data, encoding);
    this.#edge.write(all, done);
    return undefined;
  }

  override _final(done: Done): void {
    if (this.connecting) return base._final.call(this, done);
    const { state, kind } = this.#edge;
    if (state !== 'open' || (kind === 'output' && this.readableEnded)) done();
    else this.#edge.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.connecting = false;
    this.#bytesRead = this.#edge.bytesRead;
    this.#bytesWritten = this.#edge.bytesWritten;
    const isReset = this.#isReset;
    this.#isReset = false;
    this.#edge.destroy(this.readableEnded && this.writableFinished, isReset);
    done(error);
    const hadError = error !== null && error !== undefined;
    process.nextTick(() => this.emit('close', hadError));
    const { _server: server } = this;
    if (server !== null && server !== undefined) {
      server._connections--;
      server._emitCloseIfDrained();
    }
  }

  override resetAndDestroy(): this {
    if (this.connecting) this.once('connect', () => this.resetAndDestroy());
    else if (this.#edge.state === 'open') {
      this.#isReset = true;
      this.destroy();
    } else return super.resetAndDestroy();
    return this;
  }

  setTimeout(ms: number, callback?: () => void): this {
    if (this.destroyed) return this;
    if (typeof ms !== 'number' || ms < 0 || !Number.isFinite(ms) || (callback !== undefined && typeof callback !== 'function'))
      return Reflect.apply(natives.Socket.prototype.setTimeout, this, [ms, callback]) as unknown as this;
    this.timeout = ms;
    this.#edge.timer.set(ms);
    if (callback === undefined) return this;
    if (ms === 0) this.removeListener('timeout', callback);
    else this.once('timeout', callback);
    return this;
  }

  _unrefTimer(): void {
    this.#edge.timer.refresh();
  }

  override setNoDelay(enable = true): this {
    this.#edge.tune('setNoDelay', [enable]);
    return this;
  }

  setKeepAlive(...args: unknown[]): this {
    this.#edge.tune('setKeepAlive', args);
    return this;
  }

  override ref(): this {
    this.#edge.setRef(true);
    return this;
  }

  override unref(): this {
    this.#edge.setRef(false);
    return this;
  }

  // What is known of it.

  _getpeername(): object {
    const isKnown = this.#edge.state === 'open' && !this.connecting && 'address' in this.#facts.remote;
    if (isKnown) this._peername ??= this.#facts.remote;
    return this._peername ?? {};
  }

  _getsockname(): object {
    return this.#edge.state === 'open' ? this.#facts.local : {};
  }

  get _bytesDispatched(): number {
    return this.destroyed ? this.#bytesWritten : this.#edge.bytesWritten;
  }

  get bytesRead(): number {
    return this.destroyed ? this.#bytesRead : this.#edge.bytesRead;
  }

  get pending(): boolean {
    return this.connecting || this.#edge.state !== 'open';
  }

  get bufferSize(): number {
    return (this.#edge.state === 'open' || this.connecting ? this.writableLength : undefined) as number;
  }
}

// A datagram socket of a program. It keeps no conversation: after a crash it is bound again at its address, with its options and groups.
import type { BindOptions, RemoteInfo, Socket, SocketOptions, SocketType } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Conversation } from '../../../replay/objects/conversation.ts';
import type { LocalHalf } from '../../../replay/objects/local-half.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { given as ours, requireSession } from '../here.ts';
import { natives } from '../natives.ts';
import { alreadyBound, alreadyConnected, badDescriptor, badPort, badTimeToLive, notConnected, notRunning } from './datagram-errors.ts';
import { ownDatagrams } from './own-datagrams.ts';
import { sendArguments, type Sending } from './send-arguments.ts';

type Callback = (...args: unknown[]) => void;

/** What the program did to a socket, to be done again after a crash. */
interface Setting {
  readonly name: string;
  readonly args: readonly unknown[];
  /** It is on its way: this process is doing it. */
  isNew: boolean;
}

interface BoundFacts {
  readonly address: AddressInfo;
  readonly recvBufferSize: number;
  readonly sendBufferSize: number;
}

const boundFacts = (native: Socket): BoundFacts => ({
  address: native.address(),
  recvBufferSize: native.getRecvBufferSize(),
  sendBufferSize: native.getSendBufferSize(),
});

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

function isConnected(half: Socket): boolean {
  try {
    return half.remoteAddress().port > 0;
  } catch {
    return false;
  }
}

/** The puppet of `dgram.Socket`. Node's constructor makes a native handle, so the class only stands below its prototype. */
export class PuppetDatagram extends EventEmitter implements LocalHalf {
  static isPuppet(this: void, value: object): value is PuppetDatagram {
    return #conversation in value;
  }

  readonly isListener = true;
  readonly type: SocketType;
  readonly #session: Session;
  readonly #options: SocketOptions;
  readonly #conversation: Conversation;
  readonly #settings: Setting[] = [];
  /** Sendings whose end the program waits for. */
  readonly #pending = new Map<number, { readonly sending: Sending; readonly isNew: boolean }>();
  #half: Socket | undefined;
  #bound: BindOptions | undefined;
  #isOpening = false;
  #facts: BoundFacts | undefined;
  #remote: AddressInfo | undefined;
  #connecting: Setting | undefined;
  #isClosed = false;
  #serial = 0;

  constructor(options: SocketOptions | SocketType, listener?: Callback) {
    super();
    const given: SocketOptions = typeof options === 'string' ? { type: options } : { ...options };
    if (given.type !== 'udp4' && given.type !== 'udp6') natives.createDatagramSocket(options as SocketType).close();
    this.type = given.type;
    this.#options = given;
    this.#session = requireSession();
    this.#conversation = this.#session.world.conversation({ half: this, shown: `${given.type} socket` });
    this.#conversation.setRef(false);
    if (isCallback(listener)) this.on('message', listener);
    const { signal } = given;
    if (signal === undefined) return;
    const onAbort = (): void => {
      if (!this.#isClosed) this.close();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  // The half outside.

  #open(options: BindOptions): void {
    const { signal: _signal, lookup: _lookup, ...own } = this.#options;
    const native = natives.createDatagramSocket(own);
    this.#half = native;
    native.on('message', (bytes: Buffer, from: RemoteInfo) => this.#conversation.arrive('message', [bytes, from]));
    native.on('error', (error) => this.#conversation.arrive('error', error));
    native.bind(options, () => this.#conversation.arrive('listening', boundFacts(native)));
  }

  wake(): Promise<void> | undefined {
    const bound = this.#bound;
    if (bound === undefined || this.#half !== undefined || this.#isOpening) return undefined;
    const { port } = this.#facts?.address ?? bound;
    this.#open({ ...bound, ...(port === undefined ? {} : { port }) });
    const native = this.#half as Socket | undefined;
    if (native === undefined) return undefined;
    const ready = once(native, 'listening').then(
      () => {
        for (const { name, args, isNew } of this.#settings) if (!isNew) this.#set(name, args);
      },
      () => undefined,
    );
    if (this.#connecting?.isNew === false) this.#connectOutside(this.#connecting.args);
    // Of what an earlier process sent the end is not known, so it is sent again. What is new is on its way.
    for (const [serial, { sending, isNew }] of this.#pending) if (!isNew) this.#sendOutside(sending, serial);
    return ready;
  }

  dispose(): void {
    const half = this.#half;
    this.#half = undefined;
    half?.removeAllListeners('error').on('error', () => undefined);
    try {
      half?.close();
    } catch {
      // It was closed by the program.
    }
  }

  take(name: string, value: unknown): void {
    if (this.#isClosed) return;
    switch (name) {
      case 'listening': {
        const isFirst = this.#facts === undefined;
        this.#facts = value as BoundFacts;
        ownDatagrams(this.#session).bound(this.#facts.address.port);
        if (isFirst) this.emit('listening');
        return;
      }
      case 'message': {
        const [bytes, from] = value as [Buffer, RemoteInfo];
        if (this.#facts !== undefined) ownDatagrams(this.#session).arrived(this.#facts.address.port, bytes);
        this.emit('message', bytes, from);
        return;
      }
      case 'sent': {
        const [serial, error, bytes] = value as [number, Error | null, number];
        const pending = this.#pending.get(serial);
        this.#pending.delete(serial);
        pending?.sending.callback?.(error, bytes);
        return;
      }
      case 'connected':
        return this.#connected(value as { readonly error: Error | null; readonly remote: AddressInfo | undefined });
      default:
        this.emit(name, value);
    }
  }

  // What the program does.

  bind(...given: unknown[]): this {
    this.#check();
    if (this.#bound !== undefined) throw alreadyBound();
    const [first, second] = given;
    const callback = given.findLast(isCallback);
    const options: BindOptions =
      typeof first === 'object' && first !== null
        ? { ...first }
        : {
            port: Number(isCallback(first) ? 0 : (first ?? 0)),
            ...(typeof second === 'string' && second !== '' ? { address: second } : {}),
          };
    if (!(Number(options.port ?? 0) >= 0 && Number(options.port ?? 0) < 65_536)) throw badPort(options.port, -1);
    if (callback !== undefined) this.once('listening', callback);
    this.#bound = options;
    this.#conversation.setRef(true);
    const { port = 0, address } = options;
    this.#isOpening = this.#conversation.open('node:dgram.Socket.bind', [this.type, { port, address }], () => {
      this.#isOpening = false;
      this.#open(options);
    });
    return this;
  }

  #bindIfNeeded(): void {
    if (this.#bound === undefined) this.bind({ port: 0, exclusive: true });
  }

  send(...given: unknown[]): undefined {
    const sending = sendArguments(this.#remote !== undefined, given);
    this.#check();
    this.#bindIfNeeded();
    const { lookup } = this.#options;
    const { address } = sending;
    if (lookup === undefined || address === undefined) return (this.#send(sending), undefined);
    const family = this.type === 'udp6' ? 6 : 4;
    const answer = (error: Error | null, ip: string): void => {
      if (error === null || error === undefined) this.#send({ ...sending, address: ip });
      else if (sending.callback === undefined) this.emit('error', error);
      else sending.callback(error, 0);
    };
    Reflect.apply(lookup, undefined, [address, { family }, ours(answer)] as never);
    return undefined;
  }

  #send(sending: Sending): void {
    if (this.#isClosed) return;
    const serial = ++this.#serial;
    const isAwaited = sending.callback !== undefined;
    const isNew = this.#conversation.effect('send', sending.bytes.length, () => this.#sendOutside(sending, isAwaited ? serial : undefined));
    if (isAwaited) this.#pending.set(serial, { sending, isNew });
    // One whose end is awaited is sent again by the socket itself.
    const again = isNew ? undefined : (): void => void (this.#pending.has(serial) || this.#sendOutside(sending, undefined));
    const { bytes, port = this.#remote?.port ?? 0, address = this.#remote?.address } = sending;
    ownDatagrams(this.#session).sent(address, { bytes, port, again });
  }

  #sendOutside({ bytes, port, address }: Sending, serial: number | undefined): void {
    const sent =
      serial === undefined
        ? undefined
        : (error: Error | null, count: number) => this.#conversation.arrive('sent', [serial, error, count ?? 0]);
    const half = this.#half;
    if (half === undefined) return;
    // A new half outside may not be connected yet.
    if (port === undefined && !isConnected(half)) {
      half.once('connect', () => this.#sendOutside({ bytes, port, address, callback: undefined }, serial));
      return;
    }
    const args = [
      bytes,
      ...(port === undefined ? [] : [port]),
      ...(address === undefined ? [] : [address]),
      ...(sent === undefined ? [] : [sent]),
    ];
    Reflect.apply(half.send, half, args as never);
  }

  connect(...given: unknown[]): void {
    this.#check();
    if (this.#remote !== undefined || this.#connecting !== undefined) throw alreadyConnected();
    const callback = given.find(isCallback);
    const [port, address] = given.filter((arg) => !isCallback(arg));
    this.#bindIfNeeded();
    if (callback !== undefined) this.once('connect', callback);
    const target = [port, ...(address === undefined || address === null ? [] : [address])];
    const connecting = { name: 'connect', args: target, isNew: false };
    this.#connecting = connecting;
    connecting.isNew = this.#conversation.effect('connect', 0, () => this.#connectOutside(target));
  }

  #connectOutside(target: readonly unknown[]): void {
    const half = this.#half;
    if (half === undefined) return;
    const done = (error?: Error): void => {
      this.#conversation.arrive('connected', { error: error ?? null, remote: error === undefined ? half.remoteAddress() : undefined });
    };
    Reflect.apply(half.connect, half, [...target, done] as never);
  }

  #connected({ error, remote }: { readonly error: Error | null; readonly remote: AddressInfo | undefined }): void {
    if (error !== null) {
      this.#connecting = undefined;
      this.emit('error', error);
      return;
    }
    const isFirst = this.#remote === undefined;
    this.#remote = remote;
    if (isFirst) this.emit('connect');
  }

  disconnect(): void {
    if (this.#remote === undefined) throw notConnected();
    this.#remote = undefined;
    this.#connecting = undefined;
    this.#conversation.effect('disconnect', 0, () => {
      const half = this.#half;
      if (half === undefined) return;
      if (isConnected(half)) half.disconnect();
      else half.once('connect', () => half.disconnect());
    });
  }

  close(callback?: Callback): this {
    if (isCallback(callback)) this.once('close', callback);
    this.#check();
    this.#isClosed = true;
    if (this.#facts !== undefined) ownDatagrams(this.#session).closed(this.#facts.address.port);
    this.#conversation.setRef(false);
    const isNew = this.#bound !== undefined && this.#conversation.effect('close', 0, () => this.#closeOutside());
    // What is new may have sendings before it that wait for the half outside: it is over when it has left.
    if (!isNew) this.#conversation.over();
    process.nextTick(() => this.emit('close'));
    return this;
  }

  #closeOutside(): void {
    const half = this.#half;
    this.#half = undefined;
    half?.close();
    this.#conversation.over();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.close();
    await once(this, 'close');
  }

  #check(): void {
    if (this.#isClosed) throw notRunning();
  }

  address(): AddressInfo {
    this.#check();
    if (this.#facts === undefined) throw badDescriptor('getsockname');
    return { ...this.#facts.address };
  }

  remoteAddress(): AddressInfo {
    this.#check();
    if (this.#remote === undefined) throw notConnected();
    return { ...this.#remote };
  }

  ref(): this {
    this.#conversation.setRef(this.#bound !== undefined);
    return this;
  }

  unref(): this {
    this.#conversation.setRef(false);
    return this;
  }

  // Options and groups.

  #apply(name: string, args: readonly unknown[]): void {
    this.#check();
    const isNew = this.#conversation.effect(name, 0, () => this.#set(name, args));
    this.#settings.push({ name, args, isNew });
  }

  #set(name: string, args: readonly unknown[]): void {
    const half = this.#half;
    if (half === undefined) return;
    try {
      Reflect.apply(Reflect.get(half, name) as Callback, half, [...args]);
      if (name.endsWith('BufferSize')) this.#conversation.arrive('listening', boundFacts(half));
    } catch (error) {
      this.#conversation.arrive('error', error);
    }
  }

  #needsAddress(syscall: string): void {
    this.#check();
    if (this.#facts === undefined) throw badDescriptor(syscall);
  }

  setBroadcast(flag: boolean): void {
    this.#needsAddress('setBroadcast');
    this.#apply('setBroadcast', [flag]);
  }

  #setTimeToLive(name: string, ttl: unknown, low: 0 | 1): void {
    const wrong = badTimeToLive(name, ttl, low);
    if (typeof ttl !== 'number' && wrong !== undefined) throw wrong;
    this.#needsAddress(name);
    if (wrong !== undefined) throw wrong;
    this.#apply(name, [ttl]);
  }

  setTTL(ttl: number): number {
    this.#setTimeToLive('setTTL', ttl, 1);
    return ttl;
  }

  setMulticastTTL(ttl: number): number {
    this.#setTimeToLive('setMulticastTTL', ttl, 0);
    return ttl;
  }

  setMulticastLoopback(flag: boolean): boolean {
    this.#needsAddress('setMulticastLoopback');
    this.#apply('setMulticastLoopback', [flag]);
    return flag;
  }

  setMulticastInterface(address: string): void {
    this.#needsAddress('setMulticastInterface');
    this.#apply('setMulticastInterface', [address]);
  }

  addMembership(...args: unknown[]): void {
    this.#check();
    this.#bindIfNeeded();
    this.#apply('addMembership', args);
  }

  dropMembership(...args: unknown[]): void {
    this.#apply('dropMembership', args);
  }

  addSourceSpecificMembership(...args: unknown[]): void {
    this.#check();
    this.#bindIfNeeded();
    this.#apply('addSourceSpecificMembership', args);
  }

  dropSourceSpecificMembership(...args: unknown[]): void {
    this.#apply('dropSourceSpecificMembership', args);
  }

  setRecvBufferSize(size: number): void {
    this.#apply('setRecvBufferSize', [size]);
  }

  setSendBufferSize(size: number): void {
    this.#apply('setSendBufferSize', [size]);
  }

  /** As it was when the socket was bound, or as the last one that was set has become. */
  getRecvBufferSize(): number {
    this.#needsAddress('uv_recv_buffer_size');
    return this.#facts?.recvBufferSize ?? 0;
  }

  getSendBufferSize(): number {
    this.#needsAddress('uv_send_buffer_size');
    return this.#facts?.sendBufferSize ?? 0;
  }

  getSendQueueSize(): number {
    return 0;
  }

  getSendQueueCount(): number {
    return 0;
  }
}

Object.setPrototypeOf(PuppetDatagram.prototype, natives.DatagramSocket.prototype);

// Servers of a program: Node's own classes, whose connections come from the journal. What is built on them (HTTP) is Node's own code.
import { once } from 'node:events';
import type net from 'node:net';
import type { Server, Socket } from 'node:net';
import type { AnyClass } from '../exported-class.ts';
import { requireSession } from '../here.ts';
import { noteHead, watchRequests } from '../http/late-requests.ts';
import { natives } from '../natives.ts';
import { PuppetSocket, type ConnectionFacts } from '../socket/puppet-socket.ts';
import type { Answer, ServerTidings } from './server-tidings.ts';
import { listenArguments } from './listen-options.ts';
import { ListenerEdge, plainFacts, type Accepted, type Address, type ListenerOwner } from './listener-edge.ts';
import { noteAsked, noteHeard } from './own-servers.ts';

/** Node's class as a puppet sees it. */
interface NodeServer extends NodeJS.EventEmitter {
  _connections: number;
  maxConnections?: number;
  readonly allowHalfOpen?: boolean;
  readonly pauseOnConnect?: boolean;
  readonly noDelay?: boolean;
  readonly keepAlive?: boolean;
  readonly keepAliveInitialDelay?: number;
  readonly highWaterMark?: number;
}

/** The longest that a timer of Node waits: 24.8 days. */
const NEVER_MS = 2 ** 31 - 1;

type Constructor = new (...args: never[]) => object;

/** How a kind of server differs from others. */
export interface ServerKind {
  /** Name of its `listen` in the journal. */
  readonly fn: string;
  /** The event by which Node's own code takes a connection. */
  readonly event: 'connection' | 'secureConnection';
  /** Methods that change how connections are made: done to the server outside as well, and not recorded. */
  readonly tuned?: readonly string[];
  /** Refuses what cannot be carried out. @param given arguments of the constructor. @throws ResproutError */
  check?(given: readonly unknown[]): void;
  /** The server outside. */
  make(puppet: object, given: readonly unknown[], tidings: ServerTidings): Server;
  /** Asks the program what the server outside has asked. */
  asked?(given: readonly unknown[], name: string, args: readonly unknown[], answer: Answer): void;
  factsOf(socket: Socket): ConnectionFacts;
  /** The program's half of a connection. */
  socketOf(options: object, facts: ConnectionFacts): PuppetSocket;
}

/** Servers whose connections are as they come. */
export const plainKind: ServerKind = {
  fn: 'node:net.Server.listen',
  event: 'connection',
  make(puppet, _given, { accepted }) {
    const { noDelay = false, keepAlive = false, keepAliveInitialDelay = 0 } = puppet as NodeServer;
    // Options of Node are milliseconds, its field is seconds.
    const options = { allowHalfOpen: true, pauseOnConnect: true, noDelay, keepAlive, keepAliveInitialDelay: keepAliveInitialDelay * 1000 };
    return new natives.NetServer(options, accepted);
  },
  factsOf: plainFacts,
  socketOf: (options) => new PuppetSocket({ ...options, shown: 'accepted connection' }),
};

/** A class of servers, and how to know its objects. */
export interface PuppetServerClass {
  readonly Puppet: AnyClass;
  isPuppet(value: object): boolean;
}

/** Makes the puppet of one class of servers. */
export function puppetServer(Native: AnyClass, kind: ServerKind): PuppetServerClass {
  const Base = Native as unknown as Constructor;

  // A connection that never stood: listeners of Node's own destroy it, and it is over already.
  const gone = (): PuppetSocket => kind.socketOf({}, { local: {}, remote: {} }).destroy();

  /** A method of Node's own class. */
  const ofNode = (server: object, name: string, args: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(Base.prototype as object, name) as (...given: unknown[]) => unknown, server, [...args]);

  class PuppetServer extends Base implements ListenerOwner {
    static isPuppet(this: void, value: object): value is PuppetServer {
      return #given in value;
    }

    readonly #given: readonly unknown[];
    readonly #tunings: (readonly [name: string, args: readonly unknown[]])[] = [];
    #edge: ListenerEdge | undefined;
    /** Of a closed one too: what it has accepted is still served. */
    #lastAddress: Address = null;
    #isRef = true;

    constructor(...args: never[]) {
      kind.check?.(args);
      super(...args);
      this.#given = args;
      // Node looks on the clock of the machine for requests that are late, which no replay repeats: late-requests.ts does it.
      if ('connectionsCheckingInterval' in this) this.connectionsCheckingInterval = NEVER_MS;
    }

    get #node(): NodeServer {
      return this as unknown as NodeServer;
    }

    listen(...args: unknown[]): this {
      const { options, callback } = listenArguments(args);
      // What Node refuses, it refuses in its own words.
      if (options === undefined) return Reflect.apply(natives.NetServer.prototype.listen, this, args as never) as unknown as this;
      if (this.#edge !== undefined)
        throw Object.assign(new Error('Listen method has been called more than once without closing.'), {
          code: 'ERR_SERVER_ALREADY_LISTEN',
        });
      if (callback !== undefined) this.#node.once('listening', callback);
      const edge = new ListenerEdge(requireSession(), kind.fn, options, this);
      this.#edge = edge;
      edge.setRef(this.#isRef);
      try {
        edge.open();
      } catch (error) {
        this.#edge = undefined;
        throw error;
      }
      this.#follow(options.signal);
      return this;
    }

    #follow(signal: AbortSignal | undefined): void {
      if (signal === undefined) return;
      if (signal.aborted) process.nextTick(() => this.close());
      else signal.addEventListener('abort', () => this.close(), { once: true });
    }

    // What happens outside.

    makeOutside(tidings: ServerTidings): Server {
      const server = kind.make(this, this.#given, tidings);
      for (const [name, args] of this.#tunings) tune(server, name, args);
      return server;
    }

    onQuestion(name: string, args: readonly unknown[], answer: Answer): void {
      noteAsked(this.#edge?.address ?? null);
      kind.asked?.(this.#given, name, args, answer);
    }

    factsOf(socket: Socket): ConnectionFacts {
      return kind.factsOf(socket);
    }

    onListening(_address: Address): void {
      this.#node.emit('listening');
    }

    onAccepted({ facts, half }: Accepted): void {
      this.#lastAddress = this.#edge?.address ?? this.#lastAddress;
      const node = this.#node;
      const { allowHalfOpen = false, pauseOnConnect = false, maxConnections, highWaterMark } = node;
      const socket = kind.socketOf(
        { allowHalfOpen, pauseOnCreate: pauseOnConnect, ...(highWaterMark === undefined ? {} : { highWaterMark }) },
        facts,
      );
      socket.bind(half, facts);
      if (this.#edge === undefined || (maxConnections !== undefined && node._connections >= maxConnections)) {
        socket.on('error', () => undefined);
        socket.destroy();
        if (this.#edge !== undefined) node.emit('drop', dropped(facts));
        return;
      }
      node._connections++;
      Object.assign(socket, { server: this, _server: this });
      if (pauseOnConnect) socket.pause();
      node.emit(kind.event, socket);
      watchRequests(this, socket, !requireSession().replaying);
      if (!pauseOnConnect && !socket.destroyed) socket.read(0);
    }

    emit(...args: unknown[]): boolean {
      noteHead(args[0], args[1]);
      // Node's constructors emit too, before there is anything of this class.
      if (#lastAddress in this) noteHeard(this.#node, args[0], this.#lastAddress);
      return ofNode(this, 'emit', args) as boolean;
    }

    onEvent(name: string, value: unknown): void {
      if (name === 'error' && this.#edge?.address === null) this.#edge = undefined;
      if (name === 'tlsClientError') this.#node.emit(name, (value as readonly unknown[])[0], gone());
      else if (Array.isArray(value)) this.#node.emit(name, ...(value as unknown[]));
      else this.#node.emit(name, value);
    }

    // What the program does.

    tuneAll(name: string, args: readonly unknown[]): unknown {
      const result = ofNode(this, name, args);
      // Node's constructor does it too, before there is anything of this class.
      if (!(#given in this)) return result;
      this.#tunings.push([name, args]);
      this.#edge?.tune((server) => tune(server, name, args));
      return result;
    }

    close(callback?: (error?: Error) => void): this {
      const edge = this.#edge;
      if (edge === undefined) return ofNode(this, 'close', [callback]) as this;
      if (typeof callback === 'function') this.#node.once('close', callback);
      edge.close();
      // Node's own part: it ends what is idle.
      ofNode(this, 'close', []);
      this.#edge = undefined;
      this._emitCloseIfDrained();
      return this;
    }

    /** Node says `close` when nothing is connected to a server without a handle, and a puppet has none: one that listens is not closed. */
    _emitCloseIfDrained(): void {
      if (this.#edge === undefined) ofNode(this, '_emitCloseIfDrained', []);
    }

    address(): Address {
      const address = this.#edge?.address ?? null;
      return typeof address === 'object' && address !== null ? { ...address } : address;
    }

    get listening(): boolean {
      return this.#edge !== undefined;
    }

    ref(): this {
      this.#isRef = true;
      this.#edge?.setRef(true);
      return this;
    }

    unref(): this {
      this.#isRef = false;
      this.#edge?.setRef(false);
      return this;
    }

    async [Symbol.asyncDispose](): Promise<void> {
      if (this.#edge === undefined) return;
      this.close();
      await once(this.#node, 'close');
    }
  }

  for (const name of kind.tuned ?? [])
    Object.defineProperty(PuppetServer.prototype, name, {
      configurable: true,
      writable: true,
      value(this: PuppetServer, ...args: unknown[]): unknown {
        return this.tuneAll(name, args);
      },
    });
  return { Puppet: PuppetServer, isPuppet: PuppetServer.isPuppet };
}

function tune(server: Server, name: string, args: readonly unknown[]): void {
  Reflect.apply(Reflect.get(server, name) as (...given: unknown[]) => unknown, server, [...args]);
}

function dropped({ local, remote }: ConnectionFacts): object {
  const [here, there] = [local, remote] as readonly Partial<net.AddressInfo>[];
  return {
    localAddress: here?.address,
    localPort: here?.port,
    localFamily: here?.family,
    remoteAddress: there?.address,
    remotePort: there?.port,
    remoteFamily: there?.family,
  };
}

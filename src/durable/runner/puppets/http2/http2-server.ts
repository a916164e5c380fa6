// Servers of HTTP/2 of a program: Node's own classes over puppets of connections, and a session of ours above each. Requests in the manner of
// HTTP/1 (`req`, `res`) are Node's own code above our streams.
import http2, { type SecureServerOptions, type Settings } from 'node:http2';
import type { Server } from 'node:net';
import type { AnyClass } from '../exported-class.ts';
import { plainKind, puppetServer, type ServerKind } from '../net/puppet-server.ts';
import type { PuppetSocket } from '../socket/puppet-socket.ts';
import { secureKind } from '../tls/patch-tls.ts';
import { ServerHttp2Session, type SessionServer } from './sessions/server-session.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** What Node's classes have. */
interface NodeHttp2Server extends Server {
  timeout: number;
  updateSettings(settings: Settings): void;
}

/** Answer to a client that speaks another protocol, as Node gives it. */
const FORBIDDEN =
  'HTTP/1.0 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nMissing ALPN Protocol, expected `h2` to be available.\n' +
  'If this is a HTTP request: The server was not configured with the `allowHTTP1` option or a listener for the `unknownProtocol` event.\n';

// As they are when this file loads, before anything is patched.
const { createServer, createSecureServer } = http2;

const isOptions = (value: unknown): value is SecureServerOptions => typeof value === 'object' && value !== null;

/** Encrypted ones tell the other side which protocol they speak. */
const encryptedKind: ServerKind = secureKind('node:http2.SecureServer.listen', (given) => {
  const { ALPNCallback, allowHTTP1 } = isOptions(given) ? given : {};
  return ALPNCallback === undefined ? { ALPNProtocols: ['h2', ...(allowHTTP1 === true ? ['http/1.1'] : [])] } : {};
});

function sessionServer(Native: AnyClass, kind: ServerKind): AnyClass {
  const { Puppet } = puppetServer(Native, kind);
  const Base = Puppet as unknown as new (options: object, listener?: AnyFunction) => NodeHttp2Server;

  class PuppetHttp2Server extends Base implements SessionServer {
    readonly #sessions = new Set<ServerHttp2Session>();
    readonly #options: object;
    #settings: Settings | undefined;

    constructor(options: object, listener?: AnyFunction) {
      super(options, listener);
      this.#options = isOptions(options) ? options : {};
      // Node's own makes a session where it stands; ours has its half outside.
      const [own] = this.listeners(kind.event) as AnyFunction[];
      this.removeAllListeners(kind.event);
      this.on(kind.event, (socket: PuppetSocket) => this.#accept(socket, own));
    }

    #accept(socket: PuppetSocket, own: AnyFunction | undefined): void {
      const protocol: unknown = Reflect.get(socket, 'alpnProtocol');
      if (protocol === undefined || protocol === 'h2') return this.#open(socket);
      if (Reflect.get(this.#options, 'allowHTTP1') === true) return void own?.call(this, socket);
      if (!this.emit('unknownProtocol', socket)) socket.end(FORBIDDEN);
    }

    #open(socket: PuppetSocket): void {
      const settings = { ...(Reflect.get(this.#options, 'settings') as Settings | undefined), ...this.#settings };
      const session = new ServerHttp2Session(socket, { ...this.#options, settings }, this);
      this.#sessions.add(session);
      session.on('stream', (...args: unknown[]) => this.emit('stream', ...args));
      session.on('error', (error: Error) => this.emit('sessionError', error, session));
      const { timeout } = this;
      if (timeout > 0)
        session.setTimeout(timeout, () => {
          if (!session.destroyed && !session.closed && !this.emit('timeout', session)) session.destroy();
        });
      this.emit('session', session);
    }

    ended(session: ServerHttp2Session): void {
      this.#sessions.delete(session);
    }

    override updateSettings(settings: Settings): void {
      super.updateSettings(settings);
      this.#settings = { ...this.#settings, ...settings };
    }

    override close(callback?: (error?: Error) => void): this {
      super.close(callback);
      for (const session of this.#sessions) session.close();
      return this;
    }
  }

  Object.defineProperty(PuppetHttp2Server, 'name', { value: Native.name, configurable: true });
  return PuppetHttp2Server;
}

// Node does not export its classes: they are taken from objects. One that encrypts takes a few milliseconds to make.

/** The puppet of Node's class of servers that do not encrypt. */
export const puppetServerClass = (): AnyClass =>
  sessionServer(createServer().constructor as AnyClass, { ...plainKind, fn: 'node:http2.Server.listen' });

/** The puppet of Node's class of servers that encrypt. */
export const puppetSecureServerClass = (): AnyClass => sessionServer(createSecureServer().constructor as AnyClass, encryptedKind);

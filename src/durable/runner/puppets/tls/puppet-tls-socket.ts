// An encrypted connection of a program. What OpenSSL draws cannot be repeated, so the puppet stands above it: one chunk of plain text, one event.
import type { Socket } from 'node:net';
import type { ConnectionOptions, PeerCertificate, TLSSocket, TLSSocketOptions } from 'node:tls';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { requireSession } from '../here.ts';
import { natives } from '../natives.ts';
import { ownConnection } from '../net/own-servers.ts';
import type { ConnectOptions } from '../socket/connect-options.ts';
import { shownTarget } from '../socket/connect-options.ts';
import { NativeStream } from '../socket/native-stream.ts';
import { connectionFacts, PuppetSocket, type ConnectionFacts, type PuppetSocketOptions } from '../socket/puppet-socket.ts';
import { tlsFacts, type TlsFacts } from './tls-facts.ts';

const NOTHING: TlsFacts = {
  local: {},
  remote: {},
  authorized: false,
  authorizationError: null,
  alpnProtocol: null,
  servername: null,
  protocol: null,
  cipher: undefined,
  certificate: {},
  peerCertificate: {},
  ephemeralKey: null,
  isSessionReused: false,
  session: undefined,
};

/** The puppet of `tls.TLSSocket`. */
export class PuppetTlsSocket extends PuppetSocket {
  readonly encrypted: boolean = true;
  authorized = false;
  authorizationError: Error | string | null = null;
  alpnProtocol: string | false | null = null;
  servername: string | false | null = null;
  secureConnecting = true;
  #facts: TlsFacts = NOTHING;
  #options: ConnectionOptions = {};

  constructor(options: PuppetSocketOptions = {}) {
    super({ shown: 'encrypted connection', ...options });
  }

  /** What the handshake is made with. */
  secure(options: ConnectionOptions): this {
    this.#options = options;
    return this;
  }

  override bind(half: NativeStream | undefined, facts?: ConnectionFacts): void {
    super.bind(half, facts);
    if (facts !== undefined) this.#know(facts as TlsFacts);
  }

  #know(facts: TlsFacts): void {
    this.#facts = facts;
    this.secureConnecting = false;
    this.authorized = facts.authorized;
    this.authorizationError = facts.authorizationError;
    this.alpnProtocol = facts.alpnProtocol;
    this.servername = facts.servername;
  }

  override onEvent(name: string, value: unknown): void {
    if (name === 'connect') this.#know((value as { readonly facts: TlsFacts }).facts);
    super.onEvent(name, value);
  }

  protected override onOther(name: string, value: unknown): void {
    if (name === 'secure') {
      this.#know(value as TlsFacts);
      this.emit(name);
      return;
    }
    if (name === 'session') this.#facts = { ...this.#facts, session: value as Buffer };
    this.emit(name, value);
  }

  protected override onConnected(): void {
    this.emit('connect');
    this.emit('ready');
    this.emit('secure');
    if (this.#isRefused()) return;
    if (this.#facts.alpnProtocol === null) this.alpnProtocol = false;
    this.emit('secureConnect');
    if (!this.isPaused() && !this.destroyed) this.read(0);
  }

  /** Asks the program whether the other side is who it says, when the program has a function for that, as Node asks after each full handshake. */
  #isRefused(): boolean {
    const { checkServerIdentity: check, servername, host, rejectUnauthorized } = this.#options;
    if (typeof check !== 'function' || !this.#facts.authorized || this.#facts.isSessionReused) return false;
    const error = check(servername ?? host ?? 'localhost', this.#facts.peerCertificate as PeerCertificate);
    if (error === undefined) return false;
    this.authorized = false;
    this.authorizationError = ((Reflect.get(Object(error) as object, 'code') as string | undefined) ?? error.message) as string;
    if (rejectUnauthorized === false) return false;
    this.destroy(error);
    return true;
  }

  /**
   * Encrypts a connection that stands, as `new tls.TLSSocket(socket)` does: nobody is verified, and `secure` says that the handshake is over.
   * @param below the connection @param options of the encryption. @throws what Node throws
   */
  around(below: PuppetSocket, options: TLSSocketOptions): this {
    const isServer = options.isServer === true;
    const { conversation } = this.edge;
    let half: NativeStream | undefined;
    const facts = conversation.openNow('node:tls.TLSSocket', [{ over: below.edge.conversation.number, isServer }], () => {
      // The connection went with a process that was killed, and so does what was to be put around it.
      if (below.edge.half === undefined) {
        conversation.arrive('lost');
        return NOTHING;
      }
      try {
        const native = isServer ? new natives.TLSSocket(nativeOf(below), { ...options }) : encryptAsClient(nativeOf(below), options);
        half = handshaken(native);
        return connectionFacts(native);
      } catch (error) {
        return { thrown: error };
      }
    }) as ConnectionFacts | { readonly thrown: unknown };
    if ('thrown' in facts) throw facts.thrown;
    super.bind(half, facts);
    return this;
  }

  protected override prepare(callback: ((...args: unknown[]) => void) | undefined): void {
    if (callback !== undefined) this.once('secureConnect', callback);
  }

  protected override open(options: ConnectOptions): void {
    const all = { ...this.#options, ...options };
    const { socket } = this.#options;
    const below = socket === undefined ? undefined : (socket as unknown);
    if (below !== undefined && !(below instanceof PuppetSocket))
      throw new ResproutError(
        'PACKAGE_NEEDS_BOUNDARY',
        'an encrypted connection was to be made over a stream of the program, and its encryption happens outside',
        {
          tried: 'tls.connect({ socket })',
          do: 'Connect with host and port, or over a socket of node:net',
        },
      );
    const shown = below === undefined ? shownTarget(options) : { over: below.edge.conversation.number };
    const opener = (): NativeStream => {
      const native = connectOutside(all as ConnectionOptions, below);
      const half = new NativeStream(native).note(options.lookup !== undefined);
      native.on('secureConnect', () => half.arrive('connect', { facts: tlsFacts(native), notes: half.takeNotes() }));
      native.on('session', (session) => half.arrive('session', session));
      return half;
    };
    this.edge.connect('node:tls.connect', [shown], opener, ownConnection(requireSession(), 'over' in shown ? {} : shown));
  }

  // What is known of it, as long as Node would have a handle to ask.

  getProtocol(): string | null {
    return this.destroyed ? null : this.#facts.protocol;
  }

  getCipher(): object | null | undefined {
    return this.destroyed ? null : this.#facts.cipher;
  }

  getPeerCertificate(isDetailed?: boolean): object | null {
    if (this.destroyed) return null;
    if (isDetailed === true) return this.#facts.peerCertificate;
    const { issuerCertificate: _issuer, ...own } = this.#facts.peerCertificate as { readonly issuerCertificate?: object };
    return own;
  }

  getCertificate(): object | null {
    return this.destroyed ? null : this.#facts.certificate;
  }

  getEphemeralKeyInfo(): object | null {
    return this.destroyed ? null : this.#facts.ephemeralKey;
  }

  getSession(): Buffer | undefined {
    return this.#facts.session;
  }

  isSessionReused(): boolean {
    return this.#facts.isSessionReused;
  }

  getFinished(): undefined {
    return undefined;
  }

  getPeerFinished(): undefined {
    return undefined;
  }

  setServername(): void {}

  setSession(): void {}

  disableRenegotiation(): void {}

  enableTrace(): void {}

  renegotiate(_options: object, callback?: (error: Error) => void): boolean {
    const error = new ResproutError('PACKAGE_NEEDS_BOUNDARY', 'an encrypted connection of a session cannot be negotiated again');
    if (callback !== undefined) process.nextTick(callback, error);
    return false;
  }
}

/** The half outside. Of a connection that stands already the native one is taken. */
function connectOutside(options: ConnectionOptions, below: PuppetSocket | undefined): TLSSocket {
  const {
    signal: _signal,
    onread: _onread,
    timeout: _timeout,
    checkServerIdentity: check,
    ...rest
  } = options as ConnectionOptions & { signal?: unknown; onread?: unknown };
  // A function of the program is asked when the connection is given to it.
  const given = { ...rest, ...(typeof check === 'function' ? { checkServerIdentity: nobodyAsks } : {}), allowHalfOpen: true };
  return natives.tlsConnect(below === undefined ? given : { ...given, socket: nativeOf(below) });
}

/** The half of a connection that was encrypted by hand. */
function handshaken(native: TLSSocket): NativeStream {
  const half = new NativeStream(native);
  native.on('secure', () => half.arrive('secure', { ...tlsFacts(native), authorized: false, authorizationError: null }));
  native.on('session', (session) => half.arrive('session', session));
  return half;
}

const nobodyAsks = (): undefined => undefined;

/** Node begins the handshake of a client by itself only here. */
function encryptAsClient(socket: Socket, options: TLSSocketOptions): TLSSocket {
  return natives.tlsConnect({ ...options, socket, rejectUnauthorized: false, checkServerIdentity: nobodyAsks } as ConnectionOptions);
}

function nativeOf(below: PuppetSocket): Socket {
  const native = below.edge.half?.native as Socket | undefined;
  if (native === undefined) throw new TypeError('the connection below has no half outside');
  return native;
}

import { isIP } from 'node:net';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { connectPuppet } from '../socket/patch-socket.ts';
import { PuppetSocket } from '../socket/puppet-socket.ts';
import { connectTlsPuppet } from '../tls/connect.ts';
import { ClientHttp2Session } from './sessions/client-session.ts';
import { unknownProtocol } from './http2-errors.ts';

/** What `http2.connect` reads of its first argument. */
interface Authority {
  readonly protocol?: string | undefined;
  readonly port?: string | number | undefined;
  readonly hostname?: string | undefined;
  readonly host?: string | undefined;
}

interface ConnectOptions {
  readonly protocol?: string;
  readonly servername?: string;
  readonly createConnection?: (authority: unknown, options: object) => unknown;
}

type Listener = (...args: unknown[]) => void;

function connection(protocol: string, host: string, port: string, options: ConnectOptions): PuppetSocket {
  if (protocol === 'http:') return connectPuppet([{ port, host, ...options }]);
  if (protocol !== 'https:') throw unknownProtocol(protocol);
  const servername = isIP(host) === 0 && options.servername === undefined ? { servername: host } : {};
  return connectTlsPuppet([{ ALPNProtocols: ['h2'], port, host, ...servername, ...options }]);
}

/** `http2.connect` of a program. */
export function connectSession(given: unknown, second?: unknown, third?: unknown): ClientHttp2Session {
  const options = { ...(typeof second === 'function' ? {} : (second as object | undefined)) } as ConnectOptions;
  const listener = (typeof second === 'function' ? second : third) as Listener | undefined;
  const authority = typeof given === 'string' ? new URL(given) : (given as Authority);
  const protocol = authority.protocol || options.protocol || 'https:';
  const port = String(authority.port === '' ? (authority.protocol === 'http:' ? 80 : 443) : authority.port);
  const name = authority.hostname;
  const host = name ? (name.startsWith('[') ? name.slice(1, -1) : name) : authority.host || 'localhost';
  const { createConnection } = options;
  const socket = typeof createConnection === 'function' ? createConnection(authority, options) : connection(protocol, host, port, options);
  if (!(socket instanceof PuppetSocket))
    throw new ResproutError(
      'PACKAGE_NEEDS_BOUNDARY',
      'HTTP/2 was to be spoken over a stream of the program, and its protocol runs outside',
      {
        tried: 'http2.connect() with createConnection',
        do: 'Give it a socket of node:net or node:tls, or let http2.connect() make its own',
      },
    );
  const { createConnection: _own, ...rest } = options;
  const session = new ClientHttp2Session(socket, rest, {
    authority: `${options.servername || host}:${port}`,
    scheme: protocol.slice(0, -1),
  });
  if (typeof listener === 'function') session.once('connect', listener);
  return session;
}

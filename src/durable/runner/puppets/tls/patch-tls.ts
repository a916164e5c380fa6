import https from 'node:https';
import tls, { type TlsOptions, type TLSSocket, type TLSSocketOptions } from 'node:tls';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Patcher } from '../../globals/patch.ts';
import { real } from '../../globals/real.ts';
import { markClass } from '../mark.ts';
import { natives } from '../natives.ts';
import { patchServerClass } from '../net/patch-server.ts';
import type { Answer } from '../net/server-tidings.ts';
import type { ServerKind } from '../net/puppet-server.ts';
import { connectTlsPuppet } from './connect.ts';
import { refuseQuestions, SYNCHRONOUS } from './questions.ts';
import { PuppetSocket } from '../socket/puppet-socket.ts';
import { PuppetTlsSocket } from './puppet-tls-socket.ts';
import { tlsFacts } from './tls-facts.ts';

const isOptions = (value: unknown): value is TlsOptions => typeof value === 'object' && value !== null;

const optionsIn = (given: readonly unknown[]): TlsOptions => (isOptions(given[0]) ? given[0] : {});

/** Servers whose connections are encrypted. @param defaults of their options, by what the program gave */
export function secureKind(fn: string, defaults: (given: unknown) => TlsOptions): ServerKind {
  return {
    fn,
    event: 'secureConnection',
    tuned: ['addContext', 'setSecureContext', 'setTicketKeys'],
    check: (given) => refuseQuestions(optionsIn(given), SYNCHRONOUS),
    make(_puppet, given, { accepted, arrive, ask }) {
      const options = optionsIn(given);
      const all: TlsOptions = { ...defaults(given[0]), ...options, allowHalfOpen: true };
      if (typeof options.SNICallback === 'function') all.SNICallback = (name, answer) => ask('SNICallback', [name], answer as Answer);
      const server = natives.tlsCreateServer(all, (socket) => accepted(socket));
      server.on('tlsClientError', (error) => arrive('tlsClientError', [error, undefined]));
      return server;
    },
    asked(given, _name, args, answer) {
      const { SNICallback } = optionsIn(given);
      if (typeof SNICallback === 'function') Reflect.apply(SNICallback, undefined, [...args, answer] as never);
    },
    factsOf: (socket) => tlsFacts(socket as TLSSocket),
    socketOf: (options) => new PuppetTlsSocket({ ...options, shown: 'accepted encrypted connection' }),
  };
}

function wrapped(below: PuppetSocket, options: TLSSocketOptions): TLSSocket {
  refuseQuestions(options, [...SYNCHRONOUS, 'SNICallback']);
  return new PuppetTlsSocket().around(below, options) as unknown as TLSSocket;
}

/** Encrypted connections and servers of sessions are puppets. */
export function patchTls(patcher: Patcher): void {
  const { TLSSocket } = natives;
  markClass(patcher.realm.kinds, PuppetTlsSocket, ['connect']);
  const exported: typeof TLSSocket = new real.Proxy(TLSSocket, {
    construct: (target, args: unknown[], made) => {
      if (patcher.session() === undefined) return Reflect.construct(target, args, made === exported ? target : made) as TLSSocket;
      const [below, options] = args;
      if (below instanceof PuppetSocket) return wrapped(below, isOptions(options) ? options : {});
      throw new ResproutError(
        'PACKAGE_NEEDS_BOUNDARY',
        'an encrypted connection was made around a stream of the program, and its encryption happens outside',
        {
          tried: 'new tls.TLSSocket(socket)',
          do: 'Put it around a socket of node:net, or use tls.connect and tls.createServer',
        },
      );
    },
  });
  patcher.replace(tls, 'TLSSocket', 'own', exported as never);
  // The class cannot be built without a native half, so what is an instance of it is said here.
  const isInstance = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(TLSSocket, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, value: unknown): boolean {
      return isInstance.call(this as never, value) || ((this === TLSSocket || this === exported) && value instanceof PuppetTlsSocket);
    },
  });
  patcher.replace(tls, 'connect', 'own', (...args: unknown[]): unknown =>
    patcher.session() === undefined ? (Reflect.apply(natives.tlsConnect, tls, args as never) as unknown) : connectTlsPuppet(args),
  );
  patchServerClass(
    patcher,
    tls,
    natives.TlsServer,
    secureKind('node:tls.Server.listen', () => ({})),
    ['createServer'],
  );
  patchServerClass(
    patcher,
    https,
    natives.HttpsServer,
    secureKind('node:https.Server.listen', () => ({ ALPNProtocols: ['http/1.1'] })),
    ['createServer'],
  );
}

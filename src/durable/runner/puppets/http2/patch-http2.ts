import http2 from 'node:http2';
import { promisify } from 'node:util';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Patcher } from '../../globals/patch.ts';
import type { AnyClass } from '../exported-class.ts';
import { markClass } from '../mark.ts';
import { outside } from '../here.ts';
import { natives } from '../natives.ts';
import { ClientHttp2Session } from './sessions/client-session.ts';
import { ClientHttp2Stream } from './streams/client-stream.ts';
import { connectSession } from './connect.ts';
import { Http2Session } from './sessions/http2-session.ts';
import { Http2Stream } from './streams/http2-stream.ts';
import { puppetSecureServerClass, puppetServerClass } from './http2-server.ts';
import { ServerHttp2Session } from './sessions/server-session.ts';
import { ServerHttp2Stream } from './streams/server-stream.ts';
import { socketOfStream } from './sessions/session-socket.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** HTTP/2 of sessions: clients, servers and streams are puppets. */
export function patchHttp2(patcher: Patcher): void {
  const { kinds } = patcher.realm;
  for (const Class of [Http2Stream, ClientHttp2Stream, ServerHttp2Stream, ClientHttp2Session, ServerHttp2Session, Http2Session])
    markClass(kinds, Class, 'own');
  patchConnect(patcher);
  patchMaker(patcher, 'createServer', puppetServerClass);
  patchMaker(patcher, 'createSecureServer', puppetSecureServerClass);
  patcher.replace(http2, 'performServerHandshake', 'own', (...args: unknown[]): unknown => {
    if (patcher.session() === undefined) return Reflect.apply(natives.http2Handshake, http2, args as never) as unknown;
    throw new ResproutError('PACKAGE_NEEDS_BOUNDARY', 'HTTP/2 was to be spoken over a connection that its program has accepted', {
      tried: 'http2.performServerHandshake()',
      do: 'Let http2.createServer() or http2.createSecureServer() accept the connections',
    });
  });
  for (const Class of [http2.Http2ServerRequest, http2.Http2ServerResponse]) patchSocketOf(patcher, Class.prototype);
}

function patchConnect(patcher: Patcher): void {
  const connect = (...args: unknown[]): unknown =>
    patcher.session() === undefined ? Reflect.apply(natives.http2Connect, http2, args as never) : connectSession(args[0], args[1], args[2]);
  const promised = async (authority: unknown, options: unknown): Promise<unknown> =>
    await new Promise((resolve, reject) => {
      const session = connect(authority, options, () => {
        session.off('error', reject);
        resolve(session);
      }) as NodeJS.EventEmitter;
      session.once('error', reject);
    });
  Object.defineProperty(connect, promisify.custom, { value: promised });
  kindsOf(patcher, promised);
  patcher.replace(http2, 'connect', 'own', connect);
}

const kindsOf = (patcher: Patcher, fn: object): void => patcher.realm.kinds.mark(fn, 'own');

/** @param makeClass called with the first server of a session */
function patchMaker(patcher: Patcher, name: 'createServer' | 'createSecureServer', makeClass: () => AnyClass): void {
  const native = http2[name] as AnyFunction;
  let Puppet: AnyClass | undefined;
  const puppetClass = (): AnyClass => {
    const Made = outside(makeClass);
    markClass(patcher.realm.kinds, Made, ['listen']);
    markClass(patcher.realm.kinds, Object.getPrototypeOf(Made) as { readonly prototype: object }, ['listen']);
    return Made;
  };
  patcher.replace(http2, name, 'own', (...args: unknown[]): unknown => {
    if (patcher.session() === undefined) return Reflect.apply(native, http2, args);
    const [first, second] = args;
    Puppet ??= puppetClass();
    return Reflect.construct(Puppet, typeof first === 'function' && name === 'createServer' ? [{}, first] : [first, second]) as unknown;
  });
}

/** The socket that a request shows is the one of its session, which is a puppet. */
function patchSocketOf(patcher: Patcher, prototype: object): void {
  const shown = new WeakMap<object, object>();
  for (const name of ['socket', 'connection']) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (property?.get === undefined) continue;
    const theirs = property.get as AnyFunction;
    const get = function (this: { readonly stream: unknown }): unknown {
      const { stream } = this;
      if (!(stream instanceof ServerHttp2Stream)) return Reflect.apply(theirs, this, []);
      // Node takes it from a response that is over.
      if (Reflect.apply(theirs, this, []) === undefined) return undefined;
      const socket = shown.get(stream) ?? socketOfStream(stream, () => stream.session?.socket);
      shown.set(stream, socket);
      return socket;
    };
    patcher.realm.kinds.mark(get, 'language');
    Object.defineProperty(prototype, name, { ...property, get });
  }
}

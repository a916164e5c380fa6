import { constants } from 'node:http2';
import type { Duplex } from 'node:stream';
import { natives } from '../../natives.ts';
import type { PuppetSocket } from '../../socket/puppet-socket.ts';
import { Http2Session } from './http2-session.ts';
import type { OpenedStream } from './native-session.ts';
import { ServerHttp2Stream, toldOf } from '../streams/server-stream.ts';

/** What a session asks of the server that has it. */
export interface SessionServer extends NodeJS.EventEmitter {
  ended(session: ServerHttp2Session): void;
}

/** The side of a program that answers. */
export class ServerHttp2Session extends Http2Session {
  readonly #server: SessionServer;

  constructor(socket: PuppetSocket, options: object, server: SessionServer) {
    super(socket, {
      fn: 'node:http2.Server',
      type: constants.NGHTTP2_SESSION_SERVER,
      shown: [],
      make: (native: Duplex) => natives.http2Handshake(native, options),
    });
    this.#server = server;
  }

  get server(): SessionServer {
    return this.#server;
  }

  protected onStream(opened: OpenedStream): void {
    const stream = new ServerHttp2Stream(this, opened, this.half?.takeStream(opened.id));
    process.nextTick(() => this.emit('stream', stream, ...toldOf(opened.block)));
  }

  protected override onEnd(): void {
    this.#server.ended(this);
  }

  altsvc(alt: string, originOrStream?: number | string | URL | { readonly origin: string }): void {
    this.effect('altsvc', alt.length, ({ native }) => {
      if ('altsvc' in native) native.altsvc(alt, originOrStream as never);
    });
  }

  origin(...origins: readonly (string | URL | { readonly origin: string })[]): void {
    this.effect('origin', origins.length, ({ native }) => {
      if ('origin' in native) native.origin(...(origins as string[]));
    });
  }
}

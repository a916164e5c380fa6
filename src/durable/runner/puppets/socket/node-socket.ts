import type { SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { natives } from '../natives.ts';

/** Node's class as a puppet sees it: its types call read-only what Node's own code sets, and leave out what it keeps on a socket. */
export interface NodeSocket extends Duplex {
  connecting: boolean;
  timeout?: number;
  _host: string | null;
  _peername: object | null;
  _pendingData: unknown;
  _server: { _connections: number; _emitCloseIfDrained(): void } | null;
  _undestroy?(): void;
  resetAndDestroy(): this;
  setNoDelay(enable?: boolean): this;
  ref(): this;
  unref(): this;
}

/** The class to extend. */
export const NodeSocketClass: new (options?: SocketConstructorOpts) => NodeSocket = natives.Socket as never;

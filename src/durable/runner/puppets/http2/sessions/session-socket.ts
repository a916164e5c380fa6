// The connection of a session as a program sees it: as Node's own, which lets nobody read or write it past the protocol.
import type { Duplex } from 'node:stream';
import { real } from '../../../globals/real.ts';
import { noManipulation, socketUnbound } from '../http2-errors.ts';

const OF_SESSION = new Set<PropertyKey>(['setTimeout', 'ref', 'unref', 'destroy']);
const FORBIDDEN = new Set<PropertyKey>(['emit', 'end', 'pause', 'read', 'resume', 'write', 'setEncoding', 'setKeepAlive', 'setNoDelay']);

const bound = (owner: object, key: PropertyKey): unknown => {
  const value: unknown = Reflect.get(owner, key);
  return typeof value === 'function' ? (value as () => unknown).bind(owner) : value;
};

/** `session.socket`. @param socketOf gives the connection while there is one */
export function socketOfSession(session: object, socketOf: () => Duplex | undefined): object {
  const socket = (): Duplex => {
    const found = socketOf();
    if (found === undefined) throw socketUnbound();
    return found;
  };
  const holder = (key: PropertyKey): object => {
    if (FORBIDDEN.has(key)) throw noManipulation();
    return OF_SESSION.has(key) ? session : socket();
  };
  return new real.Proxy(session, {
    get: (_session, key) => bound(holder(key), key),
    set: (_session, key, value) => Reflect.set(holder(key), key, value),
    has: (_session, key) => key in session || key in socket(),
    getPrototypeOf: () => Reflect.getPrototypeOf(socket()),
  });
}

const OF_STREAM = new Set<PropertyKey>(['on', 'once', 'end', 'emit', 'destroy', 'writable', 'destroyed', 'readable']);
const NOT_OF_STREAM = new Set<PropertyKey>(['write', 'read', 'pause', 'resume']);

/** `req.socket` and `res.socket`. @param socketOf gives the session's `socket` while there is one */
export function socketOfStream(stream: Duplex, socketOf: () => object | undefined): object {
  const holder = (key: PropertyKey): object => {
    if (NOT_OF_STREAM.has(key)) throw noManipulation();
    return OF_STREAM.has(key) ? stream : (socketOf() ?? stream);
  };
  return new real.Proxy(stream, {
    get: (_stream, key) => bound(holder(key), key),
    set: (_stream, key, value) => Reflect.set(holder(key), key, value),
    has: (_stream, key) => key in stream || key in (socketOf() ?? stream),
    getPrototypeOf: () => Reflect.getPrototypeOf(socketOf() ?? stream),
  });
}

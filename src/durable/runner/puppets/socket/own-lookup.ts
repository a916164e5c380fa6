import net, { type LookupFunction, type Socket } from 'node:net';
import { given } from '../here.ts';
import type { ConnectOptions } from './connect-options.ts';

type Found = string | readonly { readonly address: string; readonly family: number }[];

/**
 * A `lookup` of the program is ordinary code: it is asked here, in the session, and the connection outside is told its answer.
 * Without one, and for addresses, goes on at once.
 */
export function withOwnLookup(socket: Socket, options: ConnectOptions, then: (options: ConnectOptions) => void): void {
  const { lookup, host, path } = options;
  if (lookup === undefined || (path !== undefined && path !== null) || host === undefined || net.isIP(host) !== 0) return then(options);
  const isMany =
    options.family !== 4 &&
    options.family !== 6 &&
    options.localAddress === undefined &&
    (options.autoSelectFamily ?? net.getDefaultAutoSelectFamily());
  const asked = { family: options.family, hints: options.hints ?? 0, ...(isMany ? { all: true } : {}) };
  const answer = (error: Error | null, found: Found, family?: number): void => {
    if (!socket.connecting) return;
    if (error !== null && error !== undefined) {
      process.nextTick(() => {
        socket.emit('lookup', error, typeof found === 'string' ? found : '', family ?? '', host);
        socket.destroy(error);
      });
      return;
    }
    const all = typeof found === 'string' ? [{ address: found, family }] : found;
    for (const one of all) socket.emit('lookup', null, one.address, one.family, host);
    const known: LookupFunction = (_name, _asked, tell) => (tell as (...args: unknown[]) => void)(null, found, family);
    then({ ...options, lookup: known });
  };
  (lookup as (...args: unknown[]) => void)(host, asked, given(answer));
}

// Requests of a program to servers of its own. Where a server has heard of one, its listeners have run: asking again after a crash would have them
// run twice, and the program would see what no single run shows. The crash has ended the connection, on both sides, so both are told.
import type { AddressInfo } from 'node:net';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { currentSession } from '../here.ts';
import { lostConnection } from '../lost.ts';
import type { ShownTarget } from '../socket/connect-options.ts';

/** Moments of one session: they pass alike in record and replay. */
class Moments {
  #passed = 0;
  /** When the server at an address last heard something. */
  readonly heard = new Map<string, number>();

  next(): number {
    return ++this.#passed;
  }
}

const known = new WeakMap<Session, Moments>();

function momentsOf(session: Session): Moments {
  const moments = known.get(session) ?? new Moments();
  known.set(session, moments);
  return moments;
}

/** Names of what a server tells its listeners of a request. */
const HEARD = new Set<unknown>(['connection', 'secureConnection', 'request', 'checkContinue', 'checkExpectation', 'connect', 'upgrade']);

/** Whether anybody but Node itself, which reads requests from a connection, listens. */
const isHeard = (server: NodeJS.EventEmitter, name: unknown): boolean =>
  HEARD.has(name) && server.listeners(name as string).some((listener) => listener.name !== 'connectionListener');

/** A server of the program is about to tell its listeners something. */
export function noteHeard(server: NodeJS.EventEmitter, name: unknown, address: AddressInfo | string | null): void {
  if (isHeard(server, name)) noteAsked(address);
}

/** A server of the program is about to ask it something. */
export function noteAsked(address: AddressInfo | string | null): void {
  const session = address === null ? undefined : currentSession();
  if (session === undefined) return;
  const moments = momentsOf(session);
  moments.heard.set(typeof address === 'string' ? address : String(address?.port), moments.next());
}

const HERE = /^(?:localhost|.*\.localhost|127\..*|\[::1\]|0\.0\.0\.0|\[::\])$/i;

/** The address that a server of this machine would have, as `noteHeard` keeps it. @param url or `unix:PATH:/…` */
function addressIn(url: string): string | undefined {
  if (url.startsWith('unix:')) return /^unix:(.*):\//.exec(url)?.[1];
  const { protocol, hostname, port } = URL.parse(url) ?? { protocol: '', hostname: '', port: '' };
  if (!HERE.test(hostname)) return undefined;
  return port === '' ? String(protocol === 'https:' ? 443 : 80) : port;
}

/**
 * A connection begins. @param target where it goes: `path`, or `host` and `port`
 * @returns whether it may be made again, after a crash: not when a server of the program has heard of it
 */
export function ownConnection(session: Session, target: Pick<ShownTarget, 'path' | 'host' | 'port'>): () => boolean {
  const moments = momentsOf(session);
  const begun = moments.next();
  const { path, host, port } = target;
  const address = path ?? (host !== undefined && (HERE.test(host) || host.includes('::')) ? String(port) : undefined);
  return () => address === undefined || (moments.heard.get(address) ?? 0) < begun;
}

/**
 * A request begins. @param url where it goes; `unix:PATH:/…` for a socket with a path
 * @returns what is called before it is made again, after a crash: throws when a server of the program has heard of it
 */
export function ownRequest(session: Session, method: string, url: string): () => void {
  const moments = momentsOf(session);
  const begun = moments.next();
  const address = addressIn(url);
  return () => {
    if (address === undefined || (moments.heard.get(address) ?? 0) < begun) return;
    const shown = `${method} ${url}`;
    session.world.note(`lost: the connection of ${shown} went with the process that had opened it, and the program is told so`);
    throw lostConnection(
      new ResproutError('LIVE_OBJECT_LOST', `the connection of ${shown} went with the process that had opened it`, {
        tried: `to go on with ${shown}`,
        saw: 'the server is of this program and had heard of it',
        do: 'Ask again where it fails with ECONNRESET; what the server does then must bear being done twice',
      }),
    );
  };
}

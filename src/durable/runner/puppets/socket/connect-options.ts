import { isIP, type LookupFunction } from 'node:net';
import { received } from '../../globals/received.ts';

/** Options of a connection: what Node's `connect` takes in its first argument. */
export interface ConnectOptions {
  readonly port?: number | string | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly family?: number | undefined;
  readonly hints?: number | undefined;
  readonly lookup?: LookupFunction | undefined;
  readonly autoSelectFamily?: boolean | undefined;
  readonly timeout?: number | undefined;
}

type Callback = (...args: unknown[]) => void;

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

function isPort(value: unknown): boolean {
  if (typeof value !== 'number' && !(typeof value === 'string' && value.trim() !== '')) return false;
  const port = Number(value);
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

const isPath = (value: unknown): boolean => typeof value === 'string' && !(Number(value) >= 0);

function optionsOf(args: readonly unknown[]): ConnectOptions {
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return first;
  if (isPath(first)) return { path: first as string };
  return { port: first as number, ...(typeof second === 'string' ? { host: second } : {}) };
}

/** Refuses a near end as Node does, which has made a handle by then that nobody closes. A path has none. @throws in the words of Node */
function checkNearEnd({ path, localAddress, localPort }: ConnectOptions): void {
  if (path !== undefined && path !== null) return;
  if (localAddress && isIP(localAddress) === 0)
    throw Object.assign(new TypeError(`Invalid IP address: ${localAddress}`), { code: 'ERR_INVALID_IP_ADDRESS' });
  if (localPort && typeof localPort !== 'number') {
    const text = `The "options.localPort" property must be of type number. Received ${received(localPort)}`;
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  }
}

/** The arguments of `connect` in all their forms. @throws for a near end that is none @returns no options when Node would refuse them */
export function connectArguments(given: readonly unknown[]): {
  readonly options: ConnectOptions | undefined;
  readonly callback: Callback | undefined;
} {
  const [first] = given;
  // Node hands its own forms on as one array.
  const args = Array.isArray(first) ? (first as unknown[]) : given;
  const last = args.at(-1);
  const callback = isCallback(last) ? last : undefined;
  const {
    onread: _onread,
    signal: _signal,
    ...options
  } = optionsOf(args) as ConnectOptions & { readonly onread?: unknown; readonly signal?: unknown };
  const isUsual =
    (options.host === undefined || options.host === null || typeof options.host === 'string') &&
    (options.lookup === undefined || isCallback(options.lookup)) &&
    (options.path !== undefined && options.path !== null ? typeof options.path === 'string' : isPort(options.port));
  if (isUsual) checkNearEnd(options);
  return { options: isUsual ? options : undefined, callback };
}

/** Where a connection goes. */
export interface ShownTarget {
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly family?: number;
}

/** What counts on replay. */
export function shownTarget({ port, host, path, localAddress, localPort, family }: ConnectOptions): ShownTarget {
  return {
    ...(path === undefined || path === null ? { port: Number(port), host: host ?? 'localhost' } : { path }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(localPort === undefined ? {} : { localPort }),
    ...(family === undefined ? {} : { family }),
  };
}

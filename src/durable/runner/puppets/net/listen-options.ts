// The arguments of `listen` in all their forms.

/** Where to listen. */
export interface ListenOptions {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly fd?: number | undefined;
  readonly backlog?: number | undefined;
  readonly ipv6Only?: boolean | undefined;
  readonly exclusive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Callback = () => void;

const isCallback = (value: unknown): value is Callback => typeof value === 'function';
const isPort = (value: unknown): boolean => Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) <= 65_535;

function numberAmong(args: readonly unknown[]): number | undefined {
  const found = args.slice(1, 3).find((arg) => typeof arg !== 'object' && !isCallback(arg) && Number(arg) > 0);
  return found === undefined ? undefined : Number(found);
}

/** @returns no options when Node would refuse them, or when they are a handle */
export function listenArguments(args: readonly unknown[]): {
  readonly options: ListenOptions | undefined;
  readonly callback: Callback | undefined;
} {
  const last = args.at(-1);
  const callback = isCallback(last) ? last : undefined;
  const [first, second] = args;
  const backlog = numberAmong(args);
  const common = backlog === undefined ? {} : { backlog };
  if (first === undefined || first === null || isCallback(first)) return { options: { port: 0, ...common }, callback };
  if (typeof first === 'object') {
    const given = first as ListenOptions;
    if (typeof given.fd === 'number') return { options: given, callback };
    if (typeof given.path === 'string' && (given.port === undefined || given.port === null)) return { options: given, callback };
    if (!('port' in given)) return { options: undefined, callback };
    if (given.port === undefined || given.port === null) return { options: { ...given, port: 0 }, callback };
    return { options: isPort(given.port) ? { ...given, port: Number(given.port) } : undefined, callback };
  }
  if (typeof first === 'string' && !(Number(first) >= 0)) return { options: { path: first, ...common }, callback };
  if (!isPort(first)) return { options: undefined, callback };
  return { options: { port: Number(first), ...(typeof second === 'string' ? { host: second } : {}), ...common }, callback };
}

/** What counts on replay. */
export function shownListen({ port, host, path, fd }: ListenOptions): object {
  return { port, host, path, fd };
}

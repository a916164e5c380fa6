import type { RequestOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';

/** What `http.request` was given, in one form. */
export interface GivenRequest {
  readonly options: RequestOptions;
  readonly listener: ((...args: never[]) => void) | undefined;
}

/** Reads the arguments as Node does. @throws TypeError for a text that is no URL */
export function givenRequest(args: readonly unknown[]): GivenRequest {
  const [input, second, third] = args;
  const url = typeof input === 'string' ? new URL(input) : input instanceof URL ? input : undefined;
  const listener = [second, third].find((arg) => typeof arg === 'function') as GivenRequest['listener'];
  const own = (url === undefined ? input : typeof second === 'function' ? undefined : second) as RequestOptions | null | undefined;
  return { options: { ...(url === undefined ? {} : urlToHttpOptions(url)), ...own } as RequestOptions, listener };
}

// What is null says nothing, as for Node.
const valueOf = (headers: RequestOptions['headers'] | null, name: string): unknown => {
  if (headers === undefined || headers === null) return undefined;
  const flat = Array.isArray(headers) ? headers.map(String) : undefined;
  const entries = flat === undefined ? Object.entries(headers) : flat.map((text, i) => [text, flat[i + 1]] as const);
  return entries.find(([key]) => key.toLowerCase() === name)?.[1];
};

/**
 * Whether a request begins a conversation: CONNECT, a change to another protocol, or a question before the body. Such a one goes over a socket of
 * the program.
 */
export function isConversation({ method, headers }: RequestOptions): boolean {
  // What is no text is refused by Node, in its words.
  const isTunnel = typeof method === 'string' && method.toUpperCase() === 'CONNECT';
  return isTunnel || valueOf(headers, 'upgrade') !== undefined || valueOf(headers, 'expect') !== undefined;
}

/** Where a request goes, for the journal and for people. */
export function urlOf(options: RequestOptions, scheme: string, path: string): string {
  if (typeof options.socketPath === 'string') return `unix:${options.socketPath}:${path}`;
  const host = options.hostname ?? options.host ?? 'localhost';
  const port = options.port === undefined || options.port === null || options.port === '' ? '' : `:${String(options.port)}`;
  return `${options.protocol ?? scheme}//${host}${port}${path}`;
}

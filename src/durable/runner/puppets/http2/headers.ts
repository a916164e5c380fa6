// Headers of HTTP/2: as the journal carries them, and what Node refuses of those that a program sends.
import { validateHeaderName } from 'node:http';
import { sensitiveHeaders, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { badConnect, badPseudoHeader, connectionHeader } from './http2-errors.ts';

type Value = string | number | string[] | undefined;

/** A block of headers that came, as data. */
export interface HeaderBlock {
  readonly entries: readonly (readonly [name: string, value: Value])[];
  readonly sensitive: readonly string[];
  readonly flags: number;
  readonly raw: readonly string[];
}

/** Headers that a program sends: an object, or a list of names and values. */
export type SentHeaders = OutgoingHttpHeaders | readonly string[];

/** Where a request goes. */
export interface Target {
  readonly authority: string;
  readonly scheme: string;
}

/** A request that is made ready. */
export interface RequestHead {
  readonly headers: SentHeaders;
  readonly method: string;
  readonly shown: readonly unknown[];
}

/** Which headers that begin with a colon may be there. */
export type HeaderUse = 'request' | 'response' | 'trailers';

const PSEUDO: Readonly<Record<HeaderUse, readonly string[]>> = {
  request: [':status', ':method', ':authority', ':scheme', ':path', ':protocol'],
  response: [':status'],
  trailers: [],
};

const CONNECTION = new Set(['connection', 'upgrade', 'http2-settings', 'keep-alive', 'proxy-connection', 'transfer-encoding']);

const isList = (headers: SentHeaders): headers is readonly string[] => Array.isArray(headers);

/** What came, as data. @param args of an event of Node with headers */
export function blockOf(headers: IncomingHttpHeaders, flags: number, raw: readonly string[]): HeaderBlock {
  return { entries: Object.entries(headers), sensitive: [...(sensitiveOf(headers) ?? [])], flags, raw: [...(raw ?? [])] };
}

/** The object that a program gets. */
export function headersOf({ entries, sensitive }: HeaderBlock): IncomingHttpHeaders {
  const headers = Object.create(null) as Record<string | symbol, unknown>;
  for (const [name, value] of entries) headers[name] = value;
  headers[sensitiveHeaders] = sensitive;
  return headers as IncomingHttpHeaders;
}

const sensitiveOf = (headers: object): readonly string[] | undefined =>
  (headers as { readonly [sensitiveHeaders]?: readonly string[] })[sensitiveHeaders];

function withSensitive(list: readonly string[], from: object): readonly string[] {
  const sensitive = sensitiveOf(from);
  return sensitive === undefined ? list : Object.assign(list, { [sensitiveHeaders]: sensitive });
}

/** A copy, which the program cannot change any more. */
export function copyOf(headers: SentHeaders): SentHeaders {
  return isList(headers)
    ? withSensitive([...headers], headers)
    : (Object.assign(Object.create(null) as object, headers) as OutgoingHttpHeaders);
}

/** Names and values, one after the other. */
function pairsOf(headers: SentHeaders): readonly (readonly [string, unknown])[] {
  if (!isList(headers)) return Object.entries(headers);
  return Array.from({ length: Math.ceil(headers.length / 2) }, (_, at) => [String(headers[2 * at]), headers[2 * at + 1]] as const);
}

/** As Node counts what a replay compares of an effect: a number. */
export const sizeOf = (headers: SentHeaders): number =>
  pairsOf(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);

/** @throws in the words of Node, for what it looks at before it sends */
export function checkHeaders(headers: SentHeaders, use: HeaderUse): void {
  for (const [given, value] of pairsOf(headers)) {
    const name = given.toLowerCase();
    if (value === undefined || name === '') continue;
    if (name.startsWith(':')) {
      if (!PSEUDO[use].includes(name)) throw badPseudoHeader(name);
      continue;
    }
    validateHeaderName(name);
    if (CONNECTION.has(name) || (name === 'te' && value !== 'trailers')) throw connectionHeader(name);
  }
}

/** The headers of a request with what Node puts there by itself. @throws in the words of Node */
export function requestHead(given: SentHeaders, target: Target): RequestHead {
  const known = new Map(pairsOf(given).map(([name, value]) => [isList(given) ? name.toLowerCase() : name, value]));
  const added: [string, string][] = [];
  const put = (name: string, value: string): void => {
    known.set(name, value);
    added.push([name, value]);
  };
  if (known.get(':method') === undefined) put(':method', 'GET');
  if (known.get(':method') !== 'CONNECT' || known.get(':protocol') !== undefined) {
    if (known.get(':authority') === undefined && known.get('host') === undefined) put(':authority', target.authority);
    if (known.get(':scheme') === undefined) put(':scheme', target.scheme);
    if (known.get(':path') === undefined) put(':path', '/');
  } else {
    if (known.get(':authority') === undefined) throw badConnect('authority');
    if (known.get(':scheme') !== undefined) throw badConnect('scheme');
    if (known.get(':path') !== undefined) throw badConnect('path');
  }
  const headers = isList(given)
    ? withSensitive([...added.flat(), ...given], given)
    : Object.assign(copyOf(given), Object.fromEntries(added));
  checkHeaders(headers, 'request');
  return {
    headers,
    method: String(known.get(':method')),
    shown: [known.get(':method'), known.get(':authority') ?? known.get('host'), known.get(':path')],
  };
}

/** The object that `sentHeaders` of a list is. */
export function objectOf(headers: SentHeaders): OutgoingHttpHeaders {
  if (!isList(headers)) return headers;
  const all = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairsOf(headers)) {
    const known = all[name];
    if (known === undefined) all[name] = value as string;
    else if (Array.isArray(known)) known.push(value as string);
    else all[name] = [known, value as string];
  }
  return all;
}

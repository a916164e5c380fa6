import { isFetchLoaded } from '../../../../platform/engine/fetch-client.ts';
import { responseFrom } from '../../../journal/bodies/response-head.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import type { Patcher } from '../../globals/patch.ts';
import { real } from '../../globals/real.ts';
import { ownRequest } from '../../puppets/net/own-servers.ts';
import { abortable } from './abortable.ts';
import { ask, type Asked, type OpenResponse } from './ask.ts';
import { bodyStream } from './body-stream.ts';

type RequestInput = Parameters<typeof fetch>[0];

/** Bodies as the record compares them. A form or a blob is known by its kind: what is in it is read outside. */
function bodyShown(body: unknown): unknown {
  if (typeof body === 'string' || body === null || body === undefined) return body ?? null;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body;
  if (body instanceof FormData) return [...body].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
  return Object.prototype.toString.call(body);
}

/**
 * Whether the program itself gives the body piece by piece. Such a body is read in the session, where its source runs, and sent when it is
 * complete: a request of unknown outcome can then be sent again.
 */
function isGivenInPieces(input: unknown, body: unknown): boolean {
  if (body === undefined || body === null) return input instanceof Request && input.body !== null;
  return body instanceof ReadableStream || (typeof body === 'object' && Symbol.asyncIterator in body);
}

/** What parts a form is chance of undici's own. */
const withoutBoundary = (value: string): string => (value.startsWith('multipart/') ? value.replace(/boundary=.*/, 'boundary') : value);

/** The number of an object URL is chance. */
const withoutNumber = (url: string): string => (url.startsWith('blob:') ? 'blob:' : url);

/** Runs something outside of the session. */
type Outside = <T>(run: () => T) => T;

/** A request of the program. */
interface Sent {
  readonly request: Request;
  /** Its body as the record compares it. */
  readonly shown: unknown;
  /** Whether the program gave a signal. */
  readonly isAbortable: boolean;
}

/** As fetch fails. */
const failing = (again: () => void) => (): void => {
  try {
    again();
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
};

async function send(session: Session, outside: Outside, { request, shown, isAbortable }: Sent): Promise<Response> {
  const site = session.world.site('fetch');
  const { method, signal } = request;
  const url = withoutNumber(request.url);
  const stopped = new AbortController();
  const stop = (): void => outside(() => stopped.abort(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  let incoming: Asked['incoming'];
  const result = await session.world.call<Response | OpenResponse>({
    fn: 'fetch',
    args: [method, url, [...request.headers].map(([name, value]) => [name, withoutBoundary(value)]), shown],
    site,
    again: failing(ownRequest(session, method, url)),
    async run(_key, ended) {
      if (signal.aborted) stopped.abort(signal.reason);
      const asked = await ask(new Request(request, { signal: AbortSignal.any([stopped.signal, ended]) }));
      ({ incoming } = asked);
      return asked.result;
    },
  });
  // From now on what is stopped leaves as an effect.
  signal.removeEventListener('abort', stop);
  if (result instanceof Response) return isAbortable ? await abortable(result, request) : result;
  if (signal.aborted) {
    outside(() => incoming?.stop());
    throw signal.reason;
  }
  const shownAs = `answer to ${method} ${url}`;
  return responseFrom(result.head, bodyStream({ session, shown: shownAs, site, incoming, begun: result.begun, request }));
}

/** Reads the body where its source runs, then sends it. */
async function sendRead(session: Session, outside: Outside, { request, isAbortable }: Sent): Promise<Response> {
  const bytes = await request.arrayBuffer();
  // With the method of the request that it copies, which has a body.
  return await send(session, outside, {
    request: new Request(request, { method: request.method, body: bytes }),
    shown: bytes,
    isAbortable,
  });
}

/**
 * fetch: one recorded call, whoever makes it. The answer is read to its end with the head: the program reads it in the same way, and a crash in the
 * middle repeats the request. A call of unknown outcome is sent again from what the program gives then. An answer whose end does not come soon
 * is given as it comes: its body is a conversation, which a crash ends.
 */
export function patchFetch(patcher: Patcher): void {
  const outside: Outside = (run) => patcher.realm.context.run(undefined, run);
  patcher.replace(globalThis, 'fetch', 'own', (input: unknown, init?: RequestInit): Promise<Response> => {
    const session = patcher.session();
    if (session === undefined) {
      const answer = real.fetch(input as RequestInput, init);
      isFetchLoaded();
      return answer;
    }
    try {
      const isPieces = isGivenInPieces(input, init?.body);
      const options = isPieces && init?.body !== undefined ? ({ ...init, duplex: 'half' } satisfies RequestInit) : init;
      const request = new Request(input as ConstructorParameters<typeof Request>[0], options);
      isFetchLoaded();
      const isAbortable = input instanceof Request || (init?.signal ?? undefined) !== undefined;
      const sent = { request, shown: bodyShown(init?.body), isAbortable };
      return isPieces ? sendRead(session, outside, sent) : send(session, outside, sent);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  });
}

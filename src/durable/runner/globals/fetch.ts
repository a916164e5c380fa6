import type { Patcher } from './patch.ts';
import { real } from './real.ts';

type RequestInput = Parameters<typeof fetch>[0];
type Session = NonNullable<ReturnType<Patcher['session']>>;

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

function send(session: Session, request: Request, shown: unknown): Promise<Response> {
  return session.world.call({
    fn: 'fetch',
    args: [request.method, withoutNumber(request.url), [...request.headers].map(([name, value]) => [name, withoutBoundary(value)]), shown],
    run: (_key, signal) => real.fetch(new Request(request, { signal: AbortSignal.any([request.signal, signal]) })),
  });
}

/** Reads the body where its source runs, then sends it. */
async function sendRead(session: Session, request: Request): Promise<Response> {
  const bytes = await request.arrayBuffer();
  // With the method of the request that it copies, which has a body.
  return await send(session, new Request(request, { method: request.method, body: bytes }), bytes);
}

/**
 * fetch: one recorded call, whoever makes it. The answer is read to its end with the head, event streams too: the program reads it in the same
 * way, and a crash in the middle repeats the request. A call of unknown outcome is sent again from what the program gives then.
 */
export function patchFetch(patcher: Patcher): void {
  patcher.replace(globalThis, 'fetch', 'own', (input: unknown, init?: RequestInit): Promise<Response> => {
    const session = patcher.session();
    if (session === undefined) return real.fetch(input as RequestInput, init);
    try {
      const isPieces = isGivenInPieces(input, init?.body);
      const options = isPieces && init?.body !== undefined ? ({ ...init, duplex: 'half' } satisfies RequestInit) : init;
      const request = new Request(input as ConstructorParameters<typeof Request>[0], options);
      return isPieces ? sendRead(session, request) : send(session, request, bodyShown(init?.body));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  });
}

import type { Patcher } from './patch.ts';
import { real } from './real.ts';

type RequestInput = Parameters<typeof fetch>[0];

/** What of a request counts as its arguments, and a copy of it that can be sent. */
interface Prepared {
  readonly args: readonly unknown[];
  readonly request: Request;
}

/** Bodies that are read once (streams) are left to the request; their content is not compared on replay. */
function bodyShown(body: unknown): unknown {
  if (typeof body === 'string' || body === null || body === undefined) return body ?? null;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body;
  return Object.prototype.toString.call(body);
}

function prepare(input: unknown, init: RequestInit | undefined): Prepared {
  const url = input instanceof Request ? input.url : String(input);
  const request = new Request(input as ConstructorParameters<typeof Request>[0], init);
  const own = init ?? {};
  return { args: [request.method, url, [...request.headers], bodyShown(own.body)], request };
}

/**
 * fetch: one recorded call. The body is read to its end with the head, event streams too: the program reads it in the same way, and a
 * crash in the middle repeats the request. A call of unknown outcome is sent again from what the program gives then.
 */
export function patchFetch(patcher: Patcher): void {
  patcher.replace(globalThis, 'fetch', 'own', (input: unknown, init?: RequestInit): Promise<Response> => {
    const session = patcher.session();
    if (session === undefined) return real.fetch(input as RequestInput, init);
    let prepared: Prepared;
    try {
      prepared = prepare(input, init);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    const { args, request } = prepared;
    return session.world.call({
      fn: 'fetch',
      args,
      run: (_key, signal) => real.fetch(new Request(request, { signal: AbortSignal.any([request.signal, signal]) })),
    });
  });
}

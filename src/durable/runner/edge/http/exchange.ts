// One real HTTP exchange, outside of the session: a complete request, and the answer to its end.
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import type { SocketFacts } from './memory-socket.ts';

/** What a server says before its answer, such as 103 Early Hints. */
export interface Information {
  readonly status: number;
  readonly message: string;
  /** Name and value in turn, as they came. */
  readonly head: readonly string[];
}

/** An answer as the journal keeps it. */
export interface Answer {
  /** Absent when there was none. */
  readonly before?: readonly Information[];
  readonly version: string;
  readonly status: number;
  readonly message: string;
  /** Name and value in turn, as they came. */
  readonly head: readonly string[];
  readonly body: Buffer;
  /** Name and value in turn. */
  readonly trailers: readonly string[];
  /** Whether it broke off before its end. */
  readonly cut: boolean;
  readonly facts: SocketFacts;
}

/** A request that is complete. */
export interface CompleteRequest {
  readonly options: RequestOptions;
  readonly headers: OutgoingHttpHeaders | readonly string[];
  readonly body: Buffer;
  readonly trailers: readonly string[];
}

type RequestFunction = (options: RequestOptions) => ClientRequest;

/** Makes a request. Rejects with Node's error. */
export function exchange(request: RequestFunction, given: CompleteRequest, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const made = request({ ...given.options, headers: given.headers, signal });
    const before: Information[] = [];
    made.on('error', reject);
    made.on('information', ({ statusCode, statusMessage, rawHeaders }) =>
      before.push({ status: statusCode, message: statusMessage, head: rawHeaders }),
    );
    made.on('response', (response) => readAnswer(response, (answer) => resolve(before.length === 0 ? answer : { ...answer, before })));
    made.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('the server changed to another protocol, and the request did not ask for it'));
    });
    if (given.trailers.length > 0) made.addTrailers(Object.fromEntries(pairs(given.trailers)));
    // An empty body is no body: Node writes the head alone, as it did for the program's own request.
    if (given.body.length > 0) made.end(given.body);
    else made.end();
  });
}

function readAnswer(response: IncomingMessage, resolve: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  const { socket } = response;
  const facts: SocketFacts = {
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
  };
  const done = (cut: boolean): void =>
    resolve({
      version: response.httpVersion,
      status: response.statusCode ?? 0,
      message: response.statusMessage ?? '',
      head: response.rawHeaders,
      body: Buffer.concat(chunks),
      trailers: response.rawTrailers,
      cut,
      facts,
    });
  response.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('error', () => done(true));
  response.on('end', () => done(false));
}

/** Name and value in turn as pairs. */
export function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [flat[2 * i] ?? '', flat[2 * i + 1] ?? ''] as const);
}

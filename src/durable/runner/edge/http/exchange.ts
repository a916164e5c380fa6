// One real HTTP exchange, outside of the session: a complete request, and the answer, to its end where that comes soon.
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http';
import { IncomingAnswer } from '../answers/incoming-answer.ts';
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
  /** Present when it goes on: the rest of it is events. */
  readonly isOpen?: true;
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

/** What is known at the end of an answer that went on. */
export interface AnswerEnd {
  /** Name and value in turn. */
  readonly trailers: readonly string[];
}

/** What was asked, and the half outside of an answer. */
export interface Asked {
  readonly answer: Answer;
  readonly incoming: IncomingAnswer<AnswerEnd>;
}

/** Makes a request. Rejects with Node's error. */
export function exchange(request: RequestFunction, given: CompleteRequest, signal: AbortSignal): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const made = request({ ...given.options, headers: given.headers, signal });
    const before: Information[] = [];
    made.on('error', reject);
    made.on('information', ({ statusCode, statusMessage, rawHeaders }) =>
      before.push({ status: statusCode, message: statusMessage, head: rawHeaders }),
    );
    made.on('response', (response) => void readAnswer(response, before).then(resolve));
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

async function readAnswer(response: IncomingMessage, before: readonly Information[]): Promise<Asked> {
  const { socket } = response;
  const facts: SocketFacts = {
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
  };
  const source = {
    pause: (): void => void response.pause(),
    resume: (): void => void response.resume(),
    stop: (): void => void response.destroy(),
  };
  const incoming = new IncomingAnswer<AnswerEnd>(source, response.headers['content-type']);
  response.on('data', (chunk: Buffer) => incoming.data(chunk));
  response.on('error', (error) => incoming.fail(error));
  response.on('end', () => incoming.end({ trailers: response.rawTrailers }));
  const gathered = await incoming.gathered;
  const answer: Answer = {
    ...(before.length === 0 ? {} : { before }),
    version: response.httpVersion,
    status: response.statusCode ?? 0,
    message: response.statusMessage ?? '',
    head: response.rawHeaders,
    body: gathered.body,
    trailers: gathered.how === 'ended' ? gathered.end.trailers : [],
    cut: gathered.how === 'broken',
    ...(gathered.how === 'open' ? { isOpen: true } : {}),
    facts,
  };
  return { answer, incoming };
}

/** Name and value in turn as pairs. */
export function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [flat[2 * i] ?? '', flat[2 * i + 1] ?? ''] as const);
}

// An HTTP request of a session as one recorded call. Node's own ClientRequest runs on a connection in memory, so headers, `finish`,
// `100-continue`, trailers, the parser, errors and timeouts are Node's. When it is complete the real request is made outside, or the journal
// answers, and the answer comes over the same connection.
import http, { type Agent, type ClientRequest, type OutgoingHttpHeaders, type RequestOptions } from 'node:http';
import type { Session } from '../../../replay/session/session-api.ts';
import { ownRequest } from '../../puppets/net/own-servers.ts';
import { bodyOfRequest } from './body-of-request.ts';
import { exchange, type Answer, type Asked } from './exchange.ts';
import { give, giveOpen } from './give-answer.ts';
import { MemorySocket } from './memory-socket.ts';
import { outsideAgent } from './outside-agent.ts';
import { urlOf, type GivenRequest } from './request-options.ts';

/** Which of the two modules is asked, and how it is done in truth. */
export interface HttpModule {
  /** `http:` or `https:`. */
  readonly scheme: string;
  /** Node's own function. */
  readonly request: (options: RequestOptions) => ClientRequest;
  readonly globalAgent: Agent;
}

export interface RecordedRequestOptions {
  readonly module: HttpModule;
  readonly session: Session;
  /** Runs something outside of the session. */
  readonly outside: <T>(run: () => T) => T;
}

/** What of the agent the program's own request must see. */
interface AgentFacts {
  readonly keepAlive?: boolean;
  readonly protocol?: string;
  readonly defaultPort?: number;
}

/** An agent that opens nothing: it hands out one connection in memory. */
class MemoryAgent extends http.Agent {
  readonly #socket: MemorySocket;
  defaultPort: number;
  protocol: string;

  constructor(socket: MemorySocket, like: AgentFacts, scheme: string) {
    super({ keepAlive: like.keepAlive !== false });
    this.#socket = socket;
    this.protocol = like.protocol ?? scheme;
    this.defaultPort = like.defaultPort ?? (scheme === 'https:' ? 443 : 80);
  }

  addRequest(request: ClientRequest, options: { readonly timeout?: number }): void {
    if (options.timeout !== undefined && options.timeout > 0) this.#socket.setTimeout(options.timeout);
    request.onSocket(this.#socket as never);
  }
}

/** Headers that belong to one connection, and are made anew for the real one. */
const OF_CONNECTION = /^(?:expect|transfer-encoding)$/i;

function headersOf(request: ClientRequest, given: RequestOptions['headers']): OutgoingHttpHeaders | readonly string[] {
  if (Array.isArray(given)) return given as readonly string[];
  const names = request.getRawHeaderNames().filter((name) => !OF_CONNECTION.test(name));
  const headers: OutgoingHttpHeaders = Object.fromEntries(names.map((name) => [name, request.getHeader(name)]));
  return request.chunkedEncoding ? { ...headers, 'Transfer-Encoding': 'chunked' } : headers;
}

/** Whether Node refuses what is given as an agent. */
function isNoAgent(agent: unknown): boolean {
  if (agent === undefined || agent === null || agent === false) return false;
  return typeof Reflect.get(Object(agent) as object, 'addRequest') !== 'function';
}

/** Makes a request of the program. @throws what Node's ClientRequest throws for wrong options */
export function recordedRequest(how: RecordedRequestOptions, { options, listener }: GivenRequest): ClientRequest {
  const { module, session, outside } = how;
  const { scheme } = module;
  const site = session.world.site(`${scheme}request`);
  const written: Buffer[] = [];
  const socket = new MemorySocket(scheme === 'https:', (bytes) => {
    if (written.push(bytes) === 1 && isExpecting(request)) process.nextTick(() => socket.push('HTTP/1.1 100 Continue\r\n\r\n'));
  });
  const own = options.agent;
  const like: AgentFacts = own === false ? { keepAlive: false } : ((own || module.globalAgent) as AgentFacts);
  const agent = new MemoryAgent(socket, like, scheme);
  const { createConnection: _create, socketPath: _path, ...shown } = options;
  const { protocol = agent.protocol, defaultPort = agent.defaultPort } = options;
  const taken = isNoAgent(own) ? own : agent;
  const request = new http.ClientRequest({ ...shown, agent: taken, protocol, defaultPort } as never, listener as never);
  const aborted = new AbortController();
  let stop = (): void => outside(() => aborted.abort());

  request.once('finish', () => {
    if (request.destroyed) return;
    const { method, path } = request;
    const headers = headersOf(request, options.headers);
    const sent = bodyOfRequest(Buffer.concat(written), request.chunkedEncoding);
    written.length = 0;
    const { signal: _signal, timeout: _timeout, auth: _auth, ...rest } = options;
    const real = { options: { ...rest, agent: outsideAgent(own), method, path }, headers, ...sent };
    let incoming: Asked['incoming'] | undefined;
    const run = async (_key: string, signal: AbortSignal): Promise<Answer> => {
      const asked = await exchange(module.request, real, AbortSignal.any([signal, aborted.signal]));
      ({ incoming } = asked);
      return asked.answer;
    };
    const url = urlOf(options, scheme, path);
    const again = ownRequest(session, method, url);
    const args = [method, url, Array.isArray(headers) ? headers : Object.entries(headers), sent.body];
    session.world
      .call({ fn: `node:${scheme.slice(0, -1)}.request`, args, site, again, run })
      .then((answer) => {
        if (answer.isOpen !== true) give(socket, method, answer);
        else if (!socket.destroyed)
          stop = giveOpen(socket, method, answer, { session, site, shown: `answer to ${method} ${url}`, incoming });
      })
      .catch((error: unknown) => socket.destroy(error as Error));
  });
  request.once('close', () => {
    if (!isAnswered(request)) stop();
  });
  return request;
}

const isExpecting = (request: ClientRequest): boolean => /^100-continue$/i.test(String(request.getHeader('expect') ?? ''));

function isAnswered(request: ClientRequest): boolean {
  const answer: unknown = Reflect.get(request, 'res');
  return answer instanceof http.IncomingMessage && answer.complete;
}

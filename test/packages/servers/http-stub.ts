// One HTTP server for one program: a small API, an object store, a language model. Everything it is asked is noted.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { Effects } from './effects.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly request: IncomingMessage;
}

type Route = (response: ServerResponse, asked: Asked, effects: Effects) => void;

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const completion = (text: string): object => ({
  id: 'cmpl_1',
  object: 'chat.completion',
  created: 1,
  model: 'stub',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
});

function chat(response: ServerResponse, { body }: Asked): void {
  const { stream, messages } = JSON.parse(body.toString()) as { stream?: boolean; messages: { content: unknown }[] };
  const text = `you said ${JSON.stringify(messages.at(-1)?.content)}`;
  if (stream !== true) return json(response, completion(text));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const part of ['you ', 'said ', 'hi']) {
    const chunk = {
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'stub',
      choices: [{ index: 0, delta: { content: part } }],
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
  return undefined;
}

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'stub', stop_reason: 'end_turn', stop_sequence: null };

/** Routes by the beginning of `METHOD /path`; the first that fits. */
const ROUTES: readonly (readonly [string, Route])[] = [
  ['POST /v1/chat/completions', chat],
  ['POST /v1/responses', (response) => json(response, { error: { message: 'use chat' } }, 404)],
  [
    'POST /v1/messages',
    (response) => json(response, { ...message, content: [{ type: 'text', text: 'hello' }], usage: { input_tokens: 1, output_tokens: 1 } }),
  ],
  ['POST /v1/customers', (response) => json(response, { id: 'cus_1', object: 'customer', name: 'Ann' })],
  ['POST /v1/charges', (response) => json(response, { id: 'ch_1', object: 'charge', amount: 100 })],
  ['GET /repos/', (response) => json(response, { full_name: 'a/b', stargazers_count: 3 })],
  ['POST /repos/', (response) => json(response, { number: 7, title: 'bug' }, 201)],
  ['POST /graphql', (response) => json(response, { data: { hello: 'world' } })],
  ['POST /api/chat.postMessage', (response) => json(response, { ok: true, ts: '1.2' })],
  ['POST /v3/mail/send', (response) => response.writeHead(202).end()],
  ['POST /v1/pages', (response) => json(response, { object: 'page', id: 'p1' })],
  ['POST /emails', (response) => json(response, { id: 'em_1' })],
  ['GET /rest/v1/', (response) => json(response, [{ id: 1, name: 'a' }])],
  ['POST /rest/v1/', (response) => json(response, [{ id: 2, name: 'b' }], 201)],
  [
    'GET /indexes/',
    (response) => json(response, { uid: 'movies', primaryKey: 'id', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' }),
  ],
  [
    'GET /gzip',
    (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(gzipSync('{"zipped":true}')),
  ],
  ['GET /redirect', (response) => response.writeHead(302, { location: '/json' }).end()],
  ['GET /404', (response) => json(response, { error: 'none' }, 404)],
  ['GET /text', (response) => response.end('plain text')],
  ['GET /html', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<ul><li>a</li><li>b</li></ul>')],
  ['GET /big', (response) => response.end('x'.repeat(300_000))],
  ['GET /slow', (response) => void setTimeout(() => json(response, { slow: true }), 60)],
  ['GET /never', () => undefined],
  ['GET /reset', (response) => response.socket?.destroy()],
  [
    'GET /flaky',
    (response, _asked, effects) =>
      effects.count('GET /flaky') < 3 ? json(response, { error: 'busy' }, 503) : json(response, { ok: true }),
  ],
];

function xml(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}

/** A bucket, as much of S3 as clients need. */
class Bucket {
  readonly #objects = new Map<string, Buffer>();

  answer(response: ServerResponse, { method, path, body, request }: Asked): void {
    const key = path.replace(/\?.*/, '');
    const found = this.#objects.get(key);
    if (method === 'PUT') {
      this.#objects.set(key, request.headers['x-amz-decoded-content-length'] === undefined ? body : unchunked(body));
      response.setHeader('etag', `"${createHash('md5').update(body).digest('hex')}"`).end();
    } else if (method === 'DELETE') response.writeHead(204).end();
    else if (key === '/bucket/' || key === '/bucket')
      xml(
        response,
        `<ListBucketResult><Name>bucket</Name><KeyCount>1</KeyCount><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>`,
      );
    else if (found === undefined) {
      response.statusCode = 404;
      response.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
    } else response.end(found);
  }
}

/** A body in chunks with signatures. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  close(): void;
}

/** Starts one on a free port. */
export async function startHttp(effects: Effects): Promise<HttpServer> {
  const bucket = new Bucket();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const asked: Asked = { method: request.method ?? '', path: request.url ?? '', body, request };
    const line = `${asked.method} ${asked.path}`;
    effects.add(line.slice(0, 60));
    if (asked.path.startsWith('/bucket')) return bucket.answer(response, asked);
    const route = ROUTES.find(([start]) => line.startsWith(start))?.[1];
    if (route !== undefined) return route(response, asked, effects);
    const shown = body
      .toString()
      .replaceAll(/-{4,}[\w-]+/g, '--boundary')
      .slice(0, 200);
    return json(response, { method: asked.method, path: asked.path, body: shown });
  };
  const server = http.createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => socket.unref());
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

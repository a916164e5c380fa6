// A server outside of every session: it answers, and counts what it was asked.
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { once } from 'node:events';

/** A stub that runs. */
export interface HttpStub {
  readonly url: string;
  /** A server that speaks no proper HTTP. */
  readonly rawUrl: string;
  /** What was asked since the last look, as `POST /x body`. */
  take(): readonly string[];
  /** How many answers without an end are still being read. */
  openAnswers(): number;
  close(): Promise<void>;
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Answers without an end that somebody reads. */
let openCount = 0;

/** Writes a piece at once and then again and again, until whoever reads has enough. */
function endless(response: http.ServerResponse, type: string, piece: (n: number) => string, everyMs: number): void {
  response.writeHead(200, { 'content-type': type });
  let n = 0;
  const write = (): void => void response.write(piece(++n));
  write();
  const timer = setInterval(write, everyMs);
  openCount++;
  response.on('close', () => {
    openCount--;
    clearInterval(timer);
  });
}

const routes: Readonly<Record<string, (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void>> = {
  '/204': (_, response) => response.writeHead(204).end(),
  '/304': (_, response) => response.writeHead(304).end(),
  '/404': (_, response) => response.writeHead(404, 'Not Here').end('nothing'),
  '/500': (_, response) => response.writeHead(500).end('broken'),
  '/reset': (request) => request.socket.destroy(),
  '/never': () => undefined,
  '/gzip': (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(gzipSync('zipped')),
  '/redirect': (_, response) => response.writeHead(302, { location: '/json' }).end(),
  '/cookies': (_, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end('cookies'),
  '/big': (_, response) => response.end(Buffer.alloc(2_000_000, 7)),
  '/trailers': (_, response) => {
    response.setHeader('trailer', 'x-t');
    response.write('body');
    response.addTrailers({ 'x-t': 'yes' });
    response.end();
  },
  '/hints': (_, response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('hinted'));
  },
  '/chunks': (_, response) => {
    response.write('one ');
    setTimeout(() => response.end('two'), 5);
  },
  '/events': (_, response) => endless(response, 'text/event-stream', (n) => `id: ${String(n)}\ndata: tick\n\n`, 5),
  '/rare-events': (_, response) => endless(response, 'text/event-stream', (n) => `id: ${String(n)}\ndata: tick\n\n`, 100),
  '/drops': (_, response) => endless(response, 'text/plain', () => 'drop', 10),
  '/flood': (_, response) => endless(response, 'text/event-stream', () => 'x'.repeat(1_000_000), 5),
  '/words': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const words = ['The', ' end', ' of', ' it', '[DONE]'];
    const say = (): void => {
      const word = words.shift();
      if (word === undefined) response.end();
      else response.write(`data: ${word}\n\n`, () => setTimeout(say, 3));
    };
    say();
  },
  '/five': (_, response) => response.end(Buffer.alloc(5 * 1024 * 1024, 7)),
  '/cut-events': (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: one\n\n');
    setTimeout(() => request.socket.destroy(), 5);
  },
  '/cut': (request, response) => {
    response.writeHead(200, { 'content-length': '99' });
    response.write('some text');
    setTimeout(() => request.socket.destroy(), 5);
  },
};

function answer(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
  const route = routes[request.url?.replace(/\?.*/, '') ?? ''];
  if (route !== undefined) return route(request, response, body);
  const { authorization, host, 'content-length': length, 'transfer-encoding': coding, 'content-type': type } = request.headers;
  response.setHeader('content-type', 'application/json');
  const shown = { method: request.method, url: request.url, body, authorization, own: host === undefined, length, coding, type };
  response.end(JSON.stringify(shown));
  return undefined;
}

/** Starts both servers on free ports of this machine. */
export async function httpStub(): Promise<HttpStub> {
  let seen: string[] = [];
  const server = http.createServer({ keepAliveTimeout: 1000 }, (request, response) => {
    void bodyOf(request).then(
      (body) => {
        seen.push(`${request.method ?? ''} ${request.url ?? ''} ${body.slice(0, 100).replace(/undici-\d+/g, 'boundary')}`.trim());
        answer(request, response, body);
      },
      () => seen.push('aborted'),
    );
  });
  const raw = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const [, path = ''] = data.toString().split(' ');
      seen.push(`raw ${path}`);
      socket.end(path === '/nonsense' ? 'no HTTP at all\r\n\r\n' : 'HTTP/1.1 200 OK\r\n\r\nuntil the end');
    });
  });
  const urls: string[] = [];
  for (const listener of [server, raw]) {
    // It must not count as left behind while the tests of the file have not ended.
    listener.unref().listen(0, '127.0.0.1');
    listener.on('connection', (socket: net.Socket) => socket.unref());
    await once(listener, 'listening');
    const address = listener.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    urls.push(`http://127.0.0.1:${String(address.port)}`);
  }
  return {
    url: urls[0] ?? '',
    rawUrl: urls[1] ?? '',
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    openAnswers: () => openCount,
    async close() {
      const closed = [server, raw].map((listener) => once(listener, 'close'));
      server.close();
      server.closeAllConnections();
      raw.close();
      await Promise.all(closed);
    },
  };
}

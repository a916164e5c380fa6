// The real local server that the programs talk to. It counts what it was asked, so that repeats can be seen.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProgramServer extends AsyncDisposable {
  readonly url: string;
  /** How often each method and path was asked. */
  readonly asked: Map<string, number>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const completion = (content: string): unknown => ({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'stub',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
});

async function complete(request: IncomingMessage, response: ServerResponse, asked: number): Promise<void> {
  const { messages, stream } = JSON.parse(await bodyOf(request)) as { messages: { content: string }[]; stream?: boolean };
  const prompt = messages.at(-1)?.content ?? '';
  if (asked === 1 && prompt === 'plan') return json(response, 500, { error: { message: 'try again' } });
  if (!stream) return json(response, 200, completion(prompt === 'plan' ? 'dig,build,paint' : `${prompt} done`));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const word of ['once ', 'upon ', 'a time']) {
    response.write(
      `data: ${JSON.stringify({ id: 'c2', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: word } }] })}\n\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  response.end('data: [DONE]\n\n');
}

async function answer(request: IncomingMessage, response: ServerResponse, asked: Map<string, number>): Promise<void> {
  const path = request.url ?? '/';
  const key = `${request.method} ${path}`;
  const times = (asked.get(key) ?? 0) + 1;
  asked.set(key, times);
  const [, kind = '', value = ''] = path.split('/');
  if (path.endsWith('/v1/chat/completions')) return complete(request, response, times);
  if (kind === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(value)));
  if (kind === 'missing') return json(response, 404, {});
  if (kind === 'orders') {
    await bodyOf(request);
    return json(response, 201, { ok: true });
  }
  return json(response, 200, { path, n: Number(value) });
}

/** Starts the server on a free loopback port. */
export async function startProgramServer(): Promise<ProgramServer> {
  const asked = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    answer(request, response, asked).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

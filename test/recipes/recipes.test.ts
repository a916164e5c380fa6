// The recipes of docs/recipes.md: each is killed at a moment that hurts and resumed, and what it does outside is counted there.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { CLI, REPOSITORY, start, until, type Running } from '../examples/support/command.ts';
import { freePort } from '../support/free-port.ts';

/** A project folder with a recipe in it. */
class Kitchen implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'resprout-recipe-'));
  readonly #recipe: string;

  constructor(recipe: string) {
    this.#recipe = path.join(REPOSITORY, 'examples/recipes', `${recipe}.ts`);
    writeFileSync(path.join(this.folder, 'package.json'), '{}');
  }

  run(data: object): Running {
    return start(this.folder, process.execPath, [CLI, 'run', this.#recipe, '--data', JSON.stringify(data)]);
  }

  /** Goes on with the killed session. @returns what it printed on stdout */
  async resume(): Promise<string> {
    return await this.done(start(this.folder, process.execPath, [CLI, 'resume']));
  }

  async done(running: Running): Promise<string> {
    const { code } = await running.closed;
    assert.equal(code, 0, running.err());
    return running.out();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function kill(running: Running): Promise<void> {
  running.child.kill('SIGKILL');
  await running.closed;
}

interface Seen {
  readonly path: string;
  readonly key: string | undefined;
  readonly body: string;
}

type Answer = (seen: Seen, response: ServerResponse, times: number) => void;

/** A service that notes what it is asked. */
class Service implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #server;

  constructor(answer: Answer) {
    this.#server = createServer((request, response) => void this.#take(request, response, answer));
  }

  async #take(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const key = request.headers['idempotency-key'];
    const seen = { path: request.url ?? '', key: typeof key === 'string' ? key : undefined, body: await text(request) };
    this.seen.push(seen);
    answer(seen, response, this.seen.filter((other) => other.path === seen.path).length);
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Asks until there is somebody who answers. */
async function post(url: string, body?: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch(url, { method: 'POST', ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(60_000) });
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      if (tries === 1500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

test('agent.ts: killed while the model thinks for the second time, it asks that again and nothing before', async () => {
  const call = { id: 'call_1', function: { name: 'uptime', arguments: '{}' } };
  const said = (message: object): string => JSON.stringify({ choices: [{ message: { role: 'assistant', content: null, ...message } }] });
  await using model = new Service(({ body }, response, times) => {
    const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] };
    if (messages.length === 1) response.end(said({ tool_calls: [call] }));
    else if (times > 2) response.end(said({ content: `${String(messages.length)} messages, ${messages[2]?.role ?? ''}` }));
  });
  const url = await model.listen();
  using kitchen = new Kitchen('agent');
  const running = kitchen.run({ url, question: 'How long?' });
  await until(running, 'the second question', () => model.seen.length === 2);
  await kill(running);
  assert.equal(await kitchen.resume(), '3 messages, tool\n');
  assert.equal(model.seen.length, 3);
  assert.equal(model.seen[1]?.body, model.seen[2]?.body);
});

test('transaction.ts: killed at any moment, the money moves once', async () => {
  using kitchen = new Kitchen('transaction');
  const data = { from: 'ada', to: 'grace', cents: 250 };
  const balances = (out: string): unknown => JSON.parse(out);
  assert.deepEqual(balances(await kitchen.done(kitchen.run(data))), { ada: 750, grace: 250 });
  let hits = 0;
  for (let delayMs = 0; hits < 6; delayMs += 15) {
    const running = kitchen.run({ ...data, cents: 1 });
    await until(running, 'the session', () => running.err().includes('session ses_'));
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await kill(running);
    // Where it had come to its end, nothing is to be resumed.
    await kitchen.resume();
    hits++;
    assert.deepEqual(balances(await kitchen.done(kitchen.run({ ...data, cents: 0 }))), { ada: 750 - hits, grace: 250 + hits });
  }
});

test('webhook.ts: what was answered is done, and what was not is taken when it is sent again', async () => {
  let isOpen = false;
  await using shop = new Service((_seen, response) => {
    if (isOpen) response.end();
  });
  const forward = await shop.listen();
  const port = await freePort();
  using kitchen = new Kitchen('webhook');
  const running = kitchen.run({ port, forward, count: 3 });
  const hook = `http://127.0.0.1:${String(port)}/`;
  assert.equal(await post(hook, '{"id":"one"}'), 202);
  assert.equal(await post(hook, 'no json'), 400);
  assert.equal(await post(hook, '{"id":"two"}'), 202);
  await until(running, 'both orders', () => shop.seen.length === 2);
  await kill(running);
  isOpen = true;
  const resumed = kitchen.resume();
  assert.equal(await post(hook, '{"id":"two"}'), 202);
  assert.equal(await post(hook, '{"id":"three"}'), 202);
  assert.match(await resumed, /"one",\s*"three",\s*"two"/);
  // Those that were under way at the kill were made once more, with their key.
  assert.deepEqual(shop.seen.map(({ key = '' }) => key).sort(), ['one', 'one', 'three', 'two', 'two']);
});

test('saga.ts: killed while it undoes, it undoes the rest', async () => {
  await using service = new Service(({ path: asked }, response, times) => {
    if (asked === '/car/rome/book') response.writeHead(409).end();
    else if (asked !== '/hotel/rome/cancel' || times > 1) response.end();
  });
  const url = await service.listen();
  using kitchen = new Kitchen('saga');
  const running = kitchen.run({ service: url, trip: 'rome' });
  await until(running, 'the first cancellation', () => service.seen.some(({ path: asked }) => asked === '/hotel/rome/cancel'));
  await kill(running);
  assert.equal(await kitchen.resume(), 'rome is not booked: /car/rome/book answers 409\n');
  assert.deepEqual(
    service.seen.map(({ path: asked }) => asked),
    ['/flight/rome/book', '/hotel/rome/book', '/car/rome/book', '/hotel/rome/cancel', '/hotel/rome/cancel', '/flight/rome/cancel'],
  );
  const keys = service.seen.map(({ key }) => key);
  assert.equal(keys[3], keys[4]);
  assert.equal(new Set(keys).size, 5);
});

test('fan-out.ts: killed among many files, it has the hash of each', async () => {
  using kitchen = new Kitchen('fan-out');
  const names = Array.from({ length: 40 }, (_, index) => `file-${String(index).padStart(2, '0')}`);
  for (const name of names) writeFileSync(path.join(kitchen.folder, name), name.repeat(1000));
  const running = kitchen.run({ folder: '.', atOnce: 4 });
  await until(running, 'the session', () => running.err().includes('session ses_'));
  await new Promise((resolve) => setTimeout(resolve, 150));
  await kill(running);
  await kitchen.resume();
  const lines = readFileSync(path.join(kitchen.folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.map((line) => line.slice(66)),
    [...names, 'package.json'],
  );
  assert.ok(lines.every((line) => /^[0-9a-f]{64} {2}/.test(line)));
});

test('approval.ts: killed while it waits, it hears the answer at the same address', async () => {
  using kitchen = new Kitchen('approval');
  const port = await freePort();
  const running = kitchen.run({ port, what: 'release 1', within: '1h' });
  await until(running, 'the question', () => running.out().includes('POST'));
  assert.equal(await post(`http://127.0.0.1:${String(port)}/perhaps`), 404);
  await kill(running);
  const resumed = kitchen.resume();
  assert.equal(await post(`http://127.0.0.1:${String(port)}/yes`), 202);
  assert.match(await resumed, /release 1 is out\n$/);
  assert.equal(readFileSync(path.join(kitchen.folder, 'released.txt'), 'utf8'), 'release 1\n');
});

test('approval.ts: a deadline that passes is an answer', async () => {
  using kitchen = new Kitchen('approval');
  const running = kitchen.run({ port: await freePort(), what: 'release 2', within: '100ms' });
  assert.match(await kitchen.done(running), /release 2 is not out: nobody answered\n$/);
  assert.ok(!existsSync(path.join(kitchen.folder, 'released.txt')));
});

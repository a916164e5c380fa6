import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { killAfter, program, run } from '../replay/support/program.ts';
import { fourWays } from './support/four-ways.ts';
import { httpStub, type HttpStub } from './support/http-stub.ts';

let stub: HttpStub;
before(async () => {
  stub = await httpStub();
});
after(async () => await stub.close());

/** Asks with `http.request` and tells everything that can be seen of the answer. */
const ASK = `
import http from 'node:http';
import { once } from 'node:events';
const ask = (url, { parts = [], ...options } = {}) => new Promise((resolve) => {
  const seen = [];
  const request = http.request(url, options, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('error', (error) => resolve(['cut', error.code, answer.statusCode, Buffer.concat(chunks).toString()]));
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      const { date, ...headers } = answer.headers;
      resolve([answer.statusCode, answer.statusMessage, answer.complete, headers, body.length, body.subarray(0, 300).toString().replace(/127[.\\d:]+/g, ''), answer.trailers, ...seen]);
    });
  });
  request.on('continue', () => seen.push('continue'));
  request.on('information', ({ statusCode, headers }) => seen.push([statusCode, headers.link ?? null]));
  request.on('error', (error) => resolve(['error', error.code, error.syscall, error.address, error.port]));
  for (const part of parts) request.write(part);
  request.end();
});
`;

const CASES: readonly (readonly [string, string])[] = [
  ['a GET with its headers and body', 'await ask(data.url + "/x?a=1")'],
  [
    'options that say nothing',
    '[await ask(data.url + "/n", { agent: null, method: null, auth: null, localAddress: null, socketPath: null, headers: null, lookup: null, createConnection: null, timeout: 0 }), await ask(data.url + "/n", { agent: undefined, method: undefined, headers: undefined, signal: undefined })]',
  ],
  ['HEAD', 'await ask(data.url + "/h", { method: "HEAD" })'],
  ['an answer without a body', '[await ask(data.url + "/204"), await ask(data.url + "/304")]'],
  ['what a server says before its answer', 'await ask(data.url + "/hints")'],
  ['an answer in chunks', 'await ask(data.url + "/chunks")'],
  ['trailers', 'await ask(data.url + "/trailers")'],
  ['two cookies', 'await ask(data.url + "/cookies")'],
  ['two megabytes', 'await ask(data.url + "/big")'],
  ['a body of two parts in chunks', 'await ask(data.url + "/p", { method: "POST", parts: ["ab", "cd"] })'],
  ['a body that is counted', 'await ask(data.url + "/p", { method: "POST", parts: ["ab", "cd"], headers: { "content-length": 4 } })'],
  ['DELETE without a body', 'await ask(data.url + "/d", { method: "DELETE" })'],
  ['auth in options and in the URL', '[await ask(data.url + "/a", { auth: "x:y" }), await ask(data.url.replace("//", "//u:p@"))]'],
  ['a server that resets the connection', 'await ask(data.url + "/reset")'],
  ['nobody there', 'await ask("http://127.0.0.1:1/")'],
  ['an answer that is cut', 'await ask(data.url + "/cut")'],
  ['an answer that ends with its connection', 'await ask(data.rawUrl + "/close")'],
  ['no HTTP at all', '(await ask(data.rawUrl + "/nonsense")).slice(0, 2)'],
  ['an own agent without keep-alive', 'await ask(data.url + "/x", { agent: new http.Agent({ keepAlive: false }) })'],
];

test('http.Agent: what happens to its connections outside reaches no listener of the program, and it is ended outside too', async () => {
  const text = `${ASK}
    export default async ({ data }) => {
      const agent = new http.Agent({ keepAlive: true });
      const heard = [];
      const [status] = await ask(data.url + '/x', { agent });
      agent.on('free', () => heard.push('free'));
      const rest = new Promise((resolve) => setTimeout(resolve, 20));
      agent.destroy();
      await rest;
      return [status, heard];
    };`;
  await fourWays(text, { data: { url: stub.url }, outside: stub });
});

/** What goes over a socket of the program is lost with its process: these are recorded and replayed. */
const CONVERSATIONS: readonly (readonly [string, string, unknown])[] = [
  [
    'Expect: 100-continue',
    'await ask(data.url + "/e", { method: "PUT", parts: ["ab"], headers: { expect: "100-continue", "content-length": 2 } }).then((got) => got.slice(-2))',
    ['continue', [100, null]],
  ],
  [
    'an agent that the program listens to tells of its sockets',
    `await (async () => {
      const agent = new http.Agent({ keepAlive: true });
      const heard = [];
      agent.on('free', () => heard.push('free'));
      const [status] = await ask(data.url + '/y', { agent });
      agent.destroy();
      return [status, heard];
    })()`,
    [200, ['free']],
  ],
];

for (const [name, ask, value] of CONVERSATIONS)
  test(`http.request: ${name}`, async () => {
    using built = await program(`${ASK}export default async ({ data }) => ${ask};`);
    const data = { url: stub.url };
    const first = await run(built, { data });
    assert.deepEqual(first.outcome, { how: 'done', value, dropped: [] });
    const asked = stub.take();
    const again = await run(built, { data, history: first.events, strict: true });
    assert.deepEqual([again.outcome, again.appended.length], [first.outcome, 0]);
    assert.deepEqual([asked.length, stub.take()], [1, []]);
  });

for (const [name, ask] of CASES)
  test(`http.request: ${name}`, async () => {
    await fourWays(`${ASK}export default async ({ data }) => ${ask};`, { data: { url: stub.url, rawUrl: stub.rawUrl }, outside: stub });
  });

test('Expect: 100-continue under kills is right, or lost with its cause', async () => {
  const text = `
    import http from 'node:http';
    import { once } from 'node:events';
    import { text } from 'node:stream/consumers';
    export default async ({ data }) => {
      const request = http.request(data.url + '/e', { method: 'PUT', agent: false, headers: { expect: '100-continue', 'content-length': 4 } });
      request.flushHeaders();
      await once(request, 'continue');
      request.write('bo');
      request.end('dy');
      const [answer] = await once(request, 'response');
      return [answer.statusCode, JSON.parse(await text(answer)).body];
    };`;
  const { outcome } = await fourWays(text, { data: { url: stub.url }, outside: { take: () => [] }, coded: ['LIVE_OBJECT_LOST'] });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [200, 'body']);
  stub.take();
});

test('http.get with a listener, once(response) and for await are as in plain Node', async () => {
  const text = `
    import http from 'node:http';
    import { once } from 'node:events';
    export default async ({ data }) => {
      const first = await new Promise((resolve) => http.get(data.url + '/one', resolve));
      let one = '';
      for await (const part of first.setEncoding('utf8')) one += part;
      const request = http.request(data.url + '/two', { method: 'POST' });
      request.write('a');
      request.end('b');
      const [second] = await once(request, 'response');
      let two = '';
      second.setEncoding('utf8').on('data', (part) => { two += part; });
      await once(second, 'end');
      return [JSON.parse(one).url, JSON.parse(two).body, first.statusCode, second instanceof http.IncomingMessage, request instanceof http.ClientRequest];
    };`;
  await fourWays(text, { data: { url: stub.url }, outside: stub });
});

test('a request that is given up before its end is never made; one that is given up later is not asked again', async () => {
  const text = `
    import http from 'node:http';
    import { once } from 'node:events';
    export default async ({ data }) => {
      const early = http.request(data.url + '/early', { method: 'POST' });
      early.write('a');
      early.destroy(new Error('no'));
      const [first] = await once(early, 'error');
      const late = http.get(data.url + '/never', { timeout: 20 });
      const why = await new Promise((resolve) => late.on('timeout', () => late.destroy(new Error('slow'))).on('error', (e) => resolve(e.message)));
      const stop = new AbortController();
      const third = http.get(data.url + '/never', { signal: stop.signal });
      setTimeout(() => stop.abort(), 10);
      const [aborted] = await once(third, 'error');
      return [first.message, why, aborted.name, third.destroyed];
    };`;
  const first = await fourWays(text, { data: { url: stub.url }, outside: { take: () => [] } });
  stub.take();
  assert.equal(first.events.filter((event) => event.t === 'call').length, 2);
});

test('the site of a request is the line of the program', async () => {
  const text = `import http from 'node:http';
export default async ({ data }) => {
  const answer = await new Promise((resolve) => http.get(data.url + '/x', resolve));
  answer.resume();
  return answer.statusCode;
};`;
  const first = await fourWays(text, { data: { url: stub.url }, outside: stub });
  const [call] = first.events.filter((event) => event.t === 'call');
  assert.deepEqual([call?.site.file, call?.site.line, call?.fn], ['main.ts', 3, 'node:http.request']);
});

test('a request that a server of the program has heard of is not made again after a crash: both sides are told', async () => {
  const ways = [
    `await fetch(url).then((r) => r.text(), (error) => error.cause.cause.code)`,
    `await new Promise((resolve) => http.get(url, (r) => r.on('data', (b) => resolve(String(b)))).on('error', (error) => resolve(error.cause.code)))`,
  ];
  for (const way of ways) {
    using built = await program(`import http from 'node:http';
      import { once } from 'node:events';
      export default async () => {
        let asked = 0;
        const server = http.createServer(async (req, res) => { asked++; await new Promise((r) => setTimeout(r, 5)); res.setHeader('connection', 'close'); res.end('x'); }).listen(0);
        await once(server, 'listening');
        const url = 'http://localhost:' + server.address().port + '/';
        const answer = ${way};
        server.close(); server.closeAllConnections();
        return [asked, answer];
      };`);
    const whole = await run(built, {});
    const seen = new Set<string>();
    for (let at = 1; at < whole.events.length; at++) {
      const { outcome } = await run(built, { history: await killAfter(built, at) });
      seen.add(JSON.stringify(outcome.how === 'done' ? outcome.value : outcome.how));
    }
    assert.deepEqual([...seen].sort(), ['[1,"LIVE_OBJECT_LOST"]', '[1,"x"]'], way);
  }
});

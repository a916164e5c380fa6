import { after, before, test } from 'node:test';
import { fourWays } from './support/four-ways.ts';
import { httpStub, type HttpStub } from './support/http-stub.ts';

let stub: HttpStub;
before(async () => {
  stub = await httpStub();
});
after(async () => await stub.close());

const CASES: readonly (readonly [string, string])[] = [
  ['a text', `await (await fetch(data.url + '/x', { method: 'POST', body: 'text' })).json()`],
  ['bytes', `await (await fetch(data.url + '/x', { method: 'POST', body: new Uint8Array([65, 66]) })).json()`],
  ['search parameters', `await (await fetch(data.url + '/x', { method: 'POST', body: new URLSearchParams({ a: '1' }) })).json()`],
  ['a Request with a body', `await (await fetch(new Request(data.url + '/x', { method: 'POST', body: 'in it' }))).json()`],
  ['a Request and options', `await (await fetch(new Request(data.url + '/x', { method: 'POST', body: 'old' }), { body: 'new' })).json()`],
  [
    'a stream of the program',
    `await (await fetch(data.url + '/x', { method: 'POST', duplex: 'half', body: new ReadableStream({
      pull(c) { this.n = (this.n ?? 0) + 1; if (this.n > 3) c.close(); else c.enqueue(new TextEncoder().encode('p' + this.n)); } }) })).json().then((a) => a.body)`,
  ],
  [
    'a form',
    `await (async () => { const form = new FormData(); form.set('a', '1'); form.set('f', new File(['content'], 'f.txt'));
      const { body, type } = await (await fetch(data.url + '/x', { method: 'POST', body: form })).json();
      return [body.includes('content'), body.includes('f.txt'), type.startsWith('multipart/form-data')]; })()`,
  ],
  ['a redirect', `await fetch(data.url + '/redirect').then((a) => [a.redirected, a.url.endsWith('/json'), a.status])`],
  ['no redirect', `await fetch(data.url + '/redirect', { redirect: 'manual' }).then((a) => [a.status, a.headers.get('location')])`],
  ['nobody there', `await fetch('http://127.0.0.1:1/').catch((e) => [e.name, e.message, e.cause?.code])`],
  ['an answer that is packed', `await (await fetch(data.url + '/gzip')).text()`],
  ['keepalive', `await (await fetch(data.url + '/x', { method: 'POST', body: 'k', keepalive: true })).json()`],
  [
    'an abort before the answer',
    `await (async () => { const stop = new AbortController(); setTimeout(() => stop.abort(), 10);
      return await fetch(data.url + '/never', { signal: stop.signal }).catch((e) => [e.name, stop.signal.aborted]); })()`,
  ],
  [
    'an abort after the head of a whole answer',
    `await (async () => { const stop = new AbortController();
      const answer = await fetch(data.url + '/json', { signal: stop.signal }); stop.abort();
      const read = await fetch(new Request(data.url + '/json', { signal: new AbortController().signal }));
      return [answer.status, await answer.text().catch((e) => e.name), (await read.json()).method, answer.url.endsWith('/json'), read.bodyUsed]; })()`,
  ],
];

for (const [name, ask] of CASES)
  test(`fetch: ${name}`, async () => {
    // Whether the server has seen a request that was given up is a matter of luck.
    const outside = name.includes('abort') ? { take: () => [] } : stub;
    await fourWays(`export default async ({ data }) => ${ask};`, { data: { url: stub.url }, outside });
    stub.take();
  });

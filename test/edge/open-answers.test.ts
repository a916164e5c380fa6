// Answers that are given to the program as they come: event streams, and those whose end does not come soon. Plain, recorded, replayed, killed
// after each event and resumed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { killAfter, program, run, start } from '../replay/support/program.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { fourWays } from './support/four-ways.ts';
import { httpStub, type HttpStub } from './support/http-stub.ts';

let stub: HttpStub;
before(async () => {
  stub = await httpStub();
});
after(async () => await stub.close());

/** Nobody reads an answer any more that the program has given up. */
async function allClosed(): Promise<void> {
  for (let tries = 0; stub.openAnswers() > 0; tries++) {
    assert.ok(tries < 3000, 'an answer that was given up is still being read');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const HELPERS = `
import http from 'node:http';
const idsIn = (text) => [...text.matchAll(/^id: (\\d+)$/gm)].map(([, id]) => id);
`;

const CASES: readonly (readonly [string, string])[] = [
  [
    'an event stream read by getReader, then cancelled',
    `const answer = await fetch(data.url + '/events');
     const reader = answer.body.getReader();
     let text = '';
     while (idsIn(text).length < 3) text += Buffer.from((await reader.read()).value).toString();
     await reader.cancel('enough');
     return [answer.status, answer.headers.get('content-type'), answer.url.endsWith('/events'), idsIn(text).slice(0, 3), await reader.read()];`,
  ],
  [
    'an event stream read by for await, and left',
    `const answer = await fetch(data.url + '/events');
     let text = '';
     for await (const chunk of answer.body) {
       if (chunk.constructor !== Uint8Array) return 'no bytes';
       text += Buffer.from(chunk).toString();
       if (idsIn(text).length > 2) break;
     }
     return [idsIn(text).slice(0, 3), answer.bodyUsed];`,
  ],
  [
    'an event stream that is aborted by its signal',
    `const stop = new AbortController();
     const answer = await fetch(data.url + '/events', { signal: stop.signal });
     let text = '';
     try {
       for await (const chunk of answer.body) { text += Buffer.from(chunk).toString(); if (idsIn(text).length > 1) stop.abort(new Error('mine')); }
     } catch (error) { if (error !== stop.signal.reason) throw error; return [idsIn(text).slice(0, 2), error.message]; }`,
  ],
  [
    'an event stream given up by a timeout while nobody reads',
    `const answer = await fetch(data.url + '/rare-events', { signal: AbortSignal.timeout(600) });
     await new Promise((resolve) => setTimeout(resolve, 800));
     return await answer.text().catch((error) => { if (error.cause !== undefined) throw error; return error.name; });`,
  ],
  [
    'words of an event stream to its end',
    `const answer = await fetch(data.url + '/words');
     let said = '';
     let rest = '';
     for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
       const parts = (rest + piece).split('\\n\\n');
       rest = parts.pop();
       for (const part of parts) if (part !== 'data: [DONE]') said += part.slice(6);
     }
     return [said, rest];`,
  ],
  ['the whole text of an event stream', `return await (await fetch(data.url + '/words')).text();`],
  [
    'an event stream read into a buffer of the program',
    `const reader = (await fetch(data.url + '/words')).body.getReader({ mode: 'byob' });
     let all = '';
     for (;;) {
       const { done, value } = await reader.read(new Uint8Array(4));
       if (done) return all;
       all += Buffer.from(value).toString();
     }`,
  ],
  [
    'two copies of an event stream',
    `const one = await fetch(data.url + '/words');
     const two = one.clone();
     return await Promise.all([one.text(), two.text()]);`,
  ],
  [
    'an event stream that breaks off',
    `const answer = await fetch(data.url + '/cut-events');
     const seen = [];
     try { for await (const chunk of answer.body) seen.push(Buffer.from(chunk).toString()); } catch (error) { if (error.cause?.cause) throw error; seen.push(error.name, error.message, error.cause?.code); }
     return seen;`,
  ],
  [
    'an answer with a length that breaks off',
    `const answer = await fetch(data.url + '/cut');
     return [answer.status, await answer.text().catch((error) => { if (error.cause?.cause) throw error; return [error.message, error.cause?.code]; })];`,
  ],
  [
    'five megabytes',
    `const bytes = await (await fetch(data.url + '/five')).bytes();
     return [bytes.length, bytes.every((byte) => byte === 7)];`,
  ],
  [
    'http.get of an event stream that is destroyed',
    `const answer = await new Promise((resolve) => http.get(data.url + '/events', resolve));
     let text = '';
     for await (const chunk of answer.setEncoding('utf8')) { text += chunk; if (idsIn(text).length > 2) break; }
     return [answer.statusCode, idsIn(text).slice(0, 3), answer.destroyed];`,
  ],
  [
    'http.get of an event stream to its end',
    `return await new Promise((resolve, reject) => {
       http.get(data.url + '/words', (answer) => {
         let text = '';
         answer.on('data', (chunk) => { text += chunk; });
         answer.on('end', () => resolve([text, answer.complete]));
       }).on('error', reject);
     });`,
  ],
  [
    'http.get of an event stream that breaks off',
    `return await new Promise((resolve, reject) => {
       http.get(data.url + '/cut-events', (answer) => {
         let text = '';
         answer.on('data', (chunk) => { text += chunk; });
         answer.on('error', (error) => resolve([text, error.code, error.message, answer.complete]));
       }).on('error', reject);
     });`,
  ],
];

for (const [name, body] of CASES)
  test(`open answer: ${name}`, { timeout: 120_000 }, async () => {
    // Whether the server has seen a request that was given up is a matter of luck, and a whole answer is asked for again.
    await fourWays(`${HELPERS}\nexport default async ({ data }) => {${body}};`, {
      data: { url: stub.url },
      outside: { take: () => [] },
      coded: ['LIVE_OBJECT_LOST'],
    });
    await allClosed();
    stub.take();
  });

test('an answer whose end does not come within two seconds is given as it comes', async () => {
  const text = `export default async ({ data }) => {
  const reader = (await fetch(data.url + '/drops')).body.getReader();
  const first = Buffer.from((await reader.read()).value).toString();
  const second = Buffer.from((await reader.read()).value).toString();
  await reader.cancel();
  return [first.startsWith('dropdropdrop'), second.startsWith('drop')];
};`;
  using built = await program(text);
  const data = { url: stub.url };
  const first = await run(built, { data });
  assert.deepEqual(first.outcome.how === 'done' && first.outcome.value, [true, true]);
  await allClosed();
  stub.take();
  const again = await run(built, { data, history: first.events, strict: true });
  assert.deepEqual(again.outcome.how === 'done' && again.outcome.value, [true, true]);
  assert.deepEqual([again.appended, stub.take()], [[], []]);
});

test('a stream that nobody reads is not read on outside', async () => {
  const text = `export default async ({ data }) => {
  const answer = await fetch(data.url + '/flood');
  const reader = answer.body.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await reader.cancel();
};`;
  using built = await program(text);
  const { events, outcome } = await run(built, { data: { url: stub.url } });
  assert.equal(outcome.how, 'done');
  const bytes = events.reduce((sum, event) => sum + (event.t === 'event' ? event.value.length : 0), 0);
  assert.ok(bytes < 2 * 1024 * 1024, `${String(bytes)} bytes were read`);
  await allClosed();
  stub.take();
});

test('what was lost says so, as a connection says it and with its cause', async () => {
  const text = `export default async ({ data }) => {
  const reader = (await fetch(data.url + '/events')).body.getReader();
  await reader.read();
  try {
    for (;;) { await reader.read(); await new Promise((resolve) => setTimeout(resolve, 1)); }
  } catch (error) {
    return [error.constructor === TypeError, error.message, error.cause.code, error.cause.cause.code, error.cause.cause.message.replace(/http\\S+/, 'URL')];
  }
};`;
  using built = await program(text);
  const data = { url: stub.url };
  const history = await killAfter(built, 12, { data });
  const { outcome } = await run(built, { data, history });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [
    true,
    'terminated',
    'ECONNRESET',
    'LIVE_OBJECT_LOST',
    'the answer to GET URL went with the process that had opened it',
  ]);
  stub.take();
});

test('a session that is cancelled while it reads an answer without an end ends', async () => {
  const text = `export default async ({ data }) => {
  for await (const chunk of (await fetch(data.url + '/events')).body) if (chunk.length === 0) return;
};`;
  using built = await program(text);
  const { session, done } = start(built, { data: { url: stub.url } });
  while (stub.openAnswers() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 30));
  session.cancel();
  const outcome = await done;
  session.close();
  process.exitCode = undefined;
  assert.deepEqual([outcome.how, outcome.how !== 'done' && codeOf(outcome.error)], ['cancelled', 'SESSION_CANCELLED']);
  await allClosed();
  stub.take();
});

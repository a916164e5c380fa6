import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { program, type RunOptions } from '../replay/support/program.ts';
import { inAllStages } from './support/stages.ts';

const CHUNKS = ['one\ntw', 'o\nthr', 'ee\n', 'é and the rest'];
const dataEvents = (history: readonly JournalEvent[]): number =>
  history.filter((event) => event.t === 'event' && event.name === 'data').length;

/** What a command's standard input still has for a session with this history. A chunk that was read and not recorded is lost with its reader. */
const inputOf = (history: readonly JournalEvent[]): NonNullable<RunOptions['input']> => {
  const source = Readable.from(
    CHUNKS.slice(dataEvents(history)).map((text) => Buffer.from(text)),
    { objectMode: false },
  );
  return { stdin: () => source };
};

const HEAD = `import { createInterface } from 'node:readline'; import { text } from 'node:stream/consumers'; import { once } from 'node:events';
import { createInterface as create } from 'node:readline/promises';
const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));\n`;

const LINES = ['one', 'two', 'three', 'é and the rest'];

const CASES: readonly (readonly [name: string, body: string, value: unknown])[] = [
  [
    'for await over readline',
    `const lines = []; for await (const line of createInterface({ input: process.stdin })) lines.push(line); return lines;`,
    LINES,
  ],
  [
    'line listeners, with a pause between',
    `const rl = createInterface({ input: process.stdin }); const lines = [];
     rl.on('line', (line) => { lines.push(line); if (lines.length === 2) { rl.pause(); setTimeout(() => rl.resume(), 3); } }); await once(rl, 'close'); return lines;`,
    LINES,
  ],
  ['the whole text', `return await text(process.stdin);`, CHUNKS.join('')],
  [
    'data listeners and setEncoding',
    `let all = ''; process.stdin.setEncoding('utf8'); process.stdin.on('data', (chunk) => { all += typeof chunk + chunk.length + ' '; }); await once(process.stdin, 'end'); return all;`,
    CHUNKS.map((chunk) => `string${chunk.length} `).join(''),
  ],
  [
    'facts of what is no terminal',
    `return [process.stdin.fd, process.stdin.isTTY ?? null, process.stdin === process.stdin, process.stdin.readableFlowing];`,
    [0, null, true, null],
  ],
  [
    'a question',
    `const rl = create({ input: process.stdin, output: process.stdout }); const answer = await rl.question('name? '); rl.close(); await pause(); return answer;`,
    'one',
  ],
];

for (const [name, body, value] of CASES)
  test(name, async () => {
    using built = await program(`${HEAD}export default async function main() {\n${body}\n}`);
    await inAllStages(built, { how: 'done', value, out: name === 'a question' ? 'name? ' : '' }, { inputOf });
  });

test('a script that does not read its input any more is not held by it', async () => {
  using built = await program(
    `process.stdin.once('data', (chunk) => { console.log(String(chunk).length); process.stdin.pause(); }); process.stdin.isTTY;`,
  );
  await inAllStages(built, { how: 'done', value: undefined, out: '6\n' }, { inputOf, exportName: '' });
});

test('input is read one chunk at a time, and only when the program asks', async () => {
  let reads = 0;
  const source = new Readable({
    highWaterMark: 1,
    read() {
      reads++;
      this.push(reads > 50 ? null : Buffer.from('x'));
    },
  });
  using built = await program(`${HEAD}export default async () => { process.stdin.isTTY; await pause(5); return 1; };`);
  await inAllStages(built, { how: 'done', value: 1, out: '' }, { inputOf: () => ({ stdin: () => source }) });
  assert.equal(reads, 0);
});

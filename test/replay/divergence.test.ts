// A program that does not repeat its history: each way has its own words, with both places.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { isResproutError, type ResproutError } from '../../src/base/errors/errors.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { program, run, type RunOptions } from './support/program.ts';

const HEAD = `import { readFileSync, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { sleep } from 'resprout/durable';
`;
const main = (body: string): string => `${HEAD}export default async function main() {\n${body}\n}`;

async function record(body: string, options: RunOptions = {}): Promise<readonly JournalEvent[]> {
  using built = await program(main(body));
  return (await run(built, { id: 'ses_d', ...options })).events;
}

async function diverge(recorded: string, replayed: string, options: RunOptions = {}): Promise<ResproutError> {
  const history = await record(recorded);
  using built = await program(main(replayed));
  let appended = 0;
  try {
    const { outcome } = await run(built, {
      id: 'ses_d',
      history,
      patienceMs: 20,
      strict: false,
      ...options,
      sink: { onAppend: () => appended++ },
    });
    throw new Error(`it went through: ${JSON.stringify(outcome)}`);
  } catch (error) {
    if (!isResproutError(error)) throw error;
    assert.equal(error.code, 'JOURNAL_DIVERGED');
    assert.equal(appended, 0, 'something was appended to a journal that diverged');
    return error;
  }
}

const A = `await readFile('/dev/null');`;
const B = `await stat('/dev/null');`;

test('JOURNAL_DIVERGED names another function with both places', async () => {
  const { message, problem } = await diverge(`${A}\n${A}`, `${A}\n${B}`);
  assert.match(message, /^call #1 differs from the recorded run: another function\n/);
  assert.match(message, /recorded: #1 node:fs\/promises\.readFile args \S+ at main\.ts:6 \(main\.ts#main#readFile#1\)/);
  assert.match(message, /replayed: #1 node:fs\/promises\.stat args \S+ at main\.ts:6 \(main\.ts#main#stat#0\)/);
  assert.deepEqual(problem.at, { file: 'main.ts', line: 6, column: 7 });
  const called = (name: string): string => `const f = ${name}; await f('/dev/null');`;
  assert.match((await diverge(called('readFile'), called('stat'))).message, /^call #0 .*: another function\n/, 'of one place');
});

test('JOURNAL_DIVERGED names another place', async () => {
  const { message } = await diverge(`const f = async () => { ${A} }; ${A}`, `const f = async () => { ${A} }; await f();`);
  assert.match(message, /^call #0 differs from the recorded run: another place\n/);
});

test('JOURNAL_DIVERGED names another kind of call', async () => {
  const history = await record(`await sleep(1);`);
  const forged = history.map((event) => (event.t === 'timer' ? { ...event, t: 'call' as const, fn: 'timer', argsHash: '' } : event));
  using built = await program(main(`await sleep(1);`));
  await assert.rejects(run(built, { id: 'ses_d', history: forged }), /call #0 differs from the recorded run: another kind of call/);
});

test('JOURNAL_DIVERGED names a missing call, and one at the end', async () => {
  const missing = await diverge(`${A}\n${B}`, `${A}\nawait new Promise(() => undefined);`);
  assert.match(
    missing.message,
    /^the replayed code stopped before call #1\n {2}recorded: #1 node:fs\/promises\.stat .* at main\.ts:6 .*, then the end of call #1\n/,
  );
  const early = await diverge(`${A}\n${B}`, A);
  assert.match(early.message, /^the replayed code ended after 1 calls, the recorded run went on\n {2}recorded: #1 node:fs\/promises\.stat/);
});

test('JOURNAL_DIVERGED names an extra call', async () => {
  const between = await diverge(`${A}`, `const one = readFile('/dev/null'); existsSync('/'); await one;`);
  assert.match(between.message, /^call #\d (was not made at this point|differs from)/);
  const extra = await diverge(`${A} await null; await sleep(1);`, `${A} await sleep(1); await stat('/dev/null');`);
  assert.match(
    extra.message,
    /^call #2 was not made at this point of the recorded run\n {2}recorded: the end of the session comes first\n/,
  );
});

test('JOURNAL_DIVERGED names a program that goes on past the recorded end, or ends otherwise', async () => {
  const late = await diverge(A, `${A} await new Promise(() => undefined);`);
  assert.match(late.message, /^the replayed code goes on where the recorded run had ended\n {2}recorded: the end, after 1 calls/);
  const other = await diverge(A, `${A} throw new Error('now it throws');`);
  assert.match(
    other.message,
    /^the replayed code ended otherwise than the recorded run\n {2}recorded: returned undefined\n {2}replayed: failed with Error: now it throws/,
  );
});

test('JOURNAL_DIVERGED cannot be swallowed by the program', async () => {
  const { message } = await diverge(`${A}\nreturn 1;`, `try { ${B} } catch { return 1; }`);
  assert.match(message, /another function/);
});

test('other arguments are a warning in production and an error when arguments are strict', async () => {
  const recorded = `return (await readFile('/dev/null', 'utf8')).length;`;
  const replayed = `return (await readFile('/dev/zero', 'utf8')).length;`;
  const history = await record(recorded);
  using built = await program(main(replayed));
  const { outcome, warnings, appended } = await run(built, { id: 'ses_d', history, strict: false });
  assert.deepEqual([outcome.how, appended.length], ['done', 0]);
  assert.match(warnings[0] ?? '', /^call #0 differs from the recorded run: other arguments\n {2}recorded: #0 .* args \S+ at main\.ts:5/);
  const { message } = await diverge(recorded, replayed, { strict: true });
  assert.match(message, /other arguments/);
});

test('JOURNAL_DIVERGED names a program that prints other text before its end, and one that returns something else, when that is strict', async () => {
  for (const [recorded, replayed, why] of [
    [`console.error(''); return 1;`, `console.error(' '); return 1;`, /printed other text before its end/],
    [`return 1;`, `return 2;`, /ended with another value.*\n.*returned 1\n.*returned 2/],
  ] as const) {
    const history = await record(`${A} ${recorded}`);
    using built = await program(main(`${A} ${replayed}`));
    const { outcome, warnings, appended } = await run(built, { id: 'ses_d', history, strict: false });
    assert.deepEqual([outcome.how, appended.length], ['done', 0]);
    assert.match(warnings[0] ?? '', why);
    assert.match((await diverge(`${A} ${recorded}`, `${A} ${replayed}`, { strict: true })).message, why);
  }
});

test('an edit elsewhere in the file does not disturb the history', async () => {
  const history = await record(`const f = async () => stat('/');\nawait f(); ${A}`);
  using built = await program(
    `${HEAD}const added = () => readFileSync('/dev/null');\n\n\nexport default async function main() {\n// moved\nconst f = async () => stat('/');\nawait f(); ${A} }`,
  );
  const { appended, warnings } = await run(built, { id: 'ses_d', history });
  assert.deepEqual([appended, warnings], [[], []]);
});

test('a process that stood still while the next call was waited for has not diverged', async () => {
  using built = await program(
    main(`await Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300).value;\n${A}\nreturn 'made';`),
  );
  const { events } = await run(built, { id: 'ses_s' });
  let looks = 0;
  // It is stopped for a minute behind the fifth look.
  const clock = { ...realClock, monotonicMs: () => realClock.monotonicMs() + (looks++ < 5 ? 0 : 60_000) };
  const { outcome } = await run(built, { id: 'ses_s', history: events, clock });
  assert.deepEqual([outcome.how, outcome.how === 'done' ? outcome.value : outcome.error], ['done', 'made']);
  assert.ok(looks > 5, `${looks} looks`);
});

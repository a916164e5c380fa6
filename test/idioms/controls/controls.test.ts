// The instrument is shown to see what it is there to see: a package that is wrong in one way must get the verdict of that way.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { checkBuilt, packageIn, ROOT } from '../stages/package-under-test.ts';
import { Bench, type PoolOptions } from '../stages/pool.ts';
import { readTable } from '../tables/read-table.ts';
import type { StageVerdict } from '../verdicts/verdict.ts';
import type { Fault } from './broken-worker.ts';

const TABLE = `
## ledger
\`\`\`mjs
import { appendFileSync, readFileSync } from 'node:fs';
export default async function main() {
  console.log('first');
  appendFileSync('ledger.txt', 'first\\n');
  await new Promise((r) => setTimeout(r, 10));
  appendFileSync('ledger.txt', 'second\\n');
  console.log('second');
  return readFileSync('ledger.txt', 'utf8');
}
\`\`\`
`;
const [ledger] = readTable('controls', TABLE);
assert.ok(ledger !== undefined);
const own = packageIn(ROOT);

/** Plain Node has to end within it too. */
const HANG_MS = 15_000;

function options(fault: Fault | undefined, kills: readonly number[]): PoolOptions {
  const broken = pathToFileURL(path.join(import.meta.dirname, 'broken-worker.ts'));
  broken.searchParams.set('fault', fault ?? '');
  broken.searchParams.set('worker', pathToFileURL(own.worker).href);
  return {
    package: fault === undefined ? own : { ...own, worker: broken.href },
    workers: 1,
    last: 'kills',
    limitMs: fault === 'hang' ? HANG_MS : 60_000,
    plainTwice: false,
    again: true,
    replayAfterKill: false,
    mostWrongKills: 1000,
    killsOf: () => kills,
  };
}

/** Events of the ledger's session after which nothing waits for an answer: right after the first line, in the pause, after the second line. */
let quiet: readonly number[] = [];

async function stagesWith(fault: Fault | undefined, kills: readonly number[] = []): Promise<readonly StageVerdict[]> {
  await using bench = new Bench(options(fault, kills));
  const outcome = await bench.examine(ledger ?? assert.fail());
  if ('unsound' in outcome) assert.fail(outcome.unsound);
  return outcome.examination.stages;
}

const verdictOf = (stages: readonly StageVerdict[], stage: string): string | undefined =>
  stages.find((one) => one.stage === stage)?.verdict;

before(async () => {
  checkBuilt(own);
  await using bench = new Bench(options(undefined, []));
  const outcome = await bench.examine(ledger);
  assert.ok('examination' in outcome);
  quiet = [1, outcome.examination.events - 2];
});

test('examine finds nothing wrong with a package that is right', async () => {
  const stages = await stagesWith(undefined, quiet);
  assert.deepEqual(
    stages.filter(({ verdict }) => verdict !== 'right' && !verdict.startsWith('text')),
    [],
  );
  assert.equal(stages.length, 3 + quiet.length);
});

const ofFirstRun: readonly (readonly [Fault, string, RegExp])[] = [
  ['other value', 'wrong', /^value: plain .*first.*, seen .*another value/],
  ['other exit code', 'wrong', /^exit: plain "0", seen "7"/],
  ['more text', 'wrong', /^stdout: plain "first.*, seen "not of the program/],
  ['file left out', 'wrong', /^files: ledger\.txt: plain "first/],
  ['hang', 'hang', new RegExp(`^no end after ${HANG_MS} ms$`)],
];

for (const [fault, verdict, why] of ofFirstRun)
  test(`examine sees in a session: ${fault}`, async () => {
    const [session] = await stagesWith(fault);
    assert.equal(session?.stage, 'session');
    assert.equal(session.verdict, verdict);
    assert.match(session.why ?? '', why);
  });

test('examine sees a file that a replay makes', async () => {
  const stages = await stagesWith('file in a replay');
  const replay = stages.find(({ stage }) => stage === 'replay');
  assert.deepEqual(replay, { stage: 'replay', verdict: 'wrong', why: 'it made made.txt' });
});

test('examine sees a replay that diverges', async () => {
  assert.equal(verdictOf(await stagesWith('divergence'), 'replay'), 'diverged');
});

test('examine sees a replay that gives another value while the product says that all agrees', async () => {
  const stages = await stagesWith('value of a replay');
  assert.equal(verdictOf(stages, 'replay'), 'right');
  assert.equal(verdictOf(stages, 'again'), 'wrong');
});

test('examine sees an effect that is made again though it was recorded', async () => {
  const stages = await stagesWith('effect again', quiet);
  const kill = stages.find(({ stage }) => stage === `kill ${quiet.at(-1)}`);
  assert.equal(kill?.verdict, 'wrong');
  assert.match(kill.why ?? '', /first\\\\nsecond|first\\n/);
});

test('examine tells text that is printed twice from text that is never printed', async () => {
  const last = quiet.at(-1) ?? 0;
  assert.equal(verdictOf(await stagesWith('text again', [last]), `kill ${last}`), 'wrong');
  assert.equal(verdictOf(await stagesWith('text lost', [0]), 'kill 0'), 'text lost');
});

test('examine sees a loss that the program had no reason to expect', async () => {
  const stages = await stagesWith('loss', [quiet[0] ?? 0]);
  assert.equal(verdictOf(stages, `kill ${quiet[0]}`), 'coded unexpectedly');
});

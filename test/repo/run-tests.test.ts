// Controls of the test runner: files that fail without saying so, in folders of their own.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { runTestFile } from '../../tools/test-file.ts';

const RUN_TESTS = path.resolve(import.meta.dirname, '../../tools/run-tests.ts');
const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Runs the runner in a folder with these files. @param args its arguments */
async function run(files: Readonly<Record<string, string>>, env: { CI?: string } = {}, args: readonly string[] = []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'run-tests-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), `import { after, describe, test } from 'node:test';\n${body}`);
  }
  const { CI: _, ...rest } = process.env;
  const child = spawn(process.execPath, [RUN_TESTS, ...args], {
    cwd: folder,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [out] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { exit: child.exitCode, out };
}

const GOOD = "test('good', () => {});";
const FLAKY = `import { existsSync, writeFileSync } from 'node:fs';
test('flaky', () => { if (existsSync('ran')) return; writeFileSync('ran', ''); throw new Error('not yet'); });`;

test('run-tests: good files go through, units first; --quick runs no others', async () => {
  const files = {
    'src/a.test.ts': GOOD,
    'src/b/b.test.ts': `test('good', async (t) => { await t.test('inner', () => {}); });`,
    'test/c.test.ts': GOOD,
  };
  const [all, quick, named] = await Promise.all([
    run(files, { CI: 'true' }),
    run(files, {}, ['--quick']),
    run(files, {}, ['test/c.test.ts']),
  ]);
  assert.equal(all.exit, 0, all.out);
  assert.match(all.out, /3 tests and suites of 2 files, 0 complaints[^]*1 tests and suites of 1 files, 0 complaints/);
  assert.equal(quick.exit, 0, quick.out);
  assert.doesNotMatch(quick.out, /1 files/);
  assert.equal(named.exit, 0, named.out);
});

test('run-tests: when units fail, the other tests are not run', async () => {
  const { exit, out } = await run({ 'src/a.test.ts': "test('bad', () => { throw new Error('x'); });", 'test/c.test.ts': GOOD });
  assert.equal(exit, 1);
  assert.match(out, /src\/a\.test\.ts: failed: «bad»[^]*the other tests were not run/);
});

/** Files that fail, each in a way that its own output or exit code hides. */
const HIDDEN: Readonly<Record<string, readonly [body: string, complaint: RegExp]>> = {
  'whose report is swallowed': [
    `test('bad', () => { throw new Error('x'); });
     test('takes stdout', async () => { process.stdout.write = () => true; await new Promise((r) => setTimeout(r, 20)); });`,
    /failed: «bad»/,
  ],
  'that end with 0 amid a test': [
    `test('ends', () => process.exit(0)); test('bad', () => { throw new Error('x'); });`,
    /ended before its tests did \(0\)/,
  ],
  'that reset their exit code': [
    `process.on('exit', () => { process.exitCode = 0; }); test('bad', () => { throw new Error('x'); });`,
    /failed: «bad»/,
  ],
  'that end with 1 though all tests pass': [
    `${GOOD} process.on('exit', () => { process.exitCode = 1; });`,
    /no test failed, yet it ended with 1/,
  ],
  'that are killed': [`test('killed', () => process.kill(process.pid, 'SIGKILL'));`, /ended before its tests did \(SIGKILL\)/],
  'that leave a process behind': [
    `import { spawn } from 'node:child_process';
     let child; test('spawns', () => { child = spawn('sleep', ['60'], { stdio: 'ignore' }); });
     process.on('exit', () => child.kill());`,
    /failed: «.*leaks.ts»/,
  ],
  'that throw before their tests': [`throw new Error('early');`, /it has no test/],
};

for (const [what, [body, complaint]] of Object.entries(HIDDEN))
  test(`run-tests: files ${what} fail the run, also beside a file that passes when it is repeated`, async () => {
    const { exit, out } = await run({ 'test/leave.test.ts': body, 'test/flaky.test.ts': FLAKY });
    assert.equal(exit, 1, out);
    assert.match(out, complaint);
    assert.match(out, /went through alone:\n {2}test\/flaky\.test\.ts\n/);
  });

test('run-tests: a file that passes only when it is repeated is named, and fails the run in CI', async () => {
  const files = { 'test/flaky.test.ts': FLAKY };
  const [here, ci] = await Promise.all([run(files), run(files, { CI: 'true' })]);
  assert.deepEqual([here.exit, ci.exit], [0, 1], here.out + ci.out);
  assert.match(here.out, /failed at first, went through alone:\n {2}test\/flaky\.test\.ts\n/);
  assert.match(ci.out, /failed at first, which is a failure in CI:\n {2}test\/flaky\.test\.ts\n/);
  assert.match(ci.out, /why:\n {2}test\/flaky\.test\.ts: «flaky»\n {6}Error: not yet\n/);
});

test('run-tests: a skipped test carries its reason, and fails the run in CI', async () => {
  const skips = `test('one', { skip: 'needs x' }, () => {}); describe('two', { skip: 'needs y' }, () => { test('in it', () => {}); });`;
  const [here, ci, bare] = await Promise.all([
    run({ 'test/a.test.ts': skips }),
    run({ 'test/a.test.ts': skips }, { CI: 'true' }),
    run({ 'test/a.test.ts': `${GOOD} test('three', { skip: true }, () => {});` }),
  ]);
  assert.deepEqual([here.exit, ci.exit, bare.exit], [0, 1, 1], here.out);
  assert.match(here.out, /skipped:\n.*«one»: needs x\n.*«two»: needs y\n/);
  assert.match(ci.out, /«one» was skipped in CI: needs x\n.*«two» was skipped in CI: needs y\n/);
  assert.match(bare.out, /«three» was skipped without a reason/);
});

test('run-tests: --only runs the tests of the named files whose names match, and fails when none does', async () => {
  const files = { 'test/a.test.ts': `${GOOD}\ntest('bad', () => { throw new Error('x'); });` };
  const only = async (...patterns: readonly string[]): ReturnType<typeof run> =>
    await run(files, { CI: 'true' }, [...patterns.map((pattern) => `--only=${pattern}`), 'test/a.test.ts']);
  const [good, both, none, unnamed] = await Promise.all([
    only('^good$'),
    only('good', 'bad'),
    only('worse'),
    run(files, {}, ['--only=good']),
  ]);
  assert.deepEqual([good.exit, both.exit, none.exit, unnamed.exit], [0, 1, 1, 1], good.out);
  assert.match(good.out, /1 tests and suites of 1 files, 0 complaints/);
  assert.match(none.out, /it has no test/);
});

test('run-tests: a file in which no test begins is ended, and fails', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'run-tests-'));
  folders.push(folder);
  const file = path.join(folder, 'none.test.mjs');
  writeFileSync(file, `import { test } from 'node:test'; void test;`);
  const { problems } = await runTestFile(file, () => {}, { firstTestMs: 1500 });
  assert.deepEqual(problems, ['it ended before its tests did (SIGKILL)', 'it has no test', 'no test failed, yet it ended with SIGKILL']);
});

// A session is pinned to its build. Another one is taken only when it repeats the history.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf, type Ended } from './support/cli.ts';
import { journalOf } from './support/journal.ts';
import { checkRefusal, refused } from './support/refused.ts';

const PROGRAM = `
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { text } from './text.ts';
export default async function () {
  const size = readFileSync('package.json').length;
  await promisify(execFile)('sh', ['-c', 'test -e go || { touch waiting; sleep 600; }']);
  return \`\${text} \${size > 0}\`;
}
`;

/** A session that is parked at a call which returns once the file `go` is there, as it is from now on. */
async function parkedShop(): Promise<{ shop: Shop; id: string }> {
  const shop = new Shop({ 'src/program.ts': PROGRAM, 'src/text.ts': "export const text = 'recorded';" });
  const run = shop.start(['run', 'src/program.ts', '--grace', '100ms']);
  await shop.until('waiting');
  run.kill('SIGINT');
  const { exit, err } = await run.ended;
  assert.equal(exit, 3, err);
  shop.program.write('go', '');
  return { shop, id: shop.onlyId() };
}

test('resume: a changed file is named, and the recorded build runs', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  shop.program.write('src/text.ts', "export const text = 'changed';");
  const resumed = await shop.run(['resume', id]);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'recorded true\n'], resumed.err);
  assert.match(resumed.err, /^⚠ src\/text\.ts has changed since the session began: it runs the recorded build$/m);
  assert.match(resumed.err, new RegExp(`resprout resume ${id} --build FILE`));
});

test('resume --build: a harmless edit goes on with the code of today, and later resumes stay with it', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  shop.program.write('src/text.ts', "export const text = 'changed';");
  const resumed = await shop.run(['resume', id, '--build', 'src/program.ts']);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'changed true\n'], resumed.err);
  assert.deepEqual(
    journalOf(shop, id)
      .events.map((event) => event.t)
      .filter((t) => t === 'build'),
    ['build'],
  );
  const replayed = await shop.run(['replay', id]);
  assert.equal(replayed.exit, 0, replayed.err);
});

test('resume --build: code that does not repeat the history is JOURNAL_DIVERGED with both sides, and the session is as it was', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  const before = journalOf(shop, id).hash;
  shop.program.write(
    'src/program.ts',
    PROGRAM.replace('readFileSync(', 'statSync(').replace('readFileSync', 'statSync').replace('.length', '.size'),
  );
  // One after the other: a session has one owner. The second from a folder below, where a relative path would not be found.
  mkdirSync(join(shop.folder, 'below'));
  const args = ['resume', id, '--build', '../src/program.ts'];
  const plain = await shop.run(args, { cwd: 'below' });
  const json = await shop.run([...args, '--json'], { cwd: 'below' });
  const problem = checkRefusal(plain, json, 'JOURNAL_DIVERGED');
  assert.equal(problem.at, join(shop.folder, 'src/program.ts:7:16'));
  assert.match(plain.err, /at {5}.*src\/program\.ts:7:16 {5}const size = statSync\('package\.json'\)/);
  assert.match(problem.message, /recorded: .*readFileSync.*src\/program\.ts:7/);
  assert.match(problem.message, /replayed: .*statSync.*src\/program\.ts:7/);
  assert.match(problem.do, new RegExp(`resprout resume ${id}$`));
  assert.match(problem.kept ?? '', /unchanged/);
  const replay = await refused(shop, ['replay', id, '--build', 'src/program.ts'], 'JOURNAL_DIVERGED');
  assert.match(replay.problem.do, new RegExp(`resprout resume ${id}$`));
  assert.equal(journalOf(shop, id).hash, before, 'the journal is not the same, byte for byte');
  const resumed = await shop.run(['resume', id]);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'recorded true\n'], resumed.err);
});

test('resume --build: other arguments of a call are told, and the recorded result counts', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  shop.program.write('src/program.ts', PROGRAM.replace("readFileSync('package.json')", "readFileSync('src/text.ts')"));
  const resumed = await shop.run(['resume', id, '--build', 'src/program.ts']);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'recorded true\n'], resumed.err);
  assert.match(resumed.err, /^⚠ call #0 differs from the recorded run: other arguments\n +recorded: .*\n +replayed: /m);
});

test('resume --build: a build that cannot be made leaves the session as it was', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  const before = journalOf(shop, id).hash;
  const refusedWith = async (code: string, file = 'src/program.ts'): Promise<void> => {
    const args = ['resume', id, '--build', file];
    const plain = await shop.run(args);
    checkRefusal(plain, await shop.run([...args, '--json']), code);
  };
  await refusedWith('RUN_FILE_MISSING', 'src/gone.ts');
  shop.program.write('src/program.ts', 'export default async () => {');
  await refusedWith('TRANSFORM_SYNTAX');
  shop.program.write('src/program.ts', 'export const other = 1;');
  await refusedWith('RUN_EXPORT_MISSING');
  assert.equal(journalOf(shop, id).hash, before);
  await refused(shop, ['resume', '--build', 'src/program.ts'], 'USAGE');
  // A file that is gone does not matter to the recorded build.
  shop.program.write('src/program.ts', '');
  const resumed = await shop.run(['resume', id]);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'recorded true\n'], resumed.err);
});

test('replay: a session that is done agrees with its own build, calls nothing, and tells of code that does not agree', async () => {
  const { shop, id } = await parkedShop();
  using _shop = shop;
  await shop.run(['resume', id]);
  const before = journalOf(shop, id);
  const [plain, json, quiet] = (await Promise.all([
    shop.run(['replay', id]),
    shop.run(['replay', id, '--json']),
    shop.run(['replay', id, '-q']),
  ])) as [Ended, Ended, Ended];
  const count = before.events.length;
  assert.deepEqual([plain.exit, plain.out, plain.err], [0, '', `✔ ${id}: ${count} of ${count} recorded events agree with the code\n`]);
  assert.deepEqual(jsonOf(json).value, { sessionId: id, replayed: count, events: count });
  assert.deepEqual([quiet.exit, quiet.out, quiet.err], [0, '', '']);
  shop.program.write('src/program.ts', PROGRAM.replace(/ {2}await promisify.*/, ''));
  await refused(shop, ['replay', id, '--build', 'src/program.ts'], 'JOURNAL_DIVERGED');
  assert.equal(journalOf(shop, id).hash, before.hash);
});

const WITH_A_SECRET = `
import { local, Secret } from 'resprout/remote';
export function take(secret) {
  return secret.reveal().length;
}
export default async function () {
  await using context = await local();
  return await context.call(take, new Secret(process.env.SESAME));
}
`;

test('replay: another Secret among the arguments is told like any other change, by its hash: the journal does not have its text', async () => {
  using shop = new Shop({ 'secret.mjs': WITH_A_SECRET });
  const run = await shop.run(['run', 'secret.mjs'], { env: { SESAME: 'open-for-me' } });
  assert.deepEqual([run.exit, run.out], [0, '11\n'], run.err);
  const id = shop.onlyId();
  const same = await shop.run(['replay', id], { env: { SESAME: 'open-for-me' } });
  assert.equal(same.exit, 0, same.err);
  const other = await shop.run(['replay', id], { env: { SESAME: 'open-for-all' } });
  assert.equal(other.exit, 4, other.err);
  assert.match(other.err, /JOURNAL_DIVERGED.*other arguments/);
  assert.doesNotMatch(other.err, /open-for/);
  const files = readdirSync(shop.store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name.startsWith('journal-')));
  for (const { parentPath, name } of files) assert.ok(!readFileSync(join(parentPath, name)).includes('open-for'), name);
});

test('a session whose folder is gone: replay does not need it, resume says so and goes on when it is there again', async () => {
  using shop = new Shop({
    'there/program.mjs': 'export default () => new Promise((resolve) => setTimeout(resolve, 3000, process.cwd()));',
  });
  const store = ['--store', '../.resprout'];
  const parked = await shop.run(['run', 'program.mjs', '--park', ...store], { cwd: 'there' });
  assert.equal(parked.exit, 3, parked.err);
  const id = shop.onlyId();
  renameSync(join(shop.folder, 'there'), join(shop.folder, 'elsewhere'));
  const refused = await shop.run(['resume', id]);
  assert.equal(refused.exit, 4, refused.err);
  assert.match(refused.err, /SESSION_FOLDER_MISSING.*there/);
  assert.match(refused.err, new RegExp(`kept {3}${id} is as it was`));
  mkdirSync(join(shop.folder, 'there'));
  const resumed = await shop.run(['resume', id]);
  assert.deepEqual([resumed.exit, resumed.out], [0, `${join(shop.folder, 'there')}\n`], resumed.err);
  rmdirSync(join(shop.folder, 'there'));
  const replayed = await shop.run(['replay', id]);
  assert.equal(replayed.exit, 0, replayed.err);
});

// `resprout export` and `resprout import` as a user gives them: a session goes to another store, and is shown, replayed, forked, resumed and removed there.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { jsonOf, nothingLeft, Shop, type Ended } from './support/cli.ts';

const shop = new Shop({
  'steps.ts': `
    import { appendFile, readFile } from 'node:fs/promises';
    import { sleep } from 'resprout/durable';
    const note = (text) => appendFile('log.txt', text + '\\n');
    export default async function main({ data }) {
      await note('one');
      console.log('it is at ' + (await import(data.part)).place);
      await sleep(data.pause);
      await note('two');
      return (await readFile('log.txt', 'utf8')).trim().split('\\n');
    }
    export const fails = async () => { await note('a'); return await readFile('late.txt', 'utf8'); };`,
  'part.ts': "export const place = 'the part';",
});
after(() => shop[Symbol.dispose]());

const at = (name: string): string => path.join(shop.folder, name);
const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;
const data = (pause: string): string[] => ['-d', JSON.stringify({ pause, part: './part.ts' })];
const log = (): string[] => readFileSync(at('log.txt'), 'utf8').trim().split('\n');

async function ok(args: readonly string[], exit = 0): Promise<Ended> {
  const ended = await shop.run(args);
  assert.equal(ended.exit, exit, `${args.join(' ')}\n${ended.out}${ended.err}`);
  return ended;
}

test('an interrupted session goes on in another store, with the build that came with it, and does nothing twice', async () => {
  await ok(['run', 'steps.ts', ...data('4s'), '--park', '--session', id(1)], 3);
  const out = await ok(['export', id(1), '--out', 'one.jsonl']);
  assert.match(out.err, new RegExp(`^${id(1)}: \\d+ events, not ended, in one\\.jsonl \\(\\d+ bytes\\)\\n$`));
  assert.equal(statSync(at('one.jsonl')).mode & 0o777, 0o600, 'what the store holds is for its user');
  // Neither the store nor the sources are there any more.
  renameSync(shop.store, at('old-store'));
  for (const name of ['steps.ts', 'part.ts']) renameSync(at(name), at(`${name}.away`));
  const brought = await ok(['import', 'one.jsonl']);
  assert.equal(brought.out, `${id(1)}\n`);
  assert.match(brought.err, new RegExp(`not ended; go on with: resprout resume ${id(1)}`));
  assert.match((await ok(['sessions'])).out, /interrupted/);
  const again = await shop.run(['export', id(1)]);
  assert.deepEqual(again.bytes, readFileSync(at('one.jsonl')), 'the same bytes come out');
  const resumed = await ok(['resume', id(1), '--json']);
  assert.deepEqual(jsonOf(resumed).value, ['one', 'two'] as never);
  assert.doesNotMatch(resumed.err, /ENV_CHANGED/, 'hashes of the other store say nothing');
  assert.deepEqual(log(), ['one', 'two']);
  await ok(['replay', id(1)]);
  assert.match((await ok(['show', id(1)])).out, /returned \[ 'one', 'two' \]/);
  const fork = (await ok(['fork', id(1), '--at', '4'])).out.trim();
  await ok(['resume', fork]);
  await ok(['rm', id(1), fork]);
  assert.deepEqual(shop.ids(), []);
  for (const name of ['steps.ts', 'part.ts']) renameSync(at(`${name}.away`), at(name));
  await nothingLeft(shop.folder);
});

test('a failed session is retried where it was imported; a name that only one environment has is told, values are not compared', async () => {
  await ok(['run', 'steps.ts:fails', '--session', id(2), '--store', 'first'], 1);
  const piped = await ok(['export', id(2), '--store', 'first']);
  const brought = await shop.run(['import', '-', '--store', 'second'], { stdin: piped.out });
  assert.equal(brought.exit, 0, brought.err);
  writeFileSync(at('late.txt'), 'here');
  const retried = await shop.run(['resume', id(2), '--retry', '--store', 'second'], { env: { LANG: 'C', ADDED: 'x' } });
  assert.equal(retried.exit, 0, retried.err);
  assert.equal(retried.out, 'here\n');
  assert.match(retried.err, /ENV_CHANGED[^]*ADDED/);
  assert.doesNotMatch(retried.err, /LANG|HOME/);
  const known = await shop.run(['import', '-', '--store', 'second'], { stdin: piped.out });
  assert.equal(known.exit, 4, 'it has gone on there');
  assert.match(known.err, /IMPORT_CONFLICT[^]*resprout rm/);
});

test('a program with a Secret is replayed where it was imported, though its hashes were made with the key of the other store', async () => {
  writeFileSync(
    at('secret.ts'),
    `import { Secret } from 'resprout';
     import { activity } from 'resprout/durable';
     const use = activity(async (secret) => 'used');
     export default async () => await use(new Secret('canary-4711'));`,
  );
  await ok(['run', 'secret.ts', '--session', id(3), '--store', 'first']);
  const piped = await ok(['export', id(3), '--store', 'first']);
  assert.doesNotMatch(piped.out, /canary-4711/);
  assert.equal((await shop.run(['import', '--store', 'second'], { stdin: piped.out })).exit, 0);
  await ok(['replay', id(3), '--store', 'first']);
  await ok(['replay', id(3), '--store', 'second']);
  // Without the note that it comes from elsewhere the hashes would be a divergence.
  rmSync(path.join(shop.folder, 'second/runs', id(3), 'origin.json'));
  assert.match((await ok(['replay', id(3), '--store', 'second'], 4)).err, /JOURNAL_DIVERGED/);
});

test('a session that runs is exported as far as it is, and is not disturbed', async () => {
  const running = shop.start(['run', 'steps.ts', ...data('1h'), '--session', id(5), '--store', 'first']);
  await running.until('wakes in');
  const out = jsonOf(await shop.run(['export', id(5), '--out', 'live.jsonl', '--store', 'first', '--json'])).value as unknown as {
    readonly ended: string | null;
  };
  assert.equal(out.ended, null);
  running.kill('SIGINT');
  assert.equal((await running.ended).exit, 3);
  assert.equal(jsonOf(await shop.run(['import', 'live.jsonl', '--store', 'third', '--json'])).ok, true);
});

test('an export that cannot be written whole leaves no file of its name, and what it is written to need not be a file', async () => {
  const before = readdirSync(shop.folder);
  const full = await shop.run(['export', id(5), '--store', 'first', '--out', '/dev/full']);
  assert.equal(full.exit, 4, full.err);
  assert.match(full.err, /FILE_IO[^]*ENOSPC/);
  await ok(['export', id(5), '--store', 'first', '--out', '/dev/null']);
  assert.ok(statSync('/dev/null').isCharacterDevice());
  const gone = await shop.run(['export', id(5), '--store', 'first', '--out', 'no/such/file.jsonl']);
  assert.equal(gone.exit, 4);
  writeFileSync(at('kept.jsonl'), 'of before');
  const missing = await shop.run(['export', id(9), '--store', 'first', '--out', 'kept.jsonl']);
  assert.equal(missing.exit, 2);
  assert.equal(readFileSync(at('kept.jsonl'), 'utf8'), 'of before');
  assert.deepEqual(
    readdirSync(shop.folder).filter((name) => !before.includes(name)),
    ['kept.jsonl'],
  );
});

test('usage: --json of an export needs a file; a file that is not there, and one that is no export, are told by their codes', async () => {
  const json = await shop.run(['export', id(5), '--store', 'first', '--json']);
  assert.equal(json.exit, 2);
  assert.equal(jsonOf(json).problem?.code, 'USAGE');
  const none = await shop.run(['import', 'nowhere.jsonl', '--store', 'fourth']);
  assert.equal(none.exit, 4);
  assert.match(none.err, /FILE_IO[^]*nowhere\.jsonl/);
  const folder = await shop.run(['import', '.', '--store', 'fourth']);
  assert.match(folder.err, /FILE_IO[^]*EISDIR/);
  const other = await shop.run(['import', 'steps.ts', '--store', 'fourth']);
  assert.equal(other.exit, 4);
  assert.match(other.err, /IMPORT_INVALID/);
  assert.ok(!existsSync(at('fourth')), 'no store is made for it');
  const word = await shop.run(['restore', 'x']);
  assert.match(word.err, /resprout import FILE/);
});

test('a session of a sealed store is exported in the clear, and sealed again where it is imported into a store with a key', async () => {
  mkdirSync(at('sealed'));
  await ok(['seal', '--new-key', 'sealed/key']);
  writeFileSync(at('sealed/resprout.config.json'), JSON.stringify({ seal: { key: { file: 'key' } } }));
  const canary = `canary-${String(Math.random()).slice(2)}`;
  writeFileSync(at('late.txt'), canary);
  await ok(['run', 'steps.ts:fails', '--session', id(7), '--store', 'first-clear']);
  const file = await ok(['export', id(7), '--store', 'first-clear']);
  const brought = await shop.run(['import', '-', '--store', 'sealed/store'], { stdin: file.out });
  assert.equal(brought.exit, 0, brought.err);
  const holding = (folder: string): string[] =>
    (readdirSync(at(folder), { recursive: true, withFileTypes: true }) as Dirent[])
      .filter((entry) => entry.isFile() && readFileSync(path.join(entry.parentPath, entry.name)).includes(canary))
      .map(({ name }) => name);
  assert.notDeepEqual(holding('first-clear'), [], 'the test would see it');
  assert.deepEqual(holding('sealed/store'), []);
  assert.match((await ok(['show', id(7), '--store', 'sealed/store'])).out, new RegExp(canary));
  const again = await ok(['export', id(7), '--store', 'sealed/store']);
  assert.equal(again.out, file.out);
  renameSync(at('sealed/key'), at('sealed/key.away'));
  assert.match((await shop.run(['export', id(7), '--store', 'sealed/store'])).err, /SEAL_KEY_MISSING/);
});

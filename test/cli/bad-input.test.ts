import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingNodes, testNode } from '../support/nodes.ts';
import { CLI, Shop, nothingLeft } from './support/cli.ts';
import { refused } from './support/refused.ts';

const shop = new Shop({
  'good.ts': 'export default async function (event: { data: unknown }) { return event.data; }',
  'other.ts': 'export function other() {}\nexport const port = 80;',
  'syntax.ts': 'export default async function () {\n  const broken = ;\n}\n',
  'package-missing.ts': "import { zip } from '@not/installed';\nexport default async () => zip;",
  'file-missing.ts': "import { zip } from './gone.ts';\nexport default async () => zip;",
  'below.ts': "import './package-missing.ts';\nexport default async () => 1;",
  'type-import.ts': "import { Shape } from './shapes.ts';\nexport default async (): Promise<Shape | 1> => { void Shape; return 1; };",
  'shapes.ts': 'export interface Shape { readonly sides: number }',
  'maybe.ts': "export default async () => import('@not/installed').then(() => 'there', () => 'not there');",
  'other-entry.ts': "import { activity } from 'resprout';\nexport default () => activity;\n",
  'bad.json': '{"a":',
});
after(() => shop[Symbol.dispose]());

test('run: a file that does not exist, and a folder, are RUN_FILE_MISSING', async () => {
  const gone = await refused(shop, ['run', 'gone.ts'], 'RUN_FILE_MISSING');
  assert.equal(gone.problem.saw, 'no such file');
  await refused(shop, ['run', '.'], 'RUN_FILE_MISSING');
});

test('run: an export that is not there is RUN_EXPORT_MISSING and names those that are', async () => {
  const { problem } = await refused(shop, ['run', 'other.ts:main'], 'RUN_EXPORT_MISSING');
  assert.equal(problem.saw, 'it exports other, port');
});

test('run: --data that is no JSON is DATA_INVALID, inline, from a file, from a file that is missing, from standard input', async () => {
  const inline = await refused(shop, ['run', 'good.ts', '--data', '{x}'], 'DATA_INVALID');
  assert.equal(inline.problem.saw, '{x}');
  const file = await refused(shop, ['run', 'good.ts', '--data', '@bad.json'], 'DATA_INVALID');
  assert.match(file.problem.message, /bad\.json/);
  const missing = await refused(shop, ['run', 'good.ts', '-d', '@gone.json'], 'DATA_INVALID');
  assert.equal(missing.problem.saw, 'no such file');
  const stdin = await refused(shop, ['run', 'good.ts', '--data', '-'], 'DATA_INVALID', { stdin: '[1,' });
  assert.match(stdin.problem.message, /standard input/);
  const empty = await refused(shop, ['run', 'good.ts', '--data', '-'], 'DATA_INVALID');
  assert.equal(empty.problem.saw, 'nothing');
});

test('run: a syntax error is TRANSFORM_SYNTAX with file, line, column, the source line and a caret below the place', async () => {
  const { problem, plain } = await refused(shop, ['run', 'syntax.ts'], 'TRANSFORM_SYNTAX');
  assert.equal(problem.at, `${shop.folder}/syntax.ts:2:18`);
  const [line = '', caret = ''] = plain.err.split('\n').slice(1, 3);
  assert.match(line, /^ {3}at {5}syntax\.ts:2:18 {5}const broken = ;$/);
  assert.equal(caret.indexOf('^'), line.indexOf(';'));
});

test('run: an import that leads nowhere is BUILD_MODULE_MISSING with the line of the import, also in a file below', async () => {
  const missing = await refused(shop, ['run', 'package-missing.ts'], 'BUILD_MODULE_MISSING');
  assert.equal(missing.problem.at, `${shop.folder}/package-missing.ts:1:21`);
  assert.equal(missing.problem.do, 'npm install @not/installed, or correct the name');
  const [line = '', caret = ''] = missing.plain.err.split('\n').slice(1, 3);
  assert.equal(caret.indexOf('^'), line.indexOf("'@not/installed'"), 'the caret stands below the path');
  const file = await refused(shop, ['run', 'file-missing.ts'], 'BUILD_MODULE_MISSING');
  assert.equal(file.problem.do, 'Correct the path in the import');
  await refused(shop, ['run', 'below.ts'], 'BUILD_MODULE_MISSING');
});

test('run: a name that the other file does not export is BUILD_EXPORT_MISSING and points at type imports', async () => {
  const { problem } = await refused(shop, ['run', 'type-import.ts'], 'BUILD_EXPORT_MISSING');
  assert.match(problem.message, /import type \{ Shape \}/);
  assert.equal(problem.at, `${shop.folder}/type-import.ts:1:10`);
});

test('run: refusals leave nothing behind: no session, no half session, no process', async () => {
  assert.deepEqual(shop.ids(), []);
  await nothingLeft(shop.folder);
});

test('run: a name that another entry of this package exports is told with that entry', async () => {
  const ended = await shop.run(['run', 'other-entry.ts', '--store', join(shop.folder, 'other-store')]);
  assert.match(ended.err, /BUILD_EXPORT_MISSING[^]*Write import \{ activity \} from 'resprout\/durable', which exports it/);
});

test('run: an optional import() of a missing package is the program’s affair', async () => {
  const ended = await shop.run(['run', 'maybe.ts', '--session', 'ses_00000000000000000000000000']);
  assert.deepEqual([ended.exit, ended.out], [0, 'not there\n'], ended.err);
});

test('run: a session id that is none, and one that exists, are USAGE', async () => {
  const { problem } = await refused(shop, ['run', 'good.ts', '--session', 'mine'], 'USAGE');
  assert.match(problem.saw ?? '', /ses_ and 26/);
  await refused(shop, ['run', 'good.ts', '--session', 'ses_00000000000000000000000000'], 'USAGE');
  assert.equal(shop.ids().length, 1);
});

test('every command: a session that is not there is SESSION_MISSING, two that begin alike are SESSION_ID_AMBIGUOUS', async () => {
  const ended = await shop.run(['run', 'good.ts', '--session', 'ses_00000000000000000000000001', '-d', '7']);
  assert.deepEqual([ended.exit, ended.out], [0, '7\n'], ended.err);
  await Promise.all(
    ['show', 'resume', 'cancel', 'replay'].map(async (command) => {
      await refused(shop, [command, 'ses_zzz'], 'SESSION_MISSING');
      const { problem } = await refused(shop, [command, '0000'], 'SESSION_ID_AMBIGUOUS');
      assert.match(problem.saw ?? '', /ses_0{25}1, ses_0{26}/);
    }),
  );
});

test('every command: a store that is not there is told, and none is made', async () => {
  await Promise.all(
    ['show', 'resume', 'cancel', 'replay'].map((command) => refused(shop, [command, 'x', '--store', 'nowhere'], 'SESSION_MISSING')),
  );
  const list = await shop.run(['sessions', '--store', 'nowhere']);
  assert.deepEqual([list.exit, list.out], [0, '']);
  assert.match(list.err, /no sessions in .*nowhere/);
});

test('run: a store that others may write is STORE_UNSAFE with the chmod to do, a folder that is no store is left alone', async () => {
  mkdirSync(join(shop.folder, 'open'), { mode: 0o700 });
  await shop.run(['run', 'good.ts', '--store', 'open']);
  chmodSync(join(shop.folder, 'open'), 0o770);
  const { problem } = await refused(shop, ['run', 'good.ts', '--store', 'open'], 'STORE_UNSAFE');
  assert.equal(problem.do, `chmod 700 ${join(shop.folder, 'open')}`);
  await refused(shop, ['sessions', '--store', 'open'], 'STORE_UNSAFE');
  mkdirSync(join(shop.folder, 'letters'), { mode: 0o700 });
  writeFileSync(join(shop.folder, 'letters', 'letter.txt'), 'dear');
  await refused(shop, ['run', 'good.ts', '--store', 'letters'], 'STORE_UNSAFE');
});

test('run: a store that cannot be made is STORE_IO, one that is a file STORE_UNSAFE; neither takes long', async () => {
  await refused(shop, ['run', 'good.ts', '--store', '/proc/store'], 'STORE_IO');
  await refused(shop, ['run', 'good.ts', '--store', 'good.ts'], 'STORE_UNSAFE');
});

test('every command: a folder that was removed meanwhile is told', async () => {
  mkdirSync(join(shop.folder, 'gone'));
  const args = ['-c', 'rmdir ../gone; exec "$@"', 'sh', process.execPath, CLI, 'sessions'];
  const gone = spawnSync('sh', args, { cwd: join(shop.folder, 'gone'), env: shop.env(), encoding: 'utf8' });
  assert.deepEqual([gone.status, gone.stdout], [2, '']);
  assert.match(gone.stderr, /^✖ USAGE {2}the current folder does not exist any more\n/);
});

test('every command: a Node that is too old is PLATFORM_UNSUPPORTED', { skip: missingNodes('22.18.0') }, () => {
  for (const more of [[], ['--json']]) {
    const old = spawnSync(testNode('22.18.0'), [CLI, 'run', 'good.ts', ...more], { cwd: shop.folder, env: shop.env(), encoding: 'utf8' });
    assert.equal(old.status, 4);
    assert.match(
      more.length > 0 ? old.stdout : old.stderr,
      /PLATFORM_UNSUPPORTED.*resprout needs Node 24\.18 or newer, and this is 22\.18\.0/,
    );
  }
});

test('run: RESPROUT_STORE names the store, --store wins over it', async () => {
  const env = { RESPROUT_STORE: 'letters' };
  await refused(shop, ['run', 'good.ts'], 'STORE_UNSAFE', { env });
  const ended = await shop.run(['run', 'good.ts', '--store', 'mine', '-d', '[]'], { env });
  assert.deepEqual([ended.exit, ended.out], [0, '[]\n'], ended.err);
});

test('call: texts that are no targets are REMOTE_TARGET_INVALID, also those that would be options or commands of ssh', async () => {
  const hostile = [
    'nothing',
    'bad://x',
    'ssh://',
    'ssh://a;reboot',
    'ssh://-oProxyCommand=reboot',
    'ssh://-l@x',
    'ssh://a b',
    'ssh://$(id)',
    'ssh://x:99999',
    'local:+',
    '',
  ];
  for (const target of hostile) await refused(shop, ['call', target, 'good.ts'], 'REMOTE_TARGET_INVALID');
});

test('call: a file or function that is not there, and arguments that are no JSON, are refused with what to write', async () => {
  await refused(shop, ['call', 'local:', 'gone.ts:go'], 'RUN_FILE_MISSING');
  await refused(shop, ['call', 'local:', 'syntax.ts'], 'TRANSFORM_SYNTAX');
  const { problem } = await refused(shop, ['call', 'local:', 'good.ts', 'word'], 'DATA_INVALID');
  assert.equal(problem.do, `Write it as JSON; a text is '"word"'`);
});

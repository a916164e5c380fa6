// The scripts of `resprout completion` in real shells: somebody types and presses the tab key.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs } from '../support/needs.ts';
import { TARGET_STARTS } from '../../src/remote/connect/target.ts';
import { CLI, Shop, jsonOf } from './support/cli.ts';

const TAB_KEY = fileURLToPath(new URL('support/tab-key.py', import.meta.url));
const ID = `ses_${'7'.repeat(26)}`;
const PYTHON = { program: 'python3', debianPackage: 'python3' };

const shop = new Shop({
  'ops.ts':
    'export type Ignored = string;\nexport function health(): string { return "ok"; }\nexport const upgrade = async (v: number) => v;\n',
  'rollout.ts': 'export default async () => 1;',
});
after(() => shop[Symbol.dispose]());
before(async () => {
  const bin = join(shop.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'resprout'), `#!/bin/sh\nexec ${process.execPath} ${CLI} "$@"\n`);
  chmodSync(join(bin, 'resprout'), 0o755);
  await shop.run(['run', 'rollout.ts', '--session', ID]);
  for (const shell of ['bash', 'zsh', 'fish']) shop.program.write(`${shell}-script`, (await shop.run(['completion', shell])).out);
});

const env = (): Record<string, string> => shop.env({ PATH: `${join(shop.folder, 'bin')}:${process.env['PATH'] ?? ''}`, TERM: 'dumb' });

/** What is typed, and the line after the tab key. */
const TYPED: readonly (readonly [typed: string, line: string])[] = [
  ['resprout res', 'resprout resume '],
  ['resprout run rol', 'resprout run rollout.ts '],
  ['resprout run ops.ts:he', 'resprout run ops.ts:health '],
  ['resprout sessions --st', 'resprout sessions --st'],
  ['resprout sessions --state int', 'resprout sessions --state interrupted '],
  ['resprout show ses_', `resprout show ${ID} `],
  ['resprout help STORE_I', 'resprout help STORE_IO '],
  ['resprout replay --bu', 'resprout replay --build '],
];

async function pressTab(rc: string, typed: string, shell: readonly string[]): Promise<string> {
  const child = spawn('python3', [TAB_KEY, rc, typed, ...shell], { cwd: shop.folder, env: env(), timeout: 200_000 });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  await once(child, 'close');
  return out === '' ? err : out.replace(/\n$/, '');
}

/** Types all lines, each in a shell of its own. @returns what became of them, without the blank that a shell may take back */
async function typeAll(rc: string, shell: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (let i = 0; i < TYPED.length; i += 4) {
    lines.push(...(await Promise.all(TYPED.slice(i, i + 4).map(([typed]) => pressTab(rc, typed, shell)))));
  }
  return lines.map((line) => line.trimEnd());
}

const EXPECTED = TYPED.map(([, line]) => line.trimEnd());

test(
  'bash completes commands, files, exports, options, values, sessions and codes',
  { skip: needs(PYTHON, { program: 'bash', debianPackage: 'bash' }) },
  async () => {
    assert.deepEqual(await typeAll('./bash-script', ['bash', '--norc', '--noprofile', '-i']), EXPECTED);
  },
);

test('zsh completes the same', { skip: needs(PYTHON, { program: 'zsh', debianPackage: 'zsh' }) }, async () => {
  writeFileSync(join(shop.folder, 'zsh-rc'), 'autoload -Uz compinit; compinit -u -D; . ./zsh-script\n');
  assert.deepEqual(await typeAll('./zsh-rc', ['zsh', '-f', '-i']), EXPECTED);
});

test('fish completes the same', { skip: needs(PYTHON, { program: 'fish', debianPackage: 'fish' }) }, () => {
  for (const [typed, line] of TYPED) {
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', 'source ./fish-script; complete -C "$argv[1]"', '--', typed], {
      cwd: shop.folder,
      env: env(),
      encoding: 'utf8',
    });
    const words = stdout.split('\n').flatMap((answer) => answer.split('\t')[0] || []);
    const wanted = line.trimEnd().split(' ').at(-1) ?? '';
    if (line.endsWith(' ')) assert.deepEqual(words, [wanted], `${typed}: ${stderr}`);
    else assert.ok(words.length > 1 && words.every((word) => word.startsWith(wanted)), `${typed}: ${words.join(' ')}`);
  }
});

/** What a script is told. */
async function answer(...words: readonly string[]): Promise<string[]> {
  const { out, err, exit } = await shop.run(['complete-words', ...['resprout', ...words].map((word) => `=${word}`)]);
  assert.deepEqual([err, exit], ['', 0]);
  return out.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

test('what is offered fits the place: each command, its own options, its own kind of argument', async () => {
  const commands = await answer('');
  assert.ok(commands.includes('run') && commands.includes('completion') && !commands.includes('complete-words'));
  assert.ok((await answer('run', '--')).includes('--data') && !(await answer('sessions', '--')).includes('--data'));
  assert.deepEqual(await answer('sessions', '--state=fa'), ['--state=failed']);
  assert.deepEqual(await answer('sessions', '--state', 'done,fa'), ['done,failed']);
  assert.deepEqual(await answer('ls', '--state', 'fa'), ['failed']);
  assert.deepEqual(await answer('call', ''), [...TARGET_STARTS]);
  assert.deepEqual(await answer('call', 's'), ['ssh://', 'sudo:', 'su:']);
  assert.deepEqual(await answer('call', 'local:', 'ops.ts:'), ['ops.ts:health', 'ops.ts:upgrade']);
  assert.deepEqual(await answer('resume', ID, ''), ['last']);
  assert.deepEqual(await answer('cancel', '777'), [ID.slice(4)]);
  assert.deepEqual(await answer('run', 'rollout.ts', '--', ''), [':files']);
  assert.deepEqual(await answer('sessions', '--store', ''), [':folders']);
  assert.deepEqual(await answer('nothing', ''), []);
  assert.deepEqual(await answer('run', 'gone.ts:'), []);
});

test('completion --json has the script as text, and a shell that is not known is a usage error', async () => {
  const { value } = jsonOf(await shop.run(['completion', 'bash', '--json'])) as { value?: { shell: string; script: string } };
  assert.equal(value?.shell, 'bash');
  assert.match(value?.script ?? '', /complete -F _resprout resprout/);
  const { exit, err } = await shop.run(['completion', 'tcsh']);
  assert.equal(exit, 2);
  assert.match(err, /✖ USAGE .*bash, zsh, fish/);
});

import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '../../src/base/errors/error-codes.ts';
import { ALIASES, HELP, MEANT, isCommandName } from '../../src/cli/arguments/help-texts.ts';
import { REPOSITORY } from '../support/programs.ts';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { checkRefusal } from './support/refused.ts';

const shop = new Shop({ 'good.ts': 'export default async () => 1;' });
after(() => shop[Symbol.dispose]());

const COMMANDS = Object.keys(HELP);

/** Usage errors have the form of every error: what is wrong, and the right form of the command as what to do. */
async function usage(args: readonly string[], what: RegExp, form: RegExp): Promise<void> {
  const [plain, json] = await Promise.all([shop.run(args), shop.run([args[0] ?? '', '--json', ...args.slice(1)])]);
  const problem = checkRefusal(plain, json, 'USAGE');
  assert.equal(plain.err.trimEnd().split('\n').length, 3, plain.err);
  assert.match(problem.message, what);
  assert.match(problem.do, form);
}

test('usage errors name what is wrong, what was nearly right, and the form of the command', async () => {
  await Promise.all([
    usage(['rnu', 'good.ts'], /unknown command 'rnu' \(Did you mean run\?\)/, /^resprout COMMAND/),
    usage(['run', 'good.ts', '--dta', '1'], /unknown option '--dta' \(Did you mean --data\?\)/, /^resprout run FILE/),
    usage(['run'], /missing required argument 'FILE\[:EXPORT\]'/, /^resprout run FILE\[:EXPORT\]/),
    usage(['run', 'good.ts', '--grace', '5'], /30s, 500ms, 7d or 1h30m/, /^resprout run/),
    usage(['run', 'good.ts', '--data'], /--data.*argument missing/, /^resprout run/),
    usage(['sessions', '--state', 'gone'], /running, parked, waiting, interrupted, done, failed, cancelled, damaged/, /^resprout sessions/),
    usage(['call', 'local:'], /FILE/, /^resprout call TARGET/),
    usage(['show', 'a', 'b'], /too many arguments/, /^resprout show SESSION/),
  ]);
  assert.deepEqual(shop.ids(), []);
  await nothingLeft(shop.folder);
});

test('resprout alone shows its help on stderr and ends with 2; --help on stdout with 0', async () => {
  const [alone, asked, topic] = await Promise.all([shop.run([]), shop.run(['--help']), shop.run(['help'])]);
  assert.deepEqual([alone.exit, alone.out, asked.exit, asked.err], [2, '', 0, '']);
  assert.equal(alone.err, asked.out);
  assert.equal(topic.out, asked.out);
  for (const name of COMMANDS) assert.match(asked.out, new RegExp(`^ {2}${name} .*\\S`, 'm'));
});

test('--help of each command says its form, options and examples; help COMMAND says the same', async () => {
  await Promise.all(
    COMMANDS.map(async (name) => {
      const [asked, topic] = await Promise.all([shop.run([name, '--help']), shop.run(['help', name])]);
      assert.deepEqual([asked.exit, asked.err, topic.exit], [0, '', 0]);
      assert.equal(asked.out, topic.out);
      assert.match(asked.out, new RegExp(`^Usage: resprout ${name} `));
      assert.match(asked.out, /^Examples:\n {2}resprout /m);
      assert.match(asked.out, /^ {2}--json /m);
    }),
  );
});

test('help CODE explains it in the words of docs/errors.md; what is not there is answered with near names', async () => {
  const document = readFileSync(`${REPOSITORY}/docs/errors.md`, 'utf8');
  const one = await shop.run(['help', 'journal_diverged']);
  assert.equal(one.exit, 0);
  assert.match(one.out, /^JOURNAL_DIVERGED\n/);
  assert.ok(one.out.includes(ERROR_CODES.JOURNAL_DIVERGED.cure) && document.includes(ERROR_CODES.JOURNAL_DIVERGED.cure));
  const json = jsonOf(await shop.run(['help', 'STORE_IO', '--json']));
  assert.deepEqual(json.value, { code: 'STORE_IO', means: ERROR_CODES.STORE_IO.means, do: ERROR_CODES.STORE_IO.cure, exit: 4 });
  const near = async (topic: string): Promise<string | undefined> => jsonOf(await shop.run(['help', topic, '--json'])).problem?.do;
  assert.deepEqual(await Promise.all(['JOURNAL_DIVERGE', 'cancle', 'STORE', 'zzzzzz'].map(near)), [
    'Did you mean JOURNAL_DIVERGED?',
    'Did you mean cancel?',
    'Did you mean STORE_IO, STORE_UNSAFE?',
    'resprout --help lists the commands, docs/errors.md the codes',
  ]);
});

test('--version prints the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync(`${REPOSITORY}/package.json`, 'utf8')) as { version: string };
  for (const args of [['--version'], ['-V'], ['version']]) {
    const [plain, json] = await Promise.all([shop.run(args), shop.run([...args, '--json'])]);
    assert.deepEqual([plain.out, plain.exit, jsonOf(json).value], [`${version}\n`, 0, version], args.join(' '));
  }
});

test('ls, list and ps are sessions, also in what a usage error says', async () => {
  shop.program.write('once.ts', 'export default () => 1;');
  await shop.run(['run', 'once.ts']);
  const [sessions, ...others] = await Promise.all(['sessions', 'ls', 'list', 'ps'].map((name) => shop.run([name, '--json'])));
  for (const other of others) assert.equal(other.out, sessions?.out);
  await usage(['ls', '--sate', 'done'], /unknown option '--sate'/, /^resprout sessions \[options\]/);
});

test('a word that another tool has for it is answered with the command line that does it', async () => {
  await usage(['inspect', 'ses_1'], /there is no command 'inspect'/, /^resprout show SESSION$/);
  await usage(['status'], /there is no command 'status'/, /^resprout sessions lists all/);
  for (const [word, form] of Object.entries(MEANT)) {
    assert.ok(!isCommandName(word) && !Object.hasOwn(ALIASES, word), `${word} is a command by now`);
    for (const [, name = ''] of form.matchAll(/resprout (\w+)/g)) assert.ok(isCommandName(name), form);
  }
});

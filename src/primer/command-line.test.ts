import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrimeError } from './problem.ts';
import { optionsOf, parseBootLine, parsePrimeLine } from './command-line.ts';

test('parsePrimeLine takes options before and after the command, and leaves everything after a task alone', () => {
  const parse = (...argv: string[]): Record<string, unknown> => ({ ...parsePrimeLine(argv, {}, ['test']) });
  const plain = {
    command: 'boot',
    argument: undefined,
    env: undefined,
    line: undefined,
    task: undefined,
    taskArguments: [],
    target: undefined,
    dry: false,
    help: false,
    mermaid: false,
    proto: false,
    offline: false,
    quiet: false,
    verbose: false,
  };
  assert.deepEqual(parse(), plain);
  assert.deepEqual(parse('-q', 'reboot', '--offline'), { ...plain, command: 'reboot', quiet: true, offline: true });
  assert.deepEqual(parse('--target=a', '--target', 'b'), { ...plain, target: 'b' });
  assert.deepEqual(parse('--env=a', 'eval', '--env', 'b'), { ...plain, command: 'eval', env: 'b' });
  assert.equal(parsePrimeLine(['boot'], { PRIME_ENV: 'c' }, []).env, 'c');
  assert.deepEqual(parse('-v', 'test', '-q', 'eval'), { ...plain, verbose: true, task: 'test', taskArguments: ['-q', 'eval'] });
  assert.deepEqual(parse('pin', '-q', '>=22 <26'), { ...plain, quiet: true, command: 'pin', argument: '>=22 <26' });
  assert.throws(() => parse('pin', '22', '24'), /unknown command 24/);
  assert.deepEqual(parse('shell', '-v', '-c', '-q x'), { ...plain, verbose: true, command: 'shell', line: '-q x' });
  assert.deepEqual(parse('shell', '--command='), { ...plain, command: 'shell', line: '' });
  assert.throws(() => parse('-c', 'x', 'shell'), /unknown option -c/);
  assert.deepEqual(optionsOf({ PRIME_OFFLINE: '1', PRIME_QUIET: '0' }), { offline: true, quiet: false, verbose: false });
});

test('parseBootLine takes options of the program beside those of the primer, and leaves what follows -- alone', () => {
  const own = { region: 'text', force: 'flag' } as const;
  const parse = (...argv: string[]): Record<string, unknown> => ({ ...parseBootLine(argv, { PRIME_QUIET: '1' }, own) });
  const plain = {
    target: undefined,
    env: undefined,
    help: false,
    offline: false,
    quiet: true,
    verbose: false,
    values: { region: undefined, force: false },
    rest: [],
  };
  assert.deepEqual(parse(), plain);
  assert.deepEqual(parse('--region', 'eu', '-v', '--force', '--', '--region', 'x'), {
    ...plain,
    verbose: true,
    values: { region: 'eu', force: true },
    rest: ['--region', 'x'],
  });
  assert.deepEqual(parse('--region=a=b\nc', '--region='), { ...plain, values: { region: '', force: false } });
  for (const argv of [['--regio', 'x'], ['--force=1'], ['word'], ['--region'], ['--constructor']])
    assert.throws(
      () => parse(...argv),
      (error) => error instanceof PrimeError && error.code === 'PRIME_USAGE',
      argv.join(' '),
    );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsOf, parsePrimeArgs } from './command-line.ts';

test('parsePrimeArgs takes options before and after the command, and leaves everything after a task alone', () => {
  const parse = (...argv: string[]): Record<string, unknown> => ({ ...parsePrimeArgs(argv, {}, ['test']) });
  const plain = {
    command: 'boot',
    task: undefined,
    taskArguments: [],
    target: undefined,
    dry: false,
    help: false,
    offline: false,
    quiet: false,
    verbose: false,
  };
  assert.deepEqual(parse(), plain);
  assert.deepEqual(parse('-q', 'reboot', '--offline'), { ...plain, command: 'reboot', quiet: true, offline: true });
  assert.deepEqual(parse('--target=a', '--target', 'b'), { ...plain, target: 'b' });
  assert.deepEqual(parse('-v', 'test', '-q', 'eval'), { ...plain, verbose: true, task: 'test', taskArguments: ['-q', 'eval'] });
  assert.deepEqual(optionsOf({ PRIME_OFFLINE: '1', PRIME_QUIET: '0' }), { offline: true, quiet: false, verbose: false });
});

// Runs the test files, one process each, with the leak check preloaded. `node tools/run-tests.ts [FILE…]`; without names: all.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const names = process.argv.slice(2);
const files =
  names.length > 0
    ? names
    : globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { exclude: ['**/fixtures/**', '**/node_modules/**'] }).sort();
if (files.length === 0) {
  console.error('no test file was found');
  process.exit(1);
}
const run = spawnSync(
  process.execPath,
  ['--test', '--test-force-exit', '--test-timeout=120000', '--test-concurrency=2', '--import', './test/support/leaks.ts', ...files],
  { stdio: 'inherit' },
);
process.exit(run.status ?? 1);

// Runs the test files, one process each, with the leak check preloaded. `node tools/run-tests.ts [FILE…]`; without names: all.
// In a run of all files, those that failed are run once more, alone: the tests kill, race and wait in real processes, and a machine
// that others use too can be late. Such files are named; a second failure fails the run.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Runs files side by side. @returns exit code and the files in which a test failed */
function run(files: readonly string[], concurrency: number): { readonly exit: number; readonly failed: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'run-tests-'));
  const list = join(folder, 'failed');
  try {
    const options = [
      '--test',
      '--test-force-exit',
      '--test-timeout=120000',
      `--test-concurrency=${concurrency}`,
      '--import',
      './test/support/leaks.ts',
    ];
    const reporters = [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=./tools/failed-files-reporter.ts',
      `--test-reporter-destination=${list}`,
    ];
    const { status } = spawnSync(process.execPath, [...options, ...reporters, ...files], { stdio: 'inherit' });
    return { exit: status ?? 1, failed: readFileSync(list, 'utf8').split('\n').filter(Boolean) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
const files =
  names.length > 0
    ? names
    : globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { exclude: ['**/fixtures/**', '**/node_modules/**'] }).toSorted();
if (files.length === 0) {
  console.error('no test file was found');
  process.exit(1);
}
const first = run(files, 2);
// A failure in a place that several files share, such as the leak check, does not say which file to run again: it counts at once.
const known = new Set(files.map((file) => resolve(file)));
const isClear = first.failed.length > 0 && first.failed.every((file) => known.has(file));
if (first.exit === 0 || names.length > 0 || !isClear) process.exit(first.exit);
console.log(`\nonce more, alone: ${first.failed.join(', ')}\n`);
const second = run(first.failed, 1);
console.log(`\nfailed at first${second.exit === 0 ? ', went through alone' : ' and alone'}: ${first.failed.join(', ')}`);
process.exit(second.exit);

// Runs the test files, one process each, with the leak check preloaded. `node tools/run-tests.ts [--quick] [--only=PATTERN]… [FILE…]`;
// without names: all, the unit tests (those beside the sources) first and alone; `--quick`: no others; `--only`: of the named files only the
// tests whose names match a pattern.
// In a run of all files, those that failed are run once more, alone: the tests kill, race and wait in real processes, and a machine
// that others use too can be late. Such files are named, and a second failure fails the run. With CI=true so does a file that needed
// the second run, and a test that was skipped. Elsewhere a skipped test carries its reason.
import { globSync } from 'node:fs';
import { type FileResult, runTestFile } from './test-file.ts';

const isCi = process.env['CI'] === 'true';
const args = process.argv.slice(2);
const ONLY = '--only=';
const only = args.flatMap((arg) => (arg.startsWith(ONLY) ? [arg.slice(ONLY.length)] : []));
const NOT_TESTS = { exclude: ['**/fixtures/**', '**/node_modules/**'] };

/** Runs files side by side, in order. What a file prints is shown when it is over; that of a single one at once. */
async function runFiles(files: readonly string[], concurrency: number): Promise<FileResult[]> {
  const waiting = [...files];
  const results: FileResult[] = [];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const pieces: Uint8Array[] = [];
      const show = (piece: Uint8Array): void => void (files.length === 1 ? process.stdout.write(piece) : pieces.push(piece));
      const result = await runTestFile(file, show, { only });
      results.push(result);
      if (pieces.length > 0)
        process.stdout.write(Buffer.concat([Buffer.from(`\n── ${file}  ${result.seconds.toFixed(1)} s\n`), ...pieces]));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

/** What keeps a run from being good, a line each. */
function complaints({ file, problems, skipped }: FileResult): string[] {
  const lines = problems.map((problem) => `${file}: ${problem}`);
  for (const { name, reason } of skipped) {
    if (reason === '') lines.push(`${file}: «${name}» was skipped without a reason`);
    else if (isCi) lines.push(`${file}: «${name}» was skipped in CI: ${reason}`);
  }
  return lines;
}

/** What the tests of a file failed with. */
const reasons = ({ failures, file }: FileResult): string[] =>
  failures.map(({ name, why }) => `${file}: «${name}»\n${why.replaceAll(/^/gm, '      ')}`);

function tell(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

const isGood = (result: FileResult): boolean => result.problems.length === 0;

/** Runs some files and says how it went. @param mayRepeat whether failed files are run once more @returns whether all went well */
async function runPart(files: readonly string[], mayRepeat: boolean): Promise<boolean> {
  const first = await runFiles(files, 2);
  const failed = first.filter((result) => !isGood(result));
  let final = first;
  let needed: string[] = [];
  if (failed.length > 0 && mayRepeat) {
    tell('once more, alone:', failed.flatMap(complaints));
    const second = await runFiles(
      failed.map(({ file }) => file),
      1,
    );
    final = [...first.filter(isGood), ...second];
    needed = second.filter(isGood).map(({ file }) => file);
  }
  const lines = final.flatMap(complaints);
  // Once more at the very end, where it is found: what the tests of both runs failed with.
  tell(
    'why:',
    failed.length === 0 ? [] : [...failed, ...final.filter((result) => !isGood(result) && !failed.includes(result))].flatMap(reasons),
  );
  tell('skipped:', isCi ? [] : final.flatMap(({ file, skipped }) => skipped.map(({ name, reason }) => `${file}: «${name}»: ${reason}`)));
  tell(isCi ? 'failed at first, which is a failure in CI:' : 'failed at first, went through alone:', needed);
  tell('failed:', lines);
  const tests = final.reduce((sum, { count }) => sum + count, 0);
  console.log(`${tests} tests and suites of ${final.length} files, ${lines.length} complaints`);
  return lines.length === 0 && (needed.length === 0 || !isCi);
}

const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--quick' && !(arg.startsWith(ONLY) && names.length > 0));
const units = globSync('src/**/*.test.ts', NOT_TESTS).toSorted();
const others = args.includes('--quick') ? [] : globSync('test/**/*.test.ts', NOT_TESTS).toSorted();
const parts = (names.length > 0 ? [names] : [units, others]).filter((files) => files.length > 0);
if (unknown !== undefined || parts.length === 0) {
  console.error(unknown === undefined ? 'no test file was found' : `there is no option ${unknown}`);
  process.exit(1);
}
for (const files of parts)
  if (!(await runPart(files, names.length === 0))) {
    if (files !== parts.at(-1)) console.log('the other tests were not run');
    process.exit(1);
  }

// Runs one test file in a process of its own and says whether all of it went well.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RECORDS, type TestRecord } from './test-records.ts';

/** How one run of a file ended. */
export interface FileResult {
  readonly file: string;
  /** Tests and suites that were reported. */
  readonly count: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** The tests that failed, and what they failed with. */
  readonly failures: readonly { readonly name: string; readonly why: string }[];
  /** Why it did not go well, a sentence each; empty when it did. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

const HERE = import.meta.dirname;
const OPTIONS = [
  '--test-force-exit',
  // For those that set none: a test that hangs fails by it, one on a slow machine does not.
  '--test-timeout=400000',
  '--import',
  path.join(HERE, '../test/support/leaks.ts'),
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  `--test-reporter=${path.join(HERE, 'test-records.ts')}`,
  // It prints nothing there.
  '--test-reporter-destination=stderr',
];
/** The longest file kills a program after each of its events, which takes a slow machine half an hour. */
const FILE_LIMIT_MS = 60 * 60_000;
/** A file without tests does not end by itself: Node spins in it, waiting for hooks that never run. */
const FIRST_TEST_MS = 120_000;
/** How long after the end of a file its last output is waited for. */
const LAST_WORDS_MS = 2000;

function recordsOf(list: string): TestRecord[] {
  if (!existsSync(list)) return [];
  // A process that ended amid a line has no `over` either.
  const lines = readFileSync(list, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TestRecord);
}

const named = (names: readonly string[]): string => names.map((name) => `«${name}»`).join(', ');

/** What is wrong with a run. The exit code alone is not believed, nor is the report alone: they must agree that all went well. */
export function problemsOf(records: readonly TestRecord[], exit: string): string[] {
  const names = (kind: TestRecord['kind']): string[] =>
    records.flatMap((record) => ('name' in record && record.kind === kind ? [record.name] : []));
  const failed = names('failed');
  const begun = names('begun');
  // The leak check and other hooks of a whole file fail it under the name of the file, which never began as a test.
  const ended = [...names('passed'), ...failed.filter((name) => begun.includes(name)), ...names('skipped')];
  const over = records.find((record) => record.kind === 'over');
  const unended = begun.filter((name) => !ended.includes(name));
  return [
    ...(failed.length > 0 ? [`failed: ${named(failed)}`] : []),
    ...(over === undefined ? [`it ended before its tests did (${exit})`] : []),
    ...(begun.length === 0 ? ['it has no test'] : []),
    ...(unended.length > 0 ? [`without a result: ${named(unended)}`] : []),
    ...(over !== undefined && over.count !== ended.length ? [`${over.count} tests ran, ${ended.length} were reported`] : []),
    ...(exit !== '0' && failed.length === 0 ? [`no test failed, yet it ended with ${exit}`] : []),
    ...(exit === '0' && failed.length > 0 ? ['it ended with 0 all the same'] : []),
  ];
}

/** How a file is run. */
export interface TestFileOptions {
  /** By when a test must have begun. */
  readonly firstTestMs?: number;
  /** Patterns of names of tests: no others are run. Default: all. */
  readonly only?: readonly string[];
}

/** Runs a file. @param print takes what it prints, piece by piece */
export async function runTestFile(
  file: string,
  print: (piece: Uint8Array) => void,
  { firstTestMs = FIRST_TEST_MS, only = [] }: TestFileOptions = {},
): Promise<FileResult> {
  const began = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), 'test-file-'));
  const list = path.join(folder, 'records');
  try {
    const child = spawn(process.execPath, [...OPTIONS, ...only.map((pattern) => `--test-name-pattern=${pattern}`), file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, [RECORDS]: list },
    });
    child.stdout.on('data', print);
    child.stderr.on('data', print);
    const limits = [
      setTimeout(() => child.kill('SIGKILL'), FILE_LIMIT_MS),
      setTimeout(() => recordsOf(list).length === 0 && child.kill('SIGKILL'), firstTestMs),
    ];
    const closed = once(child, 'close');
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    limits.forEach((limit) => clearTimeout(limit));
    // A process that the file left behind may hold the pipes.
    await Promise.race([closed, wait(LAST_WORDS_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    const exit = String(code ?? signal);
    const records = recordsOf(list);
    const skipped = records.flatMap((record) => (record.kind === 'skipped' ? [{ name: record.name, reason: record.reason }] : []));
    const failures = records.flatMap((record) => (record.kind === 'failed' ? [{ name: record.name, why: record.why }] : []));
    const count = records.filter(({ kind }) => kind === 'passed' || kind === 'failed' || kind === 'skipped').length;
    return { file, count, skipped, failures, problems: problemsOf(records, exit), seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

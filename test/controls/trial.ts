// Runs tests in the copy, and says whether they noticed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Control, Notice } from './control.ts';
import type { Copy } from './copy.ts';

/** How long a test may take while a fault is in: one that waits for ever has noticed it. On top of so many times what it took unbroken. */
const LIMIT_MS = 15_000;
const TIMES = 4;
/** What a fault gives that is no fault but a text that does not load: nobody noticed anything then. */
const NOT_LOADED = /^.*\b(?:SyntaxError|ERR_INVALID_TYPESCRIPT_SYNTAX|ERR_MODULE_NOT_FOUND|ReferenceError)\b.*$/m;

interface TestRun {
  readonly isGood: boolean;
  /** Everything it printed. */
  readonly text: string;
  readonly isLate: boolean;
}

async function runTests(folder: string, file: string, only: readonly string[], limitMs: number): Promise<TestRun> {
  const child = spawn(process.execPath, [path.join('tools', 'run-tests.ts'), ...only.map((pattern) => `--only=${pattern}`), file], {
    cwd: folder,
    // A group of its own: what hangs is ended with all that it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A test that this machine cannot run is no test that noticed nothing: the run says so.
    env: { ...process.env, CI: 'true' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece: string) => void (text += piece));
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended, and something that left its group holds its pipes.
    }
    child.stdout.destroy();
    child.stderr.destroy();
  }, limitMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { isGood: code === 0, text, isLate };
}

/** What a control came to. */
export interface Outcome {
  readonly control: Control;
  /** The tests that failed, or that did not end. */
  readonly noticedBy: readonly string[];
  /** Test files that saw nothing. */
  readonly blind: readonly string[];
  readonly seconds: number;
}

/** Names of the tests that failed, without their suites. */
function failedIn({ text, isLate }: TestRun, { file, only }: Notice): readonly string[] {
  if (isLate) return [`${file}: no end of «${only}»`];
  // The first of them: those around it, such as its suite, follow.
  const name = /: failed: «(?<name>.*?)»(?:, «|$)/m.exec(text)?.groups?.['name'];
  return [`${file}: ${name === undefined ? 'it ended without a result' : `«${name}»`}`];
}

/**
 * Puts the fault in and runs who must notice. @param sound how long the test files take unbroken
 * @throws Error when the control breaks nothing, or the text cannot be loaded
 */
export async function tryControl(copy: Copy, control: Control, sound: ReadonlyMap<string, number>): Promise<Outcome> {
  const began = performance.now();
  const noticedBy: string[] = [];
  const blind: string[] = [];
  await copy.with(control, async () => {
    for (const notice of control.noticedBy) {
      const limitMs = LIMIT_MS + TIMES * (sound.get(notice.file) ?? 0);
      const run = await runTests(copy.folder, notice.file, [notice.only], limitMs);
      const unloaded = run.isGood ? undefined : NOT_LOADED.exec(run.text)?.[0];
      if (unloaded !== undefined) throw new Error(`«${control.name}» breaks nothing, its fault cannot be loaded: ${unloaded.trim()}`);
      if (run.isGood) blind.push(notice.file);
      else noticedBy.push(...failedIn(run, notice));
    }
  });
  return { control, noticedBy, blind, seconds: (performance.now() - began) / 1000 };
}

/** Longer than any of the files takes. */
const SOUND_LIMIT_MS = 10 * 60_000;

/**
 * Runs who must notice while nothing is broken, each file once.
 * @returns how long each file took, in milliseconds @throws Error when one fails: it would show nothing about a fault
 */
export async function trySound(
  copy: Copy,
  controls: readonly Control[],
  say: (line: string) => void,
): Promise<ReadonlyMap<string, number>> {
  const patterns = new Map<string, Set<string>>();
  for (const { file, only } of controls.flatMap(({ noticedBy }) => noticedBy))
    patterns.set(file, (patterns.get(file) ?? new Set()).add(only));
  const took = new Map<string, number>();
  for (const [file, only] of patterns) {
    const began = performance.now();
    const run = await runTests(copy.folder, file, [...only], SOUND_LIMIT_MS);
    took.set(file, performance.now() - began);
    if (!run.isGood) throw new Error(`${file} fails although nothing is broken:\n${run.text}`);
    say(`passes unbroken: ${file} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  return took;
}

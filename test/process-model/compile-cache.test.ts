// process model 19: the compile cache is there after the first run, and the second one takes its code from it. Times are printed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';

interface Start {
  readonly firstLineMs: number;
  /** Scripts of this package whose code came from the cache. */
  readonly taken: number;
}

/** Runs the command with a cache of its own; Node says on stderr what it does with the cache. */
async function start(program: StagedProgram): Promise<Start> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [`${REPOSITORY}/src/cli/main.ts`, 'run', 'hello.ts'], {
    cwd: program.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: program.folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let firstLineMs = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    if (firstLineMs === 0 && text.includes('hello')) firstLineMs = performance.now() - startedMs;
  });
  child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0, text.slice(-2000));
  return { firstLineMs, taken: text.match(/\/src\/[^\n]* was accepted/g)?.length ?? 0 };
}

test('the compile cache is there after the first run, and the second run takes its code from it', async (context) => {
  const program = stageProgram();
  try {
    program.write('hello.ts', `export default () => console.log('hello');\n`);
    const first = await start(program);
    const cache = path.join(program.folder, '.cache/resprout/compile');
    assert.ok(existsSync(cache));
    const files = readdirSync(cache, { recursive: true }).length;
    const second = await start(program);
    context.diagnostic(
      `${files} entries, ${second.taken} scripts taken; first line after ${first.firstLineMs.toFixed(0)} and then ${second.firstLineMs.toFixed(0)} ms`,
    );
    assert.ok(files > 10, `${files} entries`);
    assert.equal(first.taken, 0);
    // The runner ends by a signal, so it has to write its cache itself: most of what is taken is its code.
    assert.ok(second.taken > 50, `${second.taken} scripts from the cache`);
  } finally {
    program.remove();
  }
});

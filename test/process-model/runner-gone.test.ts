// process model 5: SIGKILL and SIGSEGV of the runner in every phase.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { spawnRunner, type RunResult } from '../../src/worker.ts';
import { ownHere } from '../builds-calls/support/owned-here.ts';
import { runProgram } from '../serve/support/run-program.ts';
import { needs } from '../support/needs.ts';
import { REPOSITORY, stageProgram } from '../support/programs.ts';
import { groupOf } from '../support/processes.ts';
import { workFolder } from '../worker/support/harness.ts';
import { pause, timeUntil, until, waitsIn } from './support/processes.ts';
import { effectFile, SESSION } from './support/sessions.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/phases.ts');
const IMPORTING = path.join(import.meta.dirname, 'programs/importing.ts');

interface Phase {
  readonly name: string;
  readonly kind?: string;
  readonly file?: string;
  /** Whether the program has printed something by then. */
  readonly begins?: boolean;
  /** Whether the phase is there, when the output does not tell. */
  readonly reached?: (pid: number) => boolean;
}

const PHASES: readonly Phase[] = [
  { name: 'before it is asked to start', kind: 'idle', begins: false },
  { name: 'while modules are loaded', file: IMPORTING },
  { name: 'in a loop', kind: 'spin' },
  { name: 'in a child command', kind: 'child command', reached: (pid) => groupOf(pid).length === 3 },
  { name: 'in barriers', kind: 'sync loop', reached: (pid) => waitsIn(pid, 'read', 5) },
  { name: 'between asynchronous calls', kind: 'async loop' },
  { name: 'asleep', kind: 'idle' },
];

describe('a runner that ends by a signal', { skip: needs('linux'), concurrency: 2 }, () => {
  for (const signal of ['SIGKILL', 'SIGSEGV'] as const)
    for (const phase of PHASES) {
      it(`a runner that ends by ${signal} is reported with it, and its children are gone: ${phase.name}`, async (context) => {
        using folder = workFolder();
        const file = effectFile(folder.path);
        writeFileSync(file, '0');
        const runner = spawnRunner();
        const pid = runner.child.pid ?? 0;
        let text = '';
        const stdout = { write: (bytes: Uint8Array) => ((text += Buffer.from(bytes).toString()), true), once: () => undefined };
        let end: RunResult | undefined;
        const session = {
          file: phase.file ?? PROGRAM,
          sessionId: SESSION,
          data: { kind: phase.kind, file },
          storeFolder: `${folder.path}/store`,
        };
        const running = ownHere('run', session, undefined, { spawnedRunner: runner, output: { stdout, stderr: stdout } });
        void running.then((result) => (end = result));
        if (phase.begins !== false) {
          await until(`the program begins: ${phase.name}`, () => text.includes('begins') || end !== undefined);
          await until(`it is ${phase.name}`, () => phase.reached?.(pid) ?? true);
          await pause(20);
        }
        process.kill(pid, signal);
        const tookMs = await timeUntil('the owner reports', () => end !== undefined);
        context.diagnostic(`reported after ${tookMs.toFixed(0)} ms (goal: 100)`);
        assert.deepEqual([end?.state, end?.exitCode, end?.problem?.code], ['lost', 4, 'RUNNER_LOST'], String(end?.problem));
        assert.match(end?.problem?.message ?? '', new RegExp(`it was ended by ${signal}$`));
        // They were killed before the report; the system may need a moment to take them away.
        await until('its children are gone', () => groupOf(pid).length === 0);
      });
    }

  it('a runner that ends by a signal makes the command end with 4 and name the signal', async () => {
    const program = stageProgram();
    try {
      // By another process: a program that sends it to itself has ended by itself, with 139.
      const crash = `import { execFileSync } from 'node:child_process'; export default () => { execFileSync('sh', ['-c', 'kill -SEGV $PPID']); };`;
      program.write('crash.ts', crash);
      const { code, stderr } = await runProgram([`${REPOSITORY}/src/cli/main.ts`, 'run', 'crash.ts'], program.folder);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /RUNNER_LOST[^]*SIGSEGV[^]*resprout resume ses_/);
    } finally {
      program.remove();
    }
  });
});

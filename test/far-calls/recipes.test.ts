// Which openings are one context, where contexts may be made, and that a replay starts no far process.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { needs } from '../support/needs.ts';
import { workFolder } from '../worker/support/harness.ts';
import { CaseSession } from './support/kinds.ts';

const CLI = path.resolve(import.meta.dirname, '../../src/cli/main.ts');

/** A Node that leaves a line whenever it is started. */
function countedNode(folder: string): { readonly node: string; starts(): number } {
  const [node, log] = [path.join(folder, 'node'), path.join(folder, 'starts')];
  writeFileSync(log, '');
  writeFileSync(node, `#!/bin/sh\necho x >> ${log}\nexec ${process.execPath} "$@"\n`);
  chmodSync(node, 0o755);
  return { node, starts: () => readFileSync(log, 'utf8').length / 2 };
}

async function resultOf(program: string, name: string): Promise<{ value: unknown; lines: string[]; opens: string[]; starts: number }> {
  using folder = workFolder();
  const { node, starts } = countedNode(folder.path);
  const one = new CaseSession(folder.path, program, name, { node });
  const owner = await one.run('run');
  assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
  const started = starts();
  await one.replays(owner.result.value);
  assert.equal(starts(), started, 'a replay starts no far process');
  const opens = (await one.events()).flatMap((event) => (event.t === 'call' && event.fn.startsWith('open ') ? [event.fn] : []));
  return { value: owner.result.value, lines: one.lines(), opens, starts: started };
}

describe('contexts of a session', { concurrency: 2 }, () => {
  test('local() of equal recipes at once is one Context, one process and one event; another name is another process', async () => {
    const { value, opens, starts } = await resultOf('recipes.ts', 'same');
    assert.deepEqual(value, { isSame: true, isOther: true, processes: 2, generations: [1, 1] });
    assert.deepEqual(opens, ['open early', 'open one', 'open two']);
    assert.equal(starts, 4, 'two processes, each Node asked for its version first');
  });

  test('local() when a module is loaded gives the context that functions get later', async () => {
    const { value, lines, opens } = await resultOf('recipes.ts', 'atLoad');
    assert.deepEqual([value, lines, opens], [{ isSame: true, marked: 1 }, ['early'], ['open early']]);
  });

  test('a context is used and opened inside of an activity, where nothing is recorded', async () => {
    const { value, lines, opens } = await resultOf('recipes.ts', 'inActivity');
    assert.deepEqual(value, { shared: [1, 1, 1], own: [1, true], isSame: true });
    assert.deepEqual(lines, ['inside', 'inside again', 'own']);
    assert.deepEqual(opens, ['open early', 'open shared']);
  });

  test('call of a function whose file leads to an unguarded program is refused, and the refusal is not recorded', async () => {
    using folder = workFolder();
    const one = new CaseSession(folder.path, 'unguarded.ts', 'main');
    const owner = await one.run('run');
    assert.equal(owner.result?.value, 'REMOTE_MAIN_UNGUARDED', JSON.stringify(owner.thrown));
    assert.deepEqual(
      (await one.events()).map(({ t }) => t),
      ['start', 'call', 'done', 'end'],
      'the opening alone',
    );
  });
});

test(
  'resprout replay starts its runner and no other process, where the run started far processes',
  {
    skip: needs('linux', { program: 'strace', debianPackage: 'strace' }),
  },
  () => {
    using folder = workFolder();
    const programs = path.resolve(import.meta.dirname, 'programs/cases.ts');
    /** Runs the command under strace; gives the programs that were started, less the command itself. */
    const started = (...args: string[]): string[] => {
      const log = path.join(folder.path, 'strace');
      const trace = ['-f', '-z', '--seccomp-bpf', '-qq', '-s', '400', '-e', 'trace=execve', '-o', log, process.execPath, CLI];
      const env = { ...process.env, RESPROUT_STORE: path.join(folder.path, 'store') };
      const { status, signal, stderr } = spawnSync('strace', [...trace, ...args], {
        cwd: folder.path,
        env,
        encoding: 'utf8',
        timeout: 120_000,
      });
      assert.equal(status, 0, `${signal ?? ''} ${stderr}`);
      const lines = readFileSync(log, 'utf8').split('\n');
      return lines.filter((line) => line.includes('execve(')).slice(1);
    };
    const data = JSON.stringify({ file: path.join(folder.path, 'lines') });
    const [runner, ...far] = started('run', `${programs}:oneByOne`, '--data', data, '--session', 'ses_00000000000000000000000001');
    assert.match(runner ?? '', /durable\/runner\/main/, String(runner));
    assert.equal(far.length, 1, `the far process: ${far.join('\n')}`);
    const replayed = started('replay', 'ses_00000000000000000000000001');
    assert.equal(replayed.length, 1, replayed.join('\n'));
    assert.match(replayed[0] ?? '', /durable\/runner\/main/);
  },
);

// docs/exit-codes.md, "Which sessions can go on": what each way to end with 1, 3 and 4 leaves.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf } from './support/cli.ts';

const shop = new Shop({
  'throws.ts': "export default async () => { throw new Error('a bug'); };",
  'connects.ts': `
    import { connect } from 'resprout';
    export default async () => { await connect('ssh://nobody@127.0.0.1:1'); };`,
  // Killed from outside: a program that kills itself has ended by itself.
  'dies.ts': `
    import { execFileSync } from 'node:child_process';
    export default async () => {
      if (process.env.MENDED === 'yes') return 'went on';
      execFileSync('sh', ['-c', 'kill -9 $PPID']);
      await new Promise(() => {});
    };`,
});
after(() => shop[Symbol.dispose]());

/** Runs a program and gives its exit code, its state, and what a resume then says. */
async function endOf(file: string): Promise<{ exit: number; code: string | undefined; state: string | undefined; id: string }> {
  const run = await shop.run(['run', file, '--json']);
  const [session] = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { sessionId: string; state: string }[];
  return { exit: run.exit, code: jsonOf(run).problem?.code, state: session?.state, id: session?.sessionId ?? '' };
}

test('run: a program that failed has ended its session, with 1, and with 4 when a connection failed', async () => {
  for (const [file, exit, code] of [
    ['throws.ts', 1, 'PROGRAM_FAILED'],
    ['connects.ts', 4, 'REMOTE_CONNECT_FAILED'],
  ] as const) {
    const ended = await endOf(file);
    assert.deepEqual([ended.exit, ended.code, ended.state], [exit, code, 'failed'], file);
    const again = await shop.run(['resume', ended.id, '--json']);
    assert.deepEqual([again.exit, jsonOf(again).problem?.code], [2, 'SESSION_ENDED']);
  }
});

test('run: a runner that was lost is 4, and its session can be resumed', async () => {
  const lost = await endOf('dies.ts');
  assert.deepEqual([lost.exit, lost.code, lost.state], [4, 'RUNNER_LOST', 'interrupted']);
  const again = await shop.run(['resume', lost.id, '--json'], { env: { MENDED: 'yes' } });
  assert.deepEqual([again.exit, jsonOf(again).value], [0, 'went on'], again.err);
});

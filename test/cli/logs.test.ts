// What a session printed can be read afterwards, and while it prints.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';

const PROGRAM = `
import { existsSync } from 'node:fs';
import { local } from 'resprout/remote';
export function far() {
  console.log('from \\u001b[2Jfar');
}
export default async function () {
  console.log('one');
  console.error('two');
  {
    await using context = await local({ name: 'web-1' });
    await context.call(far);
  }
  while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50));
  process.stdout.write(new Uint8Array([0xff, 10]));
}
`;

test('logs shows what a session printed, each stream where it was printed, and what comes with --follow', async () => {
  using shop = new Shop({ 'program.mjs': PROGRAM });
  const run = shop.start(['run', 'program.mjs', '-q']);
  await shop.until('.resprout/runs');
  let soFar = await shop.run(['logs']);
  while (!soFar.err.includes('web-1')) soFar = await shop.run(['logs', 'last']);
  assert.deepEqual([soFar.exit, soFar.out, soFar.err], [0, 'one\n', 'two\nweb-1 | from \\e[2Jfar\n']);
  const following = shop.start(['logs', '--follow', '--json']);
  shop.program.write('go', '');
  const [{ exit }, followed] = await Promise.all([run.ended, following.ended]);
  assert.deepEqual([exit, followed.exit], [0, 0], followed.err);
  const lines = followed.out.trimEnd().split('\n');
  const pieces = lines.map((line) => JSON.parse(line) as { stream?: string; context?: string; text: string });
  assert.deepEqual(
    pieces.map(({ stream, context, text }) => [stream ?? context, text]),
    [
      ['stdout', 'one\n'],
      ['stderr', 'two\n'],
      ['web-1', 'from \u001b[2Jfar'],
      ['stdout', '\ufffd\n'],
    ],
  );
  const whole = jsonOf(await shop.run(['logs', shop.onlyId(), '--json'])).value as unknown as { output: unknown[] };
  assert.equal(whole.output.length, 4);
  await nothingLeft(shop.folder);
});

test('a killed session keeps what it printed, and goes on in the same log', async () => {
  using shop = new Shop({ 'program.mjs': PROGRAM });
  const run = shop.start(['run', 'program.mjs', '-q']);
  await shop.until('.resprout/runs');
  while (!(await shop.run(['logs'])).err.includes('web-1')) await new Promise((resolve) => setTimeout(resolve, 50));
  run.kill('SIGKILL');
  await run.ended;
  shop.program.write('go', '');
  const resumed = await shop.run(['resume']);
  assert.equal(resumed.exit, 0, resumed.err);
  const { exit, out } = await shop.run(['logs']);
  assert.deepEqual([exit, out], [0, 'one\n\ufffd\n']);
  await nothingLeft(shop.folder);
});

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { codeOf } from '../../src/base/errors/errors.ts';
import { connect, local } from 'resprout';
import { Shop } from '../cli/support/cli.ts';
import { whoAmI } from './far.ts';

const isClosed = (error: unknown): boolean => codeOf(error) === 'REMOTE_CLOSED';

test('a context is not opened through one that the program has closed, and does not open that one again', async () => {
  const first = await local({ name: 'first' });
  await using second = await local({ name: 'second' });
  await first.close();
  await assert.rejects(local({ name: 'below', via: first }), isClosed);
  await assert.rejects(first.call(whoAmI), isClosed);
  await using below = await local({ name: 'below', via: second });
  assert.equal(await below.call(whoAmI), 'below');
  await using again = await connect('local:first');
  await using belowAgain = await local({ name: 'below-first', via: again });
  assert.equal(await belowAgain.call(whoAmI), 'below-first');
});

test('a context is not opened through one that is being closed, or that had ended before it was closed', async () => {
  const first = await local({ name: 'closing' });
  const closed = first.close();
  await assert.rejects(local({ name: 'below-closing', via: first }), isClosed);
  await closed;
  const ended = await local({ name: 'ended' });
  process.kill(ended.info.pid, 'SIGKILL');
  await assert.rejects(ended.call(whoAmI), (error) => codeOf(error) === 'REMOTE_LOST');
  await ended.close();
  await assert.rejects(local({ name: 'below-ended', via: ended }), isClosed);
});

const shop = new Shop({
  'ops.ts': `
    import { contextInfo } from 'resprout';
    import { appendFileSync, existsSync } from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    export async function waitFor(file: string) {
      const { signal } = contextInfo();
      while (!existsSync(file)) await pause(10, undefined, { signal });
    }
    export function note(file: string) {
      appendFileSync(file, contextInfo().name + '\\n');
      return contextInfo().name;
    }`,
  'main.ts': `
    import { local } from 'resprout';
    import { note, waitFor } from './ops.ts';
    export default async function main({ data: { folder } }: { data: { folder: string } }) {
      const gate = await local({ name: 'gate' });
      const said: string[] = [];
      const tell = async (what: Promise<unknown>) => said.push(await what.then(String, (error) => error.code));
      const first = await local({ name: 'first' });
      const second = await local({ name: 'second', via: first });
      await tell(second.call(note, folder + '/notes'));
      await first.close();
      console.log('closed');
      await gate.call(waitFor, folder + '/refuse');
      await tell(local({ name: 'below', via: first }).then((context) => context.name));
      await tell(local({ name: 'deeper', via: second }).then((context) => context.name));
      await tell(second.call(note, folder + '/notes'));
      await tell(first.call(note, folder + '/notes'));
      await local({ name: 'first' });
      console.log('open again');
      await gate.call(waitFor, folder + '/open');
      const below = await local({ name: 'below', via: first });
      await tell(below.call(note, folder + '/notes'));
      return said;
    }`,
});
after(() => shop[Symbol.dispose]());

const SAID = ['second', 'REMOTE_CLOSED', 'REMOTE_CLOSED', 'REMOTE_CLOSED', 'REMOTE_CLOSED', 'below'];

test('a session refuses to open through a closed context after it was resumed as its first run does, and a replay says the same', async () => {
  const go = (name: string): void => writeFileSync(join(shop.folder, name), '');
  const runs = ['run', 'main.ts', '-d', JSON.stringify({ folder: shop.folder }), '--json'];
  const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;
  const killed = async (args: readonly string[], at: string): Promise<void> => {
    const started = shop.start(args);
    await started.until(at);
    started.kill('SIGKILL');
    await started.ended;
  };
  const said = async (args: readonly string[]): Promise<unknown> => {
    const { err, exit, out } = await shop.run(args);
    assert.equal(exit, 0, err);
    return (JSON.parse(out) as { value: unknown }).value;
  };
  await killed([...runs, '--session', id(1)], 'closed');
  assert.ok(!existsSync(join(shop.folder, 'refuse')));
  go('refuse');
  await killed(['resume', id(1), '--json'], 'open again');
  go('open');
  assert.deepEqual(await said(['resume', id(1), '--json']), SAID);
  assert.deepEqual(await said([...runs, '--session', id(2)]), SAID);
  for (const n of [1, 2]) assert.equal((await shop.run(['replay', id(n)])).exit, 0);
});

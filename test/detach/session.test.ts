import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop } from '../cli/support/cli.ts';

const shop = new Shop({
  'ops.ts': `export const echo = (text: string): string => text;`,
  'main.ts': `
    import { attach, local } from 'resprout';
    import { activity } from 'resprout/durable';
    import { echo } from './ops.ts';
    const codeOf = (error: { code?: string }) => error.code;
    export default async function main() {
      const context = await local({ name: 'kept' });
      const said = [await context.detach({ leaseMs: 5000 }).catch(codeOf), await attach('local:', 'rsd1.x').catch(codeOf)];
      const inside = activity(async () => await context.detach({ leaseMs: 5000 }).catch(codeOf));
      return [...said, await inside(), await context.call(echo, 'as before')];
    }`,
});
after(() => shop[Symbol.dispose]());

test('a session detaches nothing and attaches to nothing: it is refused before anything is recorded, and a replay says the same', async () => {
  const id = `ses_${'0'.repeat(25)}1`;
  const ended = await shop.run(['run', 'main.ts', '--session', id, '--json']);
  assert.equal(ended.exit, 0, ended.err);
  const refused = 'REMOTE_DETACH_REFUSED';
  assert.deepEqual((JSON.parse(ended.out) as { value: unknown }).value, [refused, refused, refused, 'as before']);
  const replayed = await shop.run(['replay', id]);
  assert.equal(replayed.exit, 0, replayed.err);
  const shown = await shop.run(['show', id, '--events']);
  assert.ok(!/rsd1\.|detach/.test(shown.out.replaceAll('main.ts', '')), shown.out);
});

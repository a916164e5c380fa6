import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { jsonOf, Shop } from '../cli/support/cli.ts';

const shop = new Shop({
  'unit.ts': 'export class Waits { run() { return new Promise(() => {}); } }',
  'main.ts': `
    import { supervise } from 'resprout/supervisor';
    import { Waits } from './unit.ts';
    export default async () => { await supervise(Waits); };`,
});
after(() => shop[Symbol.dispose]());

test('supervise() is refused in a durable session, where a replay would start the units again', { timeout: 200_000 }, async () => {
  const ended = jsonOf(await shop.run(['run', 'main.ts', '--json']));
  assert.equal(ended.problem?.code, 'SUPERVISE_INVALID');
  assert.match(String(ended.problem?.message), /does not work in a durable session/);
});

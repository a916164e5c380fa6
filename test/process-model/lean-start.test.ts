// What a runner loads before it has a program: only what programs have in common.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Shop } from '../cli/support/cli.ts';

const FILES = {
  'idle.ts': `export default () => { console.log(process.moduleLoadList.filter((name) => /undici|internal.util.diff/.test(name)).join()); };`,
  'asks.ts': `export default () => { const before = process.moduleLoadList.length; const { name } = WebSocket; console.log(name, process.moduleLoadList.length > before); };`,
};

test('the client of HTTP is loaded with the first program that uses it, not before', async () => {
  using shop = new Shop(FILES);
  const idle = await shop.run(['run', 'idle.ts']);
  assert.deepEqual([idle.exit, idle.out], [0, '\n'], idle.err);
  const asks = await shop.run(['run', 'asks.ts']);
  assert.deepEqual([asks.exit, asks.out], [0, 'WebSocket true\n'], asks.err);
});

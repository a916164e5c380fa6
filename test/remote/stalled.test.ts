// A far side that stands still, or dies while its link is full, holds up what goes to no other one.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { local, ResproutError } from '../../src/index.ts';
import { lengthOf, ownPid } from './programs/sizes.ts';

const MIB = 1024 * 1024;
const large = new Uint8Array(16 * MIB);

test('a context that stands still with its link full holds up no large message to another one, and neither does its end', async () => {
  await using still = await local({ name: 'still' });
  await using other = await local({ name: 'other' });
  const pid = await still.call(ownPid);
  process.kill(pid, 'SIGSTOP');
  const lost = assert.rejects(still.call(lengthOf, large), (error) => error instanceof ResproutError && error.code === 'REMOTE_LOST');
  assert.equal(await other.with({ timeoutMs: 20_000 }).call(lengthOf, large), large.length);
  process.kill(pid, 'SIGKILL');
  await lost;
  assert.equal(await other.with({ timeoutMs: 20_000 }).call(lengthOf, large), large.length);
  await using third = await local({ name: 'third' });
  assert.equal(await third.with({ timeoutMs: 20_000 }).call(lengthOf, large), large.length);
});

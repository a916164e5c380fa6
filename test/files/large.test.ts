// A file of 256 MiB: in bounded memory, and beside it small calls go on.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { local, type Context } from '../../src/index.ts';
import { add, peakBytes } from './programs/far.ts';

const MIB = 1024 * 1024;
const FILE_MIB = 256;
/** What the far Node itself has, and the garbage that is under way; a file that is held would be more. */
const MOST_BYTES = 288 * MIB;

describe('a large file', () => {
  let folder: string;
  let hop: Context;
  let context: Context;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'resprout-large-'));
    const fd = openSync(join(folder, 'large'), 'w');
    const block = Buffer.alloc(MIB);
    for (let at = 0; at < FILE_MIB; at++) {
      block.fill(`block ${at} `);
      writeSync(fd, block);
    }
    closeSync(fd);
    hop = await local({ name: 'hop' });
    context = await local({ name: 'below', via: hop });
  });
  after(async () => {
    await context.close();
    await hop.close();
    rmSync(folder, { recursive: true });
  });

  for (const direction of ['put', 'get'] as const)
    test(`${direction} moves it through an intermediary in bounded memory, and lets small calls pass`, async (t) => {
      const target = join(folder, direction);
      let isMoving = true;
      const from = join(folder, 'large');
      const moving = (direction === 'put' ? context.files.put(from, target) : context.files.get(from, target)).finally(() => {
        isMoving = false;
      });
      let calls = 0;
      while (isMoving) {
        assert.equal(await context.call(add, calls, 1), calls + 1);
        calls++;
      }
      assert.equal((await moving).bytes, FILE_MIB * MIB);
      assert.equal(statSync(target).size, FILE_MIB * MIB);
      // Behind the whole file there would be one or two.
      assert.ok(calls > 20, `${calls} calls passed`);
      const peaks = [await context.call(peakBytes), await hop.call(peakBytes)];
      t.diagnostic(`${calls} calls passed; peaks of the far sides ${peaks.map((bytes) => Math.round(bytes / MIB)).join(' and ')} MiB`);
      for (const bytes of peaks) assert.ok(bytes < MOST_BYTES, `${bytes} bytes at the peak`);
    });
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { tryMoments } from './moments.ts';
import { noSmallDisk } from './small-disk.ts';

test(
  'a disk that fills at any moment of a run is told, waited for, and costs no session',
  { skip: noSmallDisk, timeout: 900_000 },
  async () => {
    const lines: string[] = [];
    const moments = await tryMoments(8, (line) => lines.push(line));
    assert.deepEqual(
      moments.flatMap(({ faults }) => faults),
      [],
      lines.join('\n'),
    );
    // A session that runs when the disk fills waits for it.
    assert.ok(
      moments.some(({ exit, toldAfterMs }) => exit === 0 && toldAfterMs !== undefined),
      lines.join('\n'),
    );
  },
);

// Answers that are given in one turn are sent together, and none is held back by what else happens in that turn.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { group, supervise, type Replicas } from '../../src/supervisor.ts';
import { Answers } from './support/answering.ts';
import { withFile } from './support/lives.ts';

for (const place of ['thread', 'process'] as const) {
  const open = (): Promise<Replicas<typeof Answers>> =>
    supervise(group(Answers, undefined, { in: place, replicas: 1, concurrency: 8, backOff: { firstMs: 0, mostMs: 0 } }));

  test(`${place}: an answer is heard while another method of the same turn blocks the unit`, { timeout: 200_000 }, () =>
    withFile(async (file) => {
      await using answers = await open();
      const heard = answers.call('atOnce', 'value').then((value) => writeFileSync(file, value));
      assert.equal(await answers.call('blocksUntil', file), true);
      await heard;
    }),
  );

  test(`${place}: an answer is heard although the unit ends in the same turn`, { timeout: 200_000 }, async () => {
    await using answers = await open();
    const [value, lost] = await Promise.allSettled([answers.call('atOnce', 'value'), answers.call('exits')]);
    assert.deepEqual(value, { status: 'fulfilled', value: 'value' });
    assert.equal(lost.status === 'rejected' && (lost.reason as { code?: string }).code, 'UNIT_LOST');
  });

  test(
    `${place}: calls of one turn are answered each with its own, also large ones and those that throw`,
    { timeout: 200_000 },
    async () => {
      await using answers = await open();
      const values = Array.from({ length: 40 }, (_, n) => (n % 7 === 0 ? `${n} `.repeat(50_000) : `${n}`));
      const got = await Promise.allSettled(
        values.map((value, n) => (n % 5 === 4 ? answers.call('missing' as 'atOnce', value) : answers.call('atOnce', value))),
      );
      for (const [n, one] of got.entries())
        if (n % 5 === 4) assert.ok(one.status === 'rejected' && /no method "missing"/.test(String(one.reason)));
        else assert.ok(one.status === 'fulfilled' && one.value === values[n], `${n}`);
    },
  );
}

// A first boot that is struck at a call that changes a file heals with the next start. `node test/first-boot/run.ts` strikes at all of them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { useWorkshop } from '../primer/support/workshop.ts';
import { noRig, Rig } from './rig.ts';
import { small } from './subject.ts';
import { pointsOf, Sweep, type Tried } from './sweep.ts';

const LIMIT_MS = 1_200_000;

const told = ({ action, cache, call, faults }: Tried): string[] =>
  faults.map((fault) => `${action} at ${cache} ${call.nth} ${call.op} ${call.path}: ${fault}`);

describe('a first boot that is struck at a call that changes a file', { skip: noRig || missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(testNode('20.20.2'));

  test('is healed by the next start, whether all was killed, the caller, or the call failed', { timeout: LIMIT_MS }, async (t) => {
    using rig = new Rig();
    const sweep = new Sweep(small(workshop.client()), rig);
    const calls = await sweep.begin();
    const points = pointsOf(calls, { filled: { single: 2, bulk: 0 }, empty: { single: 0, bulk: 0 } });
    // What the lock says of tools is written while they begin and end, outside of any state.
    for (const call of calls.filled)
      if (call.op === 'open' && /prime\.lock\.\d+\.\d+\.\d+\.tmp$/.test(call.path))
        points.push({ cache: 'filled', action: 'ENOSPC', call });
    t.diagnostic(`${calls.empty.length} calls without a cache, ${calls.filled.length} with one, ${points.length} struck`);
    const faults: string[] = [];
    for (const point of points) faults.push(...told(await sweep.try(point)));
    assert.deepEqual(faults, []);
  });

  test('is seen not to be healed when the kernel leaves what killed ones wrote', async () => {
    const made = workshop.client();
    const kernel = path.join(made.root, 'proto_kernel.cjs');
    const text = readFileSync(kernel, 'utf8');
    const broken = text.replace(/for \(const name of unfinished\(request\)\)/, 'for (const name of [])');
    assert.notEqual(broken, text, 'the line was found');
    writeFileSync(kernel, broken);
    using rig = new Rig();
    const sweep = new Sweep(small(made), rig);
    const call = (await sweep.begin()).filled.find(({ op, path: file }) => op === 'link' && file.includes('prime.lock.'));
    assert.ok(call !== undefined);
    const { faults } = await sweep.try({ action: 'kill all', cache: 'filled', call });
    assert.match(faults.join('\n'), /prime\.lock\.1\.\d+\.tmp: left over/);
  });
});

// Commands and files with the oldest Node that a far side may have.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { local } from '../../src/index.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { untilEnded } from './support/processes.ts';

test('context.$ and context.files work with a far Node 22.18', { skip: missingNodes('22.18.0') }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-old-node-'));
  try {
    await using context = await local({ name: 'old', node: testNode('22.18.0') });
    const { $, files } = context;
    assert.equal(context.info.node, 'v22.18.0');
    assert.equal((await $({ input: 'text' })`cat`).stdout, 'text');
    assert.deepEqual(await Array.fromAsync($`printf ${'a\nb\n'}`), ['a', 'b']);
    assert.equal((await $({ timeoutMs: 200, reject: false })`sh -c ${'sleep 761 & sleep 762'}`).code, 'COMMAND_TIMEOUT');
    await untilEnded(['sleep 761', 'sleep 762']);
    writeFileSync(join(folder, 'a'), Buffer.alloc(3_000_000, 'text '));
    await files.put(join(folder, 'a'), join(folder, 'b'));
    await files.get(join(folder, 'b'), join(folder, 'c'));
    assert.ok(readFileSync(join(folder, 'c')).equals(readFileSync(join(folder, 'a'))));
    await files.write(join(folder, 'd'), 'small');
    assert.equal(await files.read(join(folder, 'd')), 'small');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

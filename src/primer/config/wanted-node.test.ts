import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { PrimeError } from '../problem.ts';
import { readWantedNode } from './wanted-node.ts';

test('readWantedNode takes the first file that says something, in one order, and names it', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'wanted-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const seen = (): readonly [string, string | undefined] => {
    const { text, from } = readWantedNode([root]);
    return [text, from === undefined ? undefined : path.relative(root, from)];
  };
  const manifest = (fields: object): void =>
    writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'x', ...fields }, null, 2));
  assert.deepEqual(seen(), ['*', undefined]);
  // From the last of the order to the first: each wins over all before it.
  const engines = { engines: { node: '>=20' } };
  manifest(engines);
  assert.deepEqual(seen(), ['>=20', 'package.json:4']);
  const dev = { devEngines: { runtime: [{ name: 'bun' }, { name: 'node', version: '^21' }] }, ...engines };
  manifest(dev);
  assert.equal(seen()[0], '^21');
  manifest({ volta: { node: '22.1.0' }, ...dev });
  assert.deepEqual(seen(), ['22.1.0', 'package.json:4']);
  writeFileSync(path.join(root, '.tool-versions'), 'python 3.12\nnodejs 23.1.0\n');
  assert.deepEqual(seen(), ['23.1.0', '.tool-versions:2']);
  writeFileSync(path.join(root, '.nvmrc'), '# ours\n\n24\n');
  assert.deepEqual(seen(), ['24', '.nvmrc:3']);
  writeFileSync(path.join(root, '.node-version'), 'v26.10.0\r\n');
  assert.deepEqual(seen(), ['v26.10.0', '.node-version:1']);
  assert.equal(readWantedNode([root]).exact, '26.10.0');
  writeFileSync(path.join(root, '.node-version'), 'latest\n');
  assert.throws(
    () => readWantedNode([root]),
    (error) =>
      error instanceof PrimeError && error.code === 'PRIME_CONFIG_INVALID' && error.problem.at?.endsWith('.node-version:1') === true,
  );
  writeFileSync(path.join(root, '.node-version'), '\n');
  assert.equal(seen()[1], '.nvmrc:3', 'an empty file says nothing');
});

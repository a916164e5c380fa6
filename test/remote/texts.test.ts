// The texts that travel, as they were built.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { faceNames } from '../../tools/face-names.ts';
import { missingNodes, testNode, type TestNodeVersion } from '../support/nodes.ts';

const part = (name: string): string =>
  brotliDecompressSync(readFileSync(new URL(`../../dist/texts/child.${name}.br`, import.meta.url))).toString();

for (const version of ['12.22.12', '20.20.2'] satisfies TestNodeVersion[]) {
  test(`child text: parses on Node ${version} and says that it is too old`, { skip: missingNodes(version) }, () => {
    const run = spawnSync(testNode(version), ['-e', part('split')], { encoding: 'utf8' });
    assert.equal(run.status, 1);
    assert.match(run.stderr, new RegExp(`^resprout: Node v${version} at .* is too old, 22\\.18 or newer is needed\\n$`));
  });
}

test('child text: names no module but builtins, and no file of this machine', () => {
  for (const name of ['duplex', 'split', 'second']) assert.doesNotMatch(part(name), /\/src\/|node_modules\/|file:\/\/\/(?!\$)/);
});

test('child text: the far face has the names that the public entries export now', async () => {
  const text = part('second');
  for (const [entry, names] of Object.entries(await faceNames())) {
    assert.ok(text.includes(JSON.stringify(entry)), entry);
    // A long list is written as one text that is split at its dots.
    for (const name of names) assert.match(text, new RegExp(`["\`.]${name}["\`.]`), `${entry} ${name}`);
  }
});

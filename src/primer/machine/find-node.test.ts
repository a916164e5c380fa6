import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { findInstalledNode, managerPaths, versionOf } from './find-node.ts';

test('versionOf asks the program itself and gives up on one that hangs', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'find-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const fake = (name: string, body: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  };
  assert.equal(versionOf(process.execPath, process.env), process.versions.node);
  assert.equal(versionOf(fake('hangs', 'exec sleep 60'), process.env), undefined);
  assert.equal(versionOf(fake('lies', 'echo nothing'), process.env), undefined);
  assert.equal(versionOf(path.join(folder, 'missing'), process.env), undefined);
  const env = { HOME: folder, PATH: path.join(folder, 'bin') };
  fake('bin/node', 'echo 20.0.0');
  const [nvm = ''] = managerPaths('26.10.0', env).map((file) => path.relative(folder, file));
  fake(nvm, 'echo 26.9.0');
  assert.equal(findInstalledNode('26.10.0', env), undefined, 'the name of its folder is not enough');
  assert.equal(findInstalledNode('26.9.0', env), undefined);
  fake('.volta/tools/image/node/26.10.0/bin/node', 'echo 26.10.0');
  assert.equal(findInstalledNode('26.10.0', env), path.join(folder, '.volta/tools/image/node/26.10.0/bin/node'));
});

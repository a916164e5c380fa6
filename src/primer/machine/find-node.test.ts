import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseRange, type VersionRange } from './version-range.ts';
import { askNode, findInstalledNode, managerPaths } from './find-node.ts';

const exact = (text: string): VersionRange => parseRange(text) ?? assert.fail(text);

function workshop(t: TestContext): { readonly folder: string; fake(name: string, body: string): string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'find-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    fake: (name, body) => {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
      return file;
    },
  };
}

test('askNode asks the program itself, learns its own path, and gives up on one that hangs', (t) => {
  const { folder, fake } = workshop(t);
  assert.deepEqual(askNode(process.execPath, process.env), { version: process.versions.node, file: process.execPath });
  const shim = fake('shim', `exec '${process.execPath}' "$@"`);
  assert.equal(askNode(shim, process.env)?.file, process.execPath, 'not the shim: elsewhere it may run another one');
  assert.equal(askNode(fake('hangs', 'exec sleep 60'), process.env), undefined);
  assert.equal(askNode(fake('lies', 'echo nothing'), process.env), undefined);
  assert.equal(askNode(fake('short', 'echo 26.10.0'), process.env), undefined);
  assert.equal(askNode(path.join(folder, 'missing'), process.env), undefined);
});

test('findInstalledNode gives the program that answered, whatever its folder is called', (t) => {
  const { folder, fake } = workshop(t);
  const env = { HOME: folder, PATH: path.join(folder, 'bin') };
  const says = (version: string, file = '$0'): string => `echo "${version} ${file}"`;
  fake('bin/node', says('20.0.0'));
  fake('.nvm/versions/node/v26.10.0/bin/node', says('26.9.0'));
  assert.equal(findInstalledNode(exact('26.10.0'), env), undefined, 'the name of its folder is not enough');
  assert.equal(findInstalledNode(exact('26.9.0'), env), undefined);
  fake('.volta/tools/image/node/26.10.0/bin/node', says('26.10.0', '/nowhere/node'));
  assert.equal(findInstalledNode(exact('26.10.0'), env), undefined, 'what it calls itself is not there');
  fake('.volta/tools/image/node/26.10.0/bin/node', says('26.10.0'));
  assert.equal(findInstalledNode(exact('26.10.0'), env), path.join(folder, '.volta/tools/image/node/26.10.0/bin/node'));
});

test('findInstalledNode takes of a range what is on PATH first, then the newest of each version manager', (t) => {
  const { folder, fake } = workshop(t);
  const env = { HOME: folder, PATH: path.join(folder, 'bin') };
  const range = exact('>=22 <26');
  for (const version of ['22.3.0', '22.10.1', '21.0.0', '26.1.0']) fake(`.nvm/versions/node/v${version}/bin/node`, `echo "${version} $0"`);
  fake('.nvm/versions/node/system/bin/node', 'exit 1');
  assert.deepEqual(
    managerPaths(range, env).filter((file) => file.startsWith(folder)),
    ['v22.10.1', 'v22.3.0'].map((name) => path.join(folder, '.nvm/versions/node', name, 'bin/node')),
  );
  assert.equal(findInstalledNode(range, env), path.join(folder, '.nvm/versions/node/v22.10.1/bin/node'));
  fake('bin/node', 'echo "24.0.0 $0"');
  assert.equal(findInstalledNode(range, env), path.join(folder, 'bin/node'));
});

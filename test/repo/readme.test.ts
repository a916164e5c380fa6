// Commands of the README that begin with the Node of the primer do begin with it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const skip = existsSync(path.join(ROOT, '.prime/node')) ? false : 'needs a start of the primer: ./prime';

test('the README runs examples on the Node of the primer', { skip }, () => {
  const commands = [...readFileSync(path.join(ROOT, 'README.md'), 'utf8').matchAll(/`(\$\([^`]*\)) (examples\/[\w-]+\.ts)`/g)];
  assert.ok(commands.length >= 2, 'the README has such commands');
  for (const [, node = '', file = ''] of commands) {
    assert.ok(existsSync(path.join(ROOT, file)), file);
    const { stdout, stderr } = spawnSync('sh', ['-c', `${node} -p process.execPath`], { cwd: ROOT, encoding: 'utf8' });
    assert.match(stdout, /^\/.*\/node\n$/, stderr);
  }
});

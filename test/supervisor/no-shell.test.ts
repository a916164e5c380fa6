// A machine, or an image, without a shell: the guard of a unit's process is one.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { needs } from '../support/needs.ts';

const OWNER = path.join(import.meta.dirname, 'support/without-shell-controller.ts');
const isMissing = needs('linux', 'root', { program: 'unshare', debianPackage: 'util-linux' });

test('a process that cannot be guarded for want of a shell is a failed start, and its owner goes on', { skip: isMissing }, () => {
  const hidden = 'mount --bind /dev/null /bin/sh && exec "$@"';
  const said = execFileSync('unshare', ['--mount', 'sh', '-c', hidden, 'sh', process.execPath, OWNER], {
    encoding: 'utf8',
    timeout: 200_000,
  });
  assert.equal(said, 'UNIT_FAILED Waits failed in start: spawn /bin/sh EACCES\n');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { npmComplaint } from './tool.ts';

test('npmComplaint keeps what went wrong and drops the manual', () => {
  const output =
    'npm warn x\nnpm error code EUSAGE\nnpm error\nnpm error out of sync\nnpm error Clean install a project\nnpm error Usage:\n';
  assert.equal(npmComplaint(output), 'code EUSAGE\nout of sync');
  assert.equal(npmComplaint('something else\n'), 'something else');
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { nodeError } from './node-error.ts';

test('nodeError() names each Node once, also when it is on PATH and in a folder', () => {
  const candidate = { path: '/usr/bin/node', version: 'v20.20.2', isBroken: false };
  const other = { path: '/opt/node/bin/node', version: 'v18.1.0', isBroken: false };
  const error = nodeError('ssh web-1', [candidate, other, { ...candidate }], 'Linux x86_64', false);
  assert.equal(error.code, 'REMOTE_NODE_TOO_OLD');
  assert.equal(error.problem.saw, '/usr/bin/node v20.20.2, /opt/node/bin/node v18.1.0 (Linux x86_64)');
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { LostReport } from '../hosts/host.ts';
import { unopenedError } from './unopened-error.ts';

const report = (more: Partial<LostReport>): LostReport => ({
  how: 'lost',
  reason: 'why',
  exitCode: null,
  signal: null,
  lastLines: [],
  ...more,
});

test('unopenedError tells a process that was cut off from one that ended by itself', () => {
  const codes = (method: 'local' | 'ssh', reports: readonly Partial<LostReport>[]) =>
    reports.map((one) => unopenedError('web', method, report(one), []).code);
  const lost = 'REMOTE_LOST';
  const failed = 'REMOTE_CONNECT_FAILED';
  assert.deepEqual(codes('local', [{ signal: 'SIGKILL' }, {}, { exitCode: 1 }, { exitCode: 137 }, { exitCode: 255 }]), [
    lost,
    lost,
    failed,
    failed,
    failed,
  ]);
  assert.deepEqual(codes('ssh', [{ signal: 'SIGKILL' }, { exitCode: 255 }, { exitCode: 137 }, { exitCode: 127 }]), [
    lost,
    lost,
    lost,
    failed,
  ]);
  assert.deepEqual(
    codes('ssh', [
      { how: 'exited', exitCode: 255 },
      { how: 'exited', exitCode: 3 },
    ]),
    [failed, failed],
  );
  const dying = [
    'node:internal/modules/x:1',
    '',
    "Error: Cannot find module 'y'",
    '    at z (node:1:1) {',
    "  code: 'C'",
    '}',
    '',
    'Node.js v26.10.0',
  ];
  assert.match(unopenedError('web', 'local', report({ exitCode: 1 }), dying).message, /before it was open: Error: Cannot find module 'y'$/);
  assert.match(unopenedError('web', 'local', report({ exitCode: 3 }), ['a', 'no room']).message, /^web ended before it was open: no room$/);
});

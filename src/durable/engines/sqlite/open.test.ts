import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { journalFile } from '../disk/journal-files.ts';
import { openGeneration } from './open.ts';

/** Writes to a journal and moves its log, over and over: what whoever opens it does once. */
const MOVER = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('pragma busy_timeout = 5000');
  const { user_version } = database.prepare('pragma user_version').get();
  process.stdin.resume().on('end', () => process.exit());
  const again = () => {
    database.exec('pragma user_version = ' + user_version + '; pragma wal_checkpoint(truncate)');
    setTimeout(again, 1);
  };
  process.stdout.write('ready');
  again();
`;

test('a journal is opened while another one moves its log all the time: that is waited for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'open-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const options = { folder, create: true, synchronous: 'NORMAL' } as const;
  openGeneration(options).database.close();
  const mover = spawn(process.execPath, ['-e', MOVER, journalFile(folder, 1)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(mover, 'exit');
  const died = ended.then(([code]) => assert.fail(`the one that moves the log ended with ${String(code)}`));
  await Promise.race([once(mover.stdout, 'data'), died]);
  died.catch(() => {});
  try {
    for (let i = 0; i < 100; i++) openGeneration({ ...options, create: false }).database.close();
  } finally {
    mover.stdin.end();
    await ended;
  }
});

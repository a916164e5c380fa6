// With the hook of a real session, in a real runner, started by the command line.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fixture } from './support/program.ts';

test('HookObject: every construct of the language gives in a session what it gives untransformed, to the character', () => {
  const store = mkdtempSync(join(tmpdir(), 'store-'));
  try {
    const raw = fileURLToPath(new URL('./support/raw-main.ts', import.meta.url));
    const options = { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 100_000 } as const;
    const plain = spawnSync(process.execPath, ['--stack-size=1968', raw, fixture('language', 'entry.ts')], options);
    assert.equal(plain.status, 0, plain.stderr);
    const cli = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const args = [cli, 'run', fixture('language', 'as-text.ts'), '--store', store, '--json'];
    const session = spawnSync(process.execPath, args, options);
    assert.equal(session.status, 0, session.stderr);
    const answer = JSON.parse(session.stdout) as { value: unknown };
    assert.equal(answer.value, plain.stdout);
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
});

import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ownerFolder, safeOwnerFolder } from './owner-folder.ts';

// Not TMPDIR, which may be too long for a socket.
const place = mkdtempSync('/tmp/of-');
after(() => rmSync(place, { recursive: true, force: true }));
const MISSING = path.join(place, 'missing');
let count = 0;

/** A folder that may be a runtime folder. */
function runtimeFolder(): string {
  const folder = path.join(place, String(count++));
  mkdirSync(folder);
  return folder;
}

function withMode(folder: string, mode: number): string {
  mkdirSync(folder);
  chmodSync(folder, mode);
  return folder;
}

test('ownerFolder() makes a folder for this user alone, whatever the umask is', () => {
  const runtime = runtimeFolder();
  const before = process.env['XDG_RUNTIME_DIR'];
  const umask = process.umask(0);
  try {
    process.env['XDG_RUNTIME_DIR'] = runtime;
    assert.equal(ownerFolder(), path.join(runtime, 'resprout'));
  } finally {
    process.umask(umask);
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
  }
  assert.equal(statSync(path.join(runtime, 'resprout')).mode & 0o777, 0o700);
  assert.equal(safeOwnerFolder(undefined, path.join(runtime, 'own')), path.join(runtime, 'own'));
  assert.equal(statSync(path.join(runtime, 'own')).mode & 0o777, 0o700);
});

test('ownerFolder() refuses a folder that others may enter, in the runtime folder and in place of it', () => {
  for (const mode of [0o777, 0o755, 0o750, 0o701, 0o710, 0o720, 0o704]) {
    const runtime = runtimeFolder();
    const folder = withMode(path.join(runtime, 'resprout'), mode);
    const refused = { code: 'STORE_UNSAFE', message: `the folder of owner sockets ${folder} is not safe: others may enter it` };
    assert.throws(() => safeOwnerFolder(runtime, MISSING), refused, mode.toString(8));
    assert.throws(() => safeOwnerFolder(undefined, folder), refused, mode.toString(8));
    assert.equal(statSync(folder).mode & 0o777, mode, 'a folder that is not trusted is left as it is');
  }
});

test('ownerFolder() refuses a link and a file of that name', () => {
  const runtime = runtimeFolder();
  const safe = withMode(path.join(runtime, 'safe'), 0o700);
  symlinkSync(safe, path.join(runtime, 'resprout'));
  const file = path.join(runtime, 'file');
  writeFileSync(file, '', { mode: 0o600 });
  assert.throws(() => safeOwnerFolder(runtime, MISSING), { code: 'STORE_UNSAFE' });
  assert.throws(() => safeOwnerFolder(undefined, file), { code: 'STORE_UNSAFE' });
});

test('ownerFolder() takes the other folder where the runtime folder is absent, relative or too long for a socket', () => {
  const fallback = path.join(place, 'fallback');
  for (const runtime of [undefined, '', 'run', path.join(place, 'nowhere'), path.join(place, 'x'.repeat(80))])
    assert.equal(safeOwnerFolder(runtime, fallback), fallback, String(runtime));
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { chooseCache, userCache, whyUnsafe } from './cache.ts';

test('chooseCache takes the user’s own folder, and one inside the clone when that is not safe', (t) => {
  const home = mkdtempSync(path.join(tmpdir(), 'cache-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  assert.equal(userCache({ HOME: home, XDG_CACHE_HOME: '/x' }), '/x/prime');
  assert.equal(userCache({ HOME: home, XDG_CACHE_HOME: 'relative' }), path.join(home, '.cache/prime'));
  assert.equal(userCache({ HOME: 'relative' })?.startsWith('/'), true, 'the system knows a home of this user');
  const own = path.join(home, '.cache/prime');
  assert.equal(chooseCache({ HOME: home }, '/clone/.prime').folder, own);
  mkdirSync(own, { recursive: true });
  chmodSync(own, 0o777);
  assert.equal(whyUnsafe(own), 'others may write to it');
  assert.equal(chooseCache({ HOME: home }, '/clone/.prime').folder, '/clone/.prime/cache');
  rmSync(own, { recursive: true });
  symlinkSync('/tmp', own);
  assert.equal(whyUnsafe(own), 'it is not a folder');
});

// A replay of a session that was cut off: it goes to the last event, and nothing of what would come next happens.
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Shop, nothingLeft } from '../cli/support/cli.ts';

/** Each ends its process with the statement behind the comment. */
const FILES: Readonly<Record<string, string>> = {
  'call.mjs': `import { writeFileSync } from 'node:fs'; import { execSync } from 'node:child_process';
    export default async () => { await new Promise((r) => setTimeout(r, 5)); writeFileSync('a', ''); /* */ execSync('touch b; kill -9 $PPID'); };`,
  'server.mjs': `import net from 'node:net'; import { execSync } from 'node:child_process';
    export default async () => { net.createServer().listen('./a.sock'); await new Promise((r) => setTimeout(r, 30)); /* */ execSync('touch b; kill -9 $PPID'); };`,
  'waits.mjs': `import net from 'node:net'; import { exec } from 'node:child_process';
    export default async () => { net.createServer().listen('./a.sock'); await new Promise((r) => setTimeout(r, 30)); /* */ exec('touch b; kill -9 $PPID'); await new Promise(() => {}); };`,
  'folder.mjs': `import { mkdirSync, writeFileSync } from 'node:fs'; import { execSync } from 'node:child_process';
    export default async () => { mkdirSync('sub', { recursive: true }); process.chdir('sub'); writeFileSync('a', ''); /* */ execSync('touch b; kill -9 $PPID'); };`,
};

for (const file of Object.keys(FILES))
  test(`a replay of ${file}, which was cut off, does nothing`, async () => {
    using shop = new Shop({ [file]: FILES[file] ?? '' });
    const ended = await shop.run(['run', file]);
    assert.equal(ended.exit, 4, ended.err);
    for (const name of ['a', 'b', 'a.sock', 'sub']) rmSync(join(shop.folder, name), { recursive: true, force: true });
    const before = readdirSync(shop.folder);
    const replay = await shop.run(['replay', shop.onlyId()]);
    assert.equal(replay.exit, 0, replay.err);
    assert.deepEqual(readdirSync(shop.folder), before);
    await nothingLeft(shop.folder);
  });

test('a synchronous call right behind the history happens in the folder that the program had gone to', async () => {
  const text = `import { mkdirSync, writeFileSync } from 'node:fs'; import { execSync } from 'node:child_process';
    export default async () => { mkdirSync('sub'); process.chdir('sub'); execSync('[ -e once ] || { touch once; kill -9 $PPID; }'); writeFileSync('here', ''); };`;
  using shop = new Shop({ 'main.mjs': text });
  assert.equal((await shop.run(['run', 'main.mjs'])).exit, 4);
  const before = readdirSync(shop.folder);
  const resumed = await shop.run(['resume', shop.onlyId()]);
  assert.equal(resumed.exit, 0, resumed.err);
  assert.deepEqual([readdirSync(shop.folder), readdirSync(join(shop.folder, 'sub')).sort()], [before, ['here', 'once']]);
});

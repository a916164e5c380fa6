// docs/secrets.md: its program is written, its commands are run as they stand there.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, nothingLeft } from './support/cli.ts';
import { pageText, testPage } from './support/document.ts';

const shop = new Shop();
after(() => shop[Symbol.dispose]());

testPage(shop, 'docs/secrets.md', { isOneScript: true });

test('docs/secrets.md shows what its program really prints', async () => {
  const ended = await shop.run(['run', 'pay.ts'], { env: { API_KEY: 'key-4711-0815' } });
  for (const line of [ended.out.trimEnd(), ended.err.match(/.*PROGRAM_FAILED.*/)?.[0] ?? 'no such line'])
    assert.ok(pageText('docs/secrets.md').includes(`\n${line}\n`), line);
  await nothingLeft(shop.folder);
});

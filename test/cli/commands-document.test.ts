// docs/commands.md: its files are written, its commands are run as they stand there, in their order, each with the exit code it names.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { pageText, testPage } from './support/document.ts';

const PAGE = 'docs/commands.md';

const shop = new Shop();
after(() => shop[Symbol.dispose]());

async function newest(): Promise<string | undefined> {
  const list = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { sessionId: string }[];
  return list[0]?.sessionId;
}

testPage(shop, PAGE, { isOneScript: false, session: newest });

test('docs/commands.md names every command', async () => {
  const { out } = await shop.run(['--help']);
  const names = [...out.matchAll(/^ {2}(\w+) .*\S {2,}\S|^ {2}(sessions) /gm)].map(([, one, other]) => one ?? other ?? '');
  const commands = names.filter((name) => !['resprout'].includes(name));
  assert.ok(commands.length >= 8, commands.join(' '));
  for (const name of commands) assert.ok(pageText(PAGE).includes(`resprout ${name}`), name);
  await nothingLeft(shop.folder);
});

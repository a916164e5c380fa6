// docs/tutorial.md: its commands are run as they stand there, section by section.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { REPOSITORY } from '../support/programs.ts';
import { Shop, nothingLeft } from './support/cli.ts';
import { pageText, testPage } from './support/document.ts';

const example = (name: string): string => readFileSync(`${REPOSITORY}/examples/${name}`, 'utf8');

const shop = new Shop({ 'examples/rollout.ts': example('rollout.ts'), 'examples/host-ops.ts': example('host-ops.ts') });
after(() => shop[Symbol.dispose]());

testPage(shop, 'docs/tutorial.md', { isOneScript: true });

test('README.md begins with the program of the tutorial', async () => {
  assert.ok(pageText('README.md').includes(`\`\`\`ts\n// examples/rollout.ts\n${example('rollout.ts')}\`\`\``));
  await nothingLeft(shop.folder);
});

// Ways out of JavaScript that nothing records: a program without packages that takes one is told so, whichever way it got the builtin.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Shop } from '../cli/support/cli.ts';

const PROGRAMS: Readonly<Record<string, readonly [what: string, text: string]>> = {
  'import of node:cluster': ['node:cluster.fork', `import cluster from 'node:cluster';\nexport default () => void cluster.fork();`],
  'import() of cluster': ['node:cluster.fork', `export default async () => void (await import('cluster')).fork();`],
  createRequire: [
    'node:cluster.fork',
    `import { createRequire } from 'node:module';\nexport default () => void createRequire(import.meta.url)('cluster').fork();`,
  ],
  'process.getBuiltinModule': ['node:cluster.fork', `export default () => void process.getBuiltinModule('cluster').fork();`],
  'a debugger': ['node:inspector.open', `import { open } from 'node:inspector';\nexport default () => void open(0);`],
  'a system for WebAssembly': [
    'node:wasi.WASI',
    `import { WASI } from 'node:wasi';\nexport default () => void new WASI({ version: 'preview1' });`,
  ],
  'another program in this one’s place': [
    'process.execve',
    `export default () => void (process as unknown as { execve(file: string, args: string[], env: object): void }).execve('/bin/true', ['true'], {});`,
  ],
};

describe('a way out that nothing records ends the session', () => {
  for (const [name, [what, text]] of Object.entries(PROGRAMS))
    test(name, async () => {
      using shop = new Shop({ 'way-out.ts': `${text}\n` });
      const { exit, err } = await shop.run(['run', 'way-out.ts']);
      assert.equal(exit, 1, err);
      assert.match(err, /PACKAGE_NEEDS_BOUNDARY {2}the program calls/);
      assert.ok(err.includes(`calls ${what}, which is not recorded`), err);
      assert.match(err, /way-out\.ts:\d/);
    });
});

test('what such a builtin tells without leaving is there', async () => {
  using shop = new Shop({
    'looks.ts': `import cluster from 'node:cluster';\nimport inspector from 'node:inspector';\nexport default () => [cluster.isPrimary, inspector.url() ?? 'none'];\n`,
  });
  const { exit, err } = await shop.run(['run', 'looks.ts', '--check']);
  assert.equal(exit, 0, err);
});

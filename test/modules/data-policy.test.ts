// The far side is hostile here: it asks for data files as it likes. Only what the program names beside its modules, what lies in packages that it
// may load, and what a pattern names leaves; a refusal names the rule.
import assert from 'node:assert/strict';
import { symlinkSync, truncateSync } from 'node:fs';
import { describe, it } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { createModuleServer } from '../../src/remote/serve/index.ts';
import { memoryBuilder, project } from './support/project.ts';

const SECRET = 'only for eyes of this machine';

describe('data files for a far side', () => {
  const outside = project({ 'outside.txt': SECRET, 'package.json': '{}' });
  const program = project({
    'package.json': '{}',
    'main.ts': `import './lib/a.ts';\nimport 'b';\nexport const link = new URL('./linked.txt', import.meta.url);\nexport const env = new URL('./.env', import.meta.url);`,
    'lib/a.ts': `export const named = [new URL('../named.txt', import.meta.url), new URL('./big.bin', import.meta.url), new URL('./gone.txt', import.meta.url), new URL('./auth-token.json', import.meta.url)];\nexport const folder = new URL('../data/', import.meta.url);`,
    'lib/big.bin': '',
    'lib/auth-token.json': SECRET,
    'lib/unused.ts': `export const x = new URL('../unused.txt', import.meta.url); // ${SECRET}`,
    'named.txt': 'named',
    'unnamed.txt': SECRET,
    'unused.txt': SECRET,
    'data/in-folder.txt': SECRET,
    '.env': SECRET,
    '.git/config': SECRET,
    'served/s.txt': 'served',
    'served/id_rsa': SECRET,
    'node_modules/b/package.json': '{"name":"b","main":"i.js"}',
    'node_modules/b/i.js': `throw new Error('b was loaded on this side')`,
    'node_modules/b/data.bin': 'data of b',
    'node_modules/b/b.pem': SECRET,
    'node_modules/c/package.json': '{"name":"c"}',
    'node_modules/c/data.bin': SECRET,
    'resprout.config.json': JSON.stringify({ serve: ['served/**'] }),
  });
  symlinkSync(outside.path('outside.txt'), program.path('linked.txt'));
  truncateSync(program.path('lib/big.bin'), 17 * 1024 * 1024);
  const builder = memoryBuilder();
  const build = builder.build(program.path('main.ts'));
  const server = createModuleServer({ builder, findBuild: () => build });
  const asked = async (specifier: string, serve?: readonly string[], from = 'main.ts'): Promise<string> => {
    const request = { kind: 'data', build: build.id, from: program.path(from), specifier, serve } as const;
    try {
      const { data, files } = await server.serve(request, new Set([program.path('main.ts')]), new AbortController().signal);
      assert.deepEqual(files, []);
      const text = Buffer.from(data?.bytes ?? []).toString();
      assert.equal(text.includes(SECRET), false, `${specifier} has left`);
      return `${data?.path.slice(program.folder.length + 1)}: ${text}`;
    } catch (error) {
      return `${codeOf(error)} ${/\(rule: ([\w-]+)\)/.exec((error as Error).message)?.[1] ?? ''}`.trim();
    }
  };

  it('dataFile gives what the program names, what its packages hold, and what a pattern names', async () => {
    assert.equal(await asked('./named.txt'), 'named.txt: named');
    assert.equal(await asked('./lib/../named.txt'), 'named.txt: named');
    assert.equal(await asked('./node_modules/b/data.bin'), 'node_modules/b/data.bin: data of b');
    assert.equal(await asked('./served/s.txt'), 'served/s.txt: served');
    assert.equal((await asked('./main.ts')).startsWith('main.ts: import'), true, 'it has the text of its own modules anyway');
  });

  it('dataFile refuses everything else and names the rule', async () => {
    const up = `../${outside.folder.split('/').at(-1)}`;
    const expected: Readonly<Record<string, string>> = {
      './unnamed.txt': 'REMOTE_MODULE_DENIED graph',
      './unused.txt': 'REMOTE_MODULE_DENIED graph',
      './lib/unused.ts': 'REMOTE_MODULE_DENIED graph',
      './package.json': 'REMOTE_MODULE_DENIED graph',
      './none.txt': 'REMOTE_MODULE_DENIED graph',
      './data/in-folder.txt': 'REMOTE_MODULE_DENIED graph',
      './data': 'REMOTE_MODULE_DENIED graph',
      './linked.txt': 'REMOTE_MODULE_DENIED outside',
      './.env': 'REMOTE_MODULE_DENIED deny-list',
      './.git/config': 'REMOTE_MODULE_DENIED deny-list',
      './lib/auth-token.json': 'REMOTE_MODULE_DENIED deny-list',
      './served/id_rsa': 'REMOTE_MODULE_DENIED deny-list',
      './node_modules/b/b.pem': 'REMOTE_MODULE_DENIED deny-list',
      './node_modules/c/data.bin': 'REMOTE_MODULE_DENIED outside',
      './lib/big.bin': 'REMOTE_MODULE_DENIED size',
      './lib/gone.txt': 'REMOTE_MODULE_MISSING',
      './node_modules/b/none.bin': 'REMOTE_MODULE_MISSING',
      [`${up}/outside.txt`]: 'REMOTE_MODULE_DENIED outside',
      [`${up}/none.txt`]: 'REMOTE_MODULE_DENIED outside',
      '../../../../../../../etc/passwd': 'REMOTE_MODULE_DENIED outside',
      '/etc/passwd': 'REMOTE_MODULE_DENIED specifier',
      'b/data.bin': 'REMOTE_MODULE_DENIED specifier',
      'file:///etc/passwd': 'REMOTE_MODULE_DENIED specifier',
      '': 'REMOTE_MODULE_DENIED specifier',
      './%2e%2e/x': 'REMOTE_MODULE_DENIED specifier',
      './named.txt\0': 'REMOTE_MODULE_DENIED specifier',
    };
    const seen: Record<string, string> = {};
    for (const specifier of Object.keys(expected)) seen[specifier] = await asked(specifier);
    assert.deepEqual(seen, expected);
    assert.equal(await asked('./named.txt', [], 'unnamed.txt'), 'REMOTE_MODULE_DENIED graph', 'an importer that was never sent');
    assert.equal(await asked('./.env', ['**']), 'REMOTE_MODULE_DENIED deny-list');
  });
});

// The far side is hostile here: it names importers and specifiers as it likes. Only files that the program imports, files of packages that it or
// their package.json names, and files that the project's settings name leave; a refusal names the rule.
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { codeOf } from '../../src/base/errors/errors.ts';
import { createModuleServer } from '../../src/remote/serve/index.ts';
import type { ModuleBatch } from '../../src/base/builds/build.ts';
import { memoryBuilder, project } from './support/project.ts';

const SECRET = 'only for eyes of this machine';

/** A project with secrets in and around it. Everything that may leave has no SECRET in it. */
function world() {
  const outside = project({
    'outside.js': `// ${SECRET}\n`,
    'outside.json': JSON.stringify(SECRET),
    'package.json': '{}',
    'nested/index.js': `// ${SECRET}\n`,
  });
  const program = project({
    'main.ts': `import { lookup } from 'tabled';\nexport const far = (name: string) => import(name).then(() => lookup);\nexport const later = () => import('./lib/a.ts');\n`,
    'lib/a.ts': `export const a = 1;\n`,
    'lib/unused.ts': `// ${SECRET}\n`,
    'auth.json': JSON.stringify(SECRET),
    'plugins/p.ts': `export const p = 1;\n`,
    'plugins/auth.json': JSON.stringify(SECRET),
    'plugins/app-token.json': JSON.stringify(SECRET),
    'resprout.config.json': JSON.stringify({ serve: ['plugins/**'] }),
    'node_modules/never/package.json': JSON.stringify({ name: 'never', main: 'i.js' }),
    'node_modules/never/i.js': `// ${SECRET}\n`,
    '.env': SECRET,
    '.env.json': JSON.stringify(SECRET),
    '.npmrc': SECRET,
    '.eslintrc.json': JSON.stringify(SECRET),
    'server.key': SECRET,
    'server.key.json': JSON.stringify(SECRET),
    id_rsa: SECRET,
    'credentials.json': JSON.stringify(SECRET),
    'app.secrets.json': JSON.stringify(SECRET),
    'notes.txt': SECRET,
    '.git/config.json': JSON.stringify(SECRET),
    '.resprout/runs/x.json': JSON.stringify(SECRET),
    'node_modules/.bin/tool.js': `// ${SECRET}\n`,
    'package-lock.json': '{}',
  });
  symlinkSync(outside.path('outside.json'), program.path('linked.json'));
  symlinkSync(outside.folder, program.path('farm'));
  symlinkSync(outside.folder, program.path('node_modules/farm'));
  symlinkSync('/etc', program.path('node_modules/etc'));
  symlinkSync('..', program.path('lib/up'));
  const builder = memoryBuilder({ cacheFolder: program.path('.cache/builds') });
  const build = builder.build(program.path('main.ts'));
  const server = createModuleServer({ builder, findBuild: () => build });
  const served = new Set<string>();
  const ask = async (specifier: string, from: string = program.path('main.ts'), importKind: 'i' | 'r' = 'i'): Promise<ModuleBatch> => {
    const request = { kind: 'late', build: build.id, from, specifier, importKind } as const;
    const batch = await server.serve(request, new Set([program.path('main.ts')]), new AbortController().signal);
    for (const file of batch.files) {
      served.add(file.path);
      assert.equal(file.text.includes(SECRET), false, `${specifier} gave ${file.path}`);
    }
    return batch;
  };
  const refusal = async (specifier: string, from?: string, kind?: 'i' | 'r'): Promise<string> => {
    try {
      const batch = await ask(specifier, from, kind);
      return `served ${batch.target}`;
    } catch (error) {
      return `${codeOf(error)} ${/\(rule: ([\w-]+)\)/.exec((error as Error).message)?.[1] ?? ''}`.trim();
    }
  };
  return { outside, program, ask, refusal, server, build, served };
}

describe('the serving policy', () => {
  const { outside, program, ask, refusal, server, build, served } = world();
  after(() => undefined);

  it('deny names the rule for each kind of request that is refused', async () => {
    const up = `../${outside.folder.split('/').at(-1)}`;
    const expected: Readonly<Record<string, string>> = {
      './.env.json': 'REMOTE_MODULE_DENIED deny-list',
      './.eslintrc.json': 'REMOTE_MODULE_DENIED deny-list',
      './server.key.json': 'REMOTE_MODULE_DENIED deny-list',
      './credentials.json': 'REMOTE_MODULE_DENIED deny-list',
      './app.secrets.json': 'REMOTE_MODULE_DENIED deny-list',
      './.git/config.json': 'REMOTE_MODULE_DENIED deny-list',
      './.resprout/runs/x.json': 'REMOTE_MODULE_DENIED deny-list',
      './node_modules/.bin/tool.js': 'REMOTE_MODULE_DENIED deny-list',
      './notes.txt': 'REMOTE_MODULE_DENIED extension',
      './auth.json': 'REMOTE_MODULE_DENIED graph',
      './lib/unused.ts': 'REMOTE_MODULE_DENIED graph',
      './package.json': 'REMOTE_MODULE_DENIED graph',
      './resprout.config.json': 'REMOTE_MODULE_DENIED graph',
      './plugins/auth.json': 'REMOTE_MODULE_DENIED deny-list',
      './plugins/app-token.json': 'REMOTE_MODULE_DENIED deny-list',
      never: 'REMOTE_MODULE_DENIED outside',
      './node_modules/never/i.js': 'REMOTE_MODULE_DENIED outside',
      './linked.json': 'REMOTE_MODULE_DENIED outside',
      './farm/outside.js': 'REMOTE_MODULE_DENIED outside',
      'farm/outside.js': 'REMOTE_MODULE_DENIED outside',
      'farm/nested/index.js': 'REMOTE_MODULE_DENIED outside',
      'etc/hosts': 'REMOTE_MODULE_DENIED extension',
      [`${up}/outside.js`]: 'REMOTE_MODULE_DENIED outside',
      [outside.path('outside.js')]: 'REMOTE_MODULE_DENIED specifier',
      [`file://${outside.path('outside.js')}`]: 'REMOTE_MODULE_DENIED specifier',
      [`FILE://${outside.path('outside.js')}`]: 'REMOTE_MODULE_DENIED specifier',
      'data:text/javascript,1': 'REMOTE_MODULE_DENIED specifier',
      'http://example.org/x.js': 'REMOTE_MODULE_DENIED specifier',
      './lib%2f..%2f..%2fx.js': 'REMOTE_MODULE_DENIED specifier',
      './%2e%2e/outside.js': 'REMOTE_MODULE_DENIED specifier',
      './lib/a.ts\0.json': 'REMOTE_MODULE_DENIED specifier',
      '..\\outside.js': 'REMOTE_MODULE_DENIED specifier',
      '': 'REMOTE_MODULE_DENIED specifier',
      [`./${'a'.repeat(2000)}.js`]: 'REMOTE_MODULE_DENIED specifier',
      './LIB/A.TS': 'REMOTE_MODULE_MISSING',
      'not-installed': 'REMOTE_MODULE_MISSING',
    };
    const seen: Record<string, string> = {};
    for (const specifier of Object.keys(expected)) seen[specifier] = await refusal(specifier);
    assert.deepEqual(seen, expected);
  });

  it('serve refuses an importer that was never sent, and a root outside the build', async () => {
    assert.equal(await refusal('./outside.json', outside.path('outside.js')), 'REMOTE_MODULE_DENIED graph');
    assert.equal(await refusal('fs', '/etc/passwd'), 'REMOTE_MODULE_DENIED graph');
    const root = (file: string): Promise<unknown> =>
      server.serve({ kind: 'root', build: build.id, file }, new Set(), new AbortController().signal);
    await assert.rejects(root(outside.path('outside.js')), { code: 'REMOTE_MODULE_DENIED' });
    await assert.rejects(root(program.path('.env')), { code: 'REMOTE_MODULE_DENIED' });
  });

  it('serve gives files that the program imports or its settings name, packages, builtins and entries of this package', async () => {
    assert.equal((await ask('./plugins/p.ts')).target, program.path('plugins/p.ts'));
    assert.equal((await ask('./lib/a.ts')).target, program.path('lib/a.ts'));
    assert.equal((await ask('./lib/up/lib/a.ts')).target, program.path('lib/a.ts'));
    assert.equal((await ask('tabled')).target, program.path('node_modules/tabled/lib/index.js'));
    assert.equal((await ask('fs')).target, 'node:fs');
    assert.equal((await ask('resprout')).target, 'own:resprout');
  });

  it('serve gives a program without package.json its own files only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'resprout-bare-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'main.ts'), `import './lib.ts';\nexport const far = (name: string) => import(name);\n`);
    writeFileSync(join(folder, 'lib.ts'), 'export {};');
    writeFileSync(join(folder, 'data.json'), JSON.stringify(SECRET));
    const bareBuilder = memoryBuilder();
    const bareBuild = bareBuilder.build(join(folder, 'main.ts'));
    const bare = createModuleServer({ builder: bareBuilder, findBuild: () => bareBuild });
    const main = realpathSync(join(folder, 'main.ts'));
    const batch = await bare.serve({ kind: 'root', build: bareBuild.id, file: main }, new Set(), new AbortController().signal);
    assert.equal(batch.files.length, 2);
    const request = { kind: 'late', build: bareBuild.id, from: main, specifier: './data.json', importKind: 'i' } as const;
    await assert.rejects(bare.serve(request, new Set(), new AbortController().signal), { code: 'REMOTE_MODULE_DENIED' });
    assert.equal(bareBuilder.addLate(bareBuild, main, './data.json', 'i').target, realpathSync(join(folder, 'data.json')));
  });

  it('serve gives a package what it declares, and files of its own folder, and nothing else', async () => {
    const packageJson = (name: string, more: object = {}): string => JSON.stringify({ name, main: 'i.js', ...more });
    const shop = project({
      'package.json': JSON.stringify({ name: 'shop' }),
      'main.ts': `import 'a';\nimport './data.json' with { type: 'json' };\n`,
      'data.json': '{}',
      'other.json': JSON.stringify(SECRET),
      'node_modules/a/package.json': packageJson('a', {
        dependencies: { b: '1' },
        peerDependencies: { '@s/c': '1' },
        optionalDependencies: { d: '1' },
        devDependencies: { e: '1' },
      }),
      'node_modules/a/i.js': 'exports.load = (name) => require(name);',
      'node_modules/a/locales/de.json': '{}',
      'node_modules/a/credentials.json': JSON.stringify(SECRET),
      ...Object.fromEntries(
        ['b', '@s/c', 'd', 'e', 'f'].flatMap((name) => [
          [`node_modules/${name}/package.json`, packageJson(name)],
          [`node_modules/${name}/i.js`, 'exports.x = 1;'],
          [`node_modules/${name}/sub/y.js`, 'exports.y = 1;'],
        ]),
      ),
    });
    const shopBuilder = memoryBuilder();
    const shopBuild = shopBuilder.build(shop.path('main.ts'));
    const shopServer = createModuleServer({ builder: shopBuilder, findBuild: () => shopBuild });
    const have = new Set([shop.path('main.ts'), shop.path('node_modules/a/i.js'), shop.path('node_modules/f/i.js')]);
    const asked = async (from: string, specifier: string, serve?: readonly string[]): Promise<string> => {
      const request = { kind: 'late', build: shopBuild.id, from: shop.path(from), specifier, importKind: 'r', serve } as const;
      try {
        return (await shopServer.serve(request, have, new AbortController().signal)).target.slice(shop.folder.length + 1);
      } catch (error) {
        return `${codeOf(error)} ${/\(rule: ([\w-]+)\)/.exec((error as Error).message)?.[1] ?? ''}`;
      }
    };
    const fromA = (specifier: string): Promise<string> => asked('node_modules/a/i.js', specifier);
    for (const name of ['b', '@s/c', 'd']) {
      assert.equal(await fromA(name), `node_modules/${name}/i.js`);
      assert.equal(await fromA(`${name}/sub/y.js`), `node_modules/${name}/sub/y.js`);
    }
    assert.equal(await fromA('./locales/de.json'), 'node_modules/a/locales/de.json');
    assert.equal(await fromA('a/locales/de.json'), 'node_modules/a/locales/de.json');
    assert.equal(await fromA('./credentials.json'), 'REMOTE_MODULE_DENIED deny-list');
    for (const name of ['e', 'f', '../f/i.js', '../f', '../../other.json']) assert.match(await fromA(name), /^REMOTE_MODULE_DENIED /, name);
    assert.equal(await asked('main.ts', 'f'), 'REMOTE_MODULE_DENIED outside');
    assert.equal(await asked('main.ts', './other.json'), 'REMOTE_MODULE_DENIED graph');
    assert.equal(await asked('main.ts', './other.json', ['*.json']), 'other.json');
    assert.equal(await asked('main.ts', './data.json'), 'data.json');
    assert.equal(await asked('main.ts', './package.json', ['**']), 'package.json');
    assert.equal(await asked('main.ts', './node_modules/f/i.js', ['**']), 'REMOTE_MODULE_DENIED outside');
    // What is there and what is not are refused alike.
    for (const place of ['../etc/hosts', '../etc/none', '../../../../../../etc/hosts.json', '../../../../../../etc/none.json'])
      for (const program of ['main.ts', 'node_modules/a/i.js'])
        assert.match(await asked(program, `../../../${place}`, ['**']), /^REMOTE_MODULE_DENIED outside$/);
  });

  it('serve takes a folder of the project with a package.json of its own for no package', async () => {
    const nested = project({
      'package.json': JSON.stringify({ name: 'outer' }),
      'main.ts': `import './sub/x.ts';\nimport './sub/data.json' with { type: 'json' };\n`,
      'sub/package.json': JSON.stringify({ name: 'inner' }),
      'sub/x.ts': 'export {};',
      'sub/data.json': '{}',
      'sub/hidden.ts': `// ${SECRET}\n`,
    });
    const nestedBuilder = memoryBuilder();
    const nestedBuild = nestedBuilder.build(nested.path('main.ts'));
    const nestedServer = createModuleServer({ builder: nestedBuilder, findBuild: () => nestedBuild });
    const from = nested.path('main.ts');
    const request = (specifier: string) => ({ kind: 'late', build: nestedBuild.id, from, specifier, importKind: 'i' }) as const;
    const asked = (specifier: string) => nestedServer.serve(request(specifier), new Set([from]), new AbortController().signal);
    assert.equal((await asked('./sub/x.ts')).target, nested.path('sub/x.ts'));
    await assert.rejects(asked('./sub/hidden.ts'), { code: 'REMOTE_MODULE_DENIED' });
    await assert.rejects(asked('./sub/package.json'), { code: 'REMOTE_MODULE_DENIED' });
  });

  it('servedOf lists what may leave, each file once, and follows no link out of the project or round in it', () => {
    const listed = project({
      'package.json': JSON.stringify({ name: 'listed' }),
      'resprout.config.json': JSON.stringify({ serve: ['plugins/**'] }),
      'main.ts': `import './used.ts';\n`,
      'used.ts': 'export {};',
      'unused.ts': 'export {};',
      'plugins/a.ts': 'export {};',
      'plugins/deep/b.ts': 'export {};',
      'plugins/notes.txt': SECRET,
      'plugins/auth.json': JSON.stringify(SECRET),
    });
    symlinkSync('..', listed.path('plugins/up'));
    symlinkSync('/etc', listed.path('plugins/etc'));
    const listing = memoryBuilder();
    assert.deepEqual(listing.servedOf(listing.build(listed.path('main.ts'))), {
      files: ['main.ts', 'used.ts'],
      packages: [],
      named: ['plugins/a.ts', 'plugins/deep/b.ts'],
      refused: [],
    });
  });

  it('serve never gives anything else, whatever the specifier', async () => {
    const pieces =
      '. .. / // lib farm etc node_modules .env .env.json linked.json a.ts outside.js outside.json %2e%2e %2f %00 \0 \\ file: FILE: # ? up ' +
      'passwd hosts tabled package.json ~ @ : .git .resprout';
    const piece = fc.constantFrom(...pieces.split(' '), ' ', outside.folder, outside.folder.split('/').at(-1) ?? '', program.folder);
    const specifier = fc.oneof(
      fc.array(piece, { maxLength: 7 }).map((parts) => parts.join('/')),
      fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')),
      fc.string({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(specifier, fc.constantFrom('i' as const, 'r' as const), async (text, kind) => {
        try {
          const { target } = await ask(text, undefined, kind);
          assert.ok(/^(?:node:|own:)/.test(target) || target.startsWith(`${program.folder}/`), `${JSON.stringify(text)} gave ${target}`);
        } catch (error) {
          assert.match(codeOf(error) ?? String(error), /^(?:REMOTE_MODULE_DENIED|REMOTE_MODULE_MISSING|TRANSFORM_SYNTAX)$/);
        }
      }),
      { numRuns: 2000 },
    );
    for (const file of served) assert.ok(file.startsWith(`${program.folder}/`), file);
  });
});

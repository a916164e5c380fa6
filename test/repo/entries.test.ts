import { test } from 'node:test';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { OWN_NAMES } from '../../src/base/own-names.ts';
import { faceNames } from '../../tools/face-names.ts';
import { root } from '../../tools/source-imports.ts';
import { reachedFrom } from './support/built-graph.ts';

const MOST_PACKAGES = 12;
/** Parser, resolver, lowering and their helpers: whatever reads programs. */
const READERS = ['acorn', 'cjs-module-lexer', 'es-module-lexer', 'oxc-resolver', 'oxc-transform', '@jridgewell/sourcemap-codec'];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as Manifest;
const own = Object.keys(manifestOf('.').dependencies ?? {});

/** Packages that come with these ones: what they depend on, and one native binding for those that offer some. */
function installedFor(names: readonly string[]): string[] {
  const all = new Set(names);
  for (const name of all) {
    if (name.startsWith('the binding of ')) continue;
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(`node_modules/${name}`);
    for (const needed of Object.keys(dependencies)) all.add(needed);
    if (Object.keys(optionalDependencies).length > 0) all.add(`the binding of ${name}`);
  }
  return [...all];
}

const chunk = (folder: string, name: string): string => {
  const [found] = globSync(`${folder}/chunk-${name}-????????.js`, { cwd: path.join(root, 'dist') });
  assert.ok(found !== undefined, `dist/${folder} has no chunk ${name}`);
  return found;
};

test(`package.json installs at most ${MOST_PACKAGES} packages, bindings among them`, () => {
  const all = installedFor(own);
  assert.ok(all.length <= MOST_PACKAGES, all.join(', '));
  assert.ok(all.includes('the binding of oxc-resolver'), 'bindings are not counted');
});

test('each entry and each command asks only for packages that package.json names', () => {
  const entries = ['index.js', 'remote.js', 'durable.js', 'worker.js', 'testing.js', 'cli/main.js'];
  const runner = ['durable/runner/main.js', 'durable/runner/broker.js'];
  for (const entry of [...entries, ...runner]) {
    const { packages, files } = reachedFrom([entry], true);
    assert.deepEqual(
      packages.filter((name) => !own.includes(name)),
      [],
      entry,
    );
    assert.ok(files.length > 1, entry);
  }
  assert.ok(reachedFrom(['cli/main.js'], true).packages.length > 5, 'the packages of the command line were not seen');
});

test('resprout, resprout/remote and resprout/durable load no package, and nothing of sessions, stores or builds', () => {
  for (const entry of ['index.js', 'remote.js', 'durable.js']) {
    const { builtins, files, packages } = reachedFrom([entry], false);
    assert.deepEqual(packages, [], entry);
    assert.ok(!builtins.includes('node:sqlite'), entry);
    const heavy = files.filter((file) => /^(?:worker|modules|cli|testing|remote\/serve|durable\/(?!markers\/))/.test(file));
    assert.deepEqual(
      heavy.filter((file) => file !== entry),
      [],
      entry,
    );
  }
});

test('resprout run: the first file starts the runner and loads no package; the help needs none that reads programs', () => {
  const first = reachedFrom(['cli/main.js'], false);
  assert.deepEqual(first.packages, []);
  // Itself, what takes builtins and the helper of the bundler for that, and what starts the runner.
  assert.ok(first.files.length <= 4, first.files.join(', '));
  const help = reachedFrom([chunk('cli', 'command-line')], false).packages;
  assert.ok(help.includes('commander'));
  assert.deepEqual(
    help.filter((name) => READERS.includes(name)),
    [],
  );
});

test('resprout run: the process that runs the program loads no package and no database', () => {
  const loaded = ['main.js', 'broker.js'].map((file) => `durable/runner/${file}`);
  const parts = ['run', 'main-host', 'serve-contexts'].map((name) => chunk('durable/runner', name));
  const { files, packages } = reachedFrom([...loaded, ...parts], false);
  assert.deepEqual(packages, []);
  assert.deepEqual(
    files.filter((file) => file.includes('engines')),
    [],
  );
  assert.ok(files.length > 10, 'the files of the runner were not seen');
});

test('entries: what is told of names that another entry exports is what it exports', async () => {
  const names = await faceNames();
  for (const [entry, own] of Object.entries(OWN_NAMES))
    for (const name of own) assert.ok(names[entry.replace(/^resprout/, '.')]?.includes(name), `${entry} ${name}`);
});

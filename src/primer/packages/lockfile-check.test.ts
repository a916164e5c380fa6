import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkLockfile } from './lockfile-check.ts';
import { PrimeError } from '../problem.ts';

type Entry = Record<string, unknown>;
type Lock = { lockfileVersion: number; packages: Record<string, Entry>; [key: string]: unknown };

const text = readFileSync(path.resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8');
const lock = (): Lock => JSON.parse(text) as Lock;
const places = Object.keys(lock().packages).filter((place) => place !== '');
const refused = (changed: unknown): boolean => {
  try {
    checkLockfile('package-lock.json', typeof changed === 'string' ? changed : JSON.stringify(changed));
    return false;
  } catch (error) {
    assert.ok(error instanceof PrimeError, String(error));
    assert.equal(error.code, 'PRIME_CONFIG_INVALID');
    return true;
  }
};

test('checkLockfile accepts the lockfile of this repository and counts its entries', () => {
  assert.equal(checkLockfile('package-lock.json', text), places.length);
});

test('checkLockfile accepts URLs of any registry for the very version', () => {
  const changed = lock();
  const [place = ''] = places;
  const entry = changed.packages[place] ?? {};
  const name = place.slice('node_modules/'.length);
  entry['resolved'] = `https://mirror.example/npm/${name}/-/${name.split('/').pop() ?? ''}-${String(entry['version'])}.tgz`;
  assert.equal(refused(changed), false);
});

const elsewhere = fc.constantFrom(
  'git+ssh://git@example.invalid/a/b.git#0123456789abcdef0123456789abcdef01234567',
  'git+https://example.invalid/a.git',
  'github:a/b',
  'http://example.invalid/a/-/a-1.0.0.tgz',
  'https://example.invalid/evil.tgz',
  'https://user:pass@example.invalid/a.tgz',
  'file:../evil',
  'file:evil.tgz',
  '../evil',
  '',
);
const broken = fc.oneof(
  fc.constantFrom(undefined, null, '', 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=', 'sha512-', 'sha512-short==', 42, ['sha512']),
  fc.string().map((random) => `sha512-${random}`),
);
/** One change each that lets something in that is not pinned or not of the registry. */
const mutation: fc.Arbitrary<(entry: Entry, all: Lock, place: string) => void> = fc.oneof(
  broken.map((integrity) => (entry: Entry): void => {
    entry['integrity'] = integrity;
  }),
  elsewhere.map((resolved) => (entry: Entry): void => {
    entry['resolved'] = resolved;
  }),
  fc
    .constantFrom('latest', '^1.0.0', 'git+ssh://git@example.invalid/a.git', 'file:..', '', undefined, 7, '1.0')
    .map((version) => (entry: Entry): void => {
      entry['version'] = version;
    }),
  fc.constant((entry: Entry): void => {
    entry['link'] = true;
  }),
  fc.string({ minLength: 1 }).map((key) => (entry: Entry): void => {
    entry[`x-${key}`] = true;
  }),
  elsewhere
    .filter((range) => range !== '')
    .map((range) => (entry: Entry): void => {
      entry['dependencies'] = { evil: range };
    }),
  fc
    .constantFrom(
      'evil',
      '../evil',
      '/etc/evil',
      'node_modules/../evil',
      'node_modules/.bin',
      'packages/a',
      'node_modules/a/evil',
      'node_modules/',
    )
    .map((odd) => (entry: Entry, all: Lock): void => {
      all.packages[odd] = { ...entry };
    }),
  elsewhere
    .filter((range) => range !== '')
    .map((range) => (_: Entry, all: Lock): void => {
      all.packages[''] = { ...all.packages[''], dependencies: { evil: range } };
    }),
  fc.constantFrom(1, 2, 4, '3', undefined).map((version) => (_: Entry, all: Lock): void => {
    Object.assign(all, { lockfileVersion: version });
  }),
  fc.constant((_: Entry, all: Lock): void => {
    all['dependencies'] = { evil: { version: '1.0.0' } };
  }),
  fc.constant((entry: Entry): void => {
    entry['inBundle'] = true;
    delete entry['integrity'];
  }),
);

test('checkLockfile refuses 500 lockfiles with one bad change each', () => {
  const top = places.filter((place) => place.lastIndexOf('node_modules/') === 0);
  fc.assert(
    fc.property(fc.constantFrom(...top), mutation, (place, change) => {
      const changed = lock();
      const entry = changed.packages[place];
      assert.ok(entry !== undefined);
      change(entry, changed, place);
      return refused(changed);
    }),
    { numRuns: 500 },
  );
});

test('checkLockfile refuses text cut off anywhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.trimEnd().length - 1 }), (length) => refused(text.slice(0, length))),
    { numRuns: 100 },
  );
});

const integrity = `sha512-${'A'.repeat(86)}==`;
/** Two workspaces, of which one needs another version of a package, a folder and a tarball by `file:`. */
const monorepo = (): Lock => ({
  lockfileVersion: 3,
  packages: {
    '': { workspaces: ['packages/*'], dependencies: { c: 'file:libs/c', t: 'file:./libs/t-1.0.0.tgz' } },
    'libs/c': { version: '1.0.0' },
    'node_modules/a': { resolved: 'packages/a', link: true },
    'node_modules/b': { resolved: 'packages/b', link: true },
    'node_modules/c': { resolved: 'libs/c', link: true },
    'node_modules/t': { version: '1.0.0', resolved: 'file:libs/t-1.0.0.tgz', integrity },
    'packages/a': { version: '1.0.0', dependencies: { b: '*', c: 'file:../../libs/c' }, bin: { tool: 'a.js' } },
    'packages/b': { dependencies: { ms: '2.0.0' } },
    'packages/b/node_modules/ms': { version: '2.0.0', integrity },
  },
});

test('checkLockfile takes workspaces, folders and tarballs of the repository itself', () => {
  assert.equal(refused(monorepo()), false);
});

test('checkLockfile refuses what leads out of the repository, or what nothing in it asks for', () => {
  const cases: Readonly<Record<string, (packages: Record<string, Entry>) => void>> = {
    'a link that leads out': (all) => Object.assign(all['node_modules/a'] ?? {}, { resolved: '../a' }),
    'a link by absolute path': (all) => Object.assign(all['node_modules/a'] ?? {}, { resolved: '/a' }),
    'a link into node_modules': (all) => Object.assign(all['node_modules/a'] ?? {}, { resolved: 'node_modules/t' }),
    'a link to what is not there': (all) => delete all['packages/a'],
    'a link with a hash': (all) => Object.assign(all['node_modules/a'] ?? {}, { integrity }),
    'a folder that nothing links to': (all) => delete all['node_modules/b'],
    'a folder with an address': (all) => Object.assign(all['packages/a'] ?? {}, { resolved: 'https://example.invalid/a.tgz' }),
    'a package in a folder without a hash': (all) => delete all['packages/b/node_modules/ms']?.['integrity'],
    'a package in a folder that leads out': (all) =>
      Object.assign(all, { 'packages/b/node_modules/../x': { version: '1.0.0', integrity } }),
    'a tarball without a hash': (all) => delete all['node_modules/t']?.['integrity'],
    'a tarball that leads out': (all) => Object.assign(all['node_modules/t'] ?? {}, { resolved: 'file:../t.tgz' }),
    'a tarball that nobody asks for': (all) => Object.assign(all[''] ?? {}, { dependencies: { c: 'file:libs/c' } }),
    'a range that leads out': (all) => Object.assign(all['packages/a'] ?? {}, { dependencies: { c: 'file:../../../c' } }),
    'a package of the registry that names a folder': (all) =>
      Object.assign(all['packages/b/node_modules/ms'] ?? {}, { dependencies: { c: 'file:libs/c' } }),
  };
  for (const [name, change] of Object.entries(cases)) {
    const changed = monorepo();
    change(changed.packages);
    assert.equal(refused(changed), true, name);
  }
});

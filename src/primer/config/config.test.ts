import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { PrimeError } from '../problem.ts';
import { readConfig } from './config.ts';
import { SETTINGS } from './settings.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const schema = JSON.parse(readFileSync(path.join(repository, 'docs/prime.config.schema.json'), 'utf8')) as {
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
};
const fits = new Ajv({ strict: false }).compile(schema);
const HASH = `sha512-${'A'.repeat(86)}==`;
const ENTRY = { main: 'a.js', target: 'packages', does: 'x' };
const PLAN = { run: [['a.js']], sources: ['src'], outputs: ['out'], clean: ['out'] };

function reads(config: object): boolean {
  const root = mkdtempSync(path.join(tmpdir(), 'config-'));
  try {
    mkdirSync(path.join(root, 'envs/a'), { recursive: true });
    writeFileSync(path.join(root, 'prime.config.json'), JSON.stringify(config));
    writeFileSync(path.join(root, '.node-version'), '26.10.0');
    readConfig(root);
    return true;
  } catch (error) {
    assert.ok(error instanceof PrimeError && error.code === 'PRIME_CONFIG_INVALID', String(error));
    return false;
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('docs/prime.config.schema.json has every setting, with the words of SETTINGS', () => {
  const { $schema: _, ...properties } = schema.properties;
  assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([name, { description }]) => [name, description])), { ...SETTINGS });
});

test('readConfig takes what the schema takes, and refuses what it refuses', () => {
  const good: readonly object[] = [
    {},
    JSON.parse(readFileSync(path.join(repository, 'prime.config.json'), 'utf8')) as object,
    { $schema: 'x', registry: 'https://packages.example/', update: false, target: 'a-b', values: { any: [1, null] } },
    { node: { 'linux-x64': { name: '@a/node', integrity: HASH, version: '1.2.3' } }, npm: { version: '1.2.3', integrity: HASH } },
    { built: { ...PLAN, ignored: ['.x'] }, apps: { a: ENTRY }, tasks: { b: ENTRY } },
    { states: 'a.ts' },
    { states: { module: 'a.ts', needs: 'built', overrides: ['npm'] } },
    { environments: { folder: 'envs', default: 'a', link: 'here' } },
  ];
  const bad: readonly object[] = [
    [],
    { unknown: 1 },
    { registry: 'ftp://x' },
    { registry: 'https://bob:secret@x/' },
    { update: 'no' },
    { target: 'Big' },
    { values: [] },
    { node: { x: { name: 'a' } } },
    { npm: { version: '10', integrity: HASH } },
    { npm: { version: '1.2.3', integrity: 'sha1-x' } },
    { built: { ...PLAN, sources: ['../x'] } },
    { built: { ...PLAN, run: ['a.js'] } },
    { built: { ...PLAN, extra: 1 } },
    { apps: { a: { main: '/a.js', target: 'x', does: 'x' } } },
    { tasks: { a: { main: 'a.js' } } },
    { states: { module: 'a.ts', needs: 'npm' } },
    { states: 5 },
    { environments: 'envs' },
    { environments: { folder: '/envs' } },
    { environments: { folder: 'envs', default: '../x' } },
  ];
  for (const config of good) assert.deepEqual([fits(config), reads(config)], [true, true], JSON.stringify(config));
  for (const config of bad) assert.deepEqual([fits(config), reads(config)], [false, false], JSON.stringify(config));
});

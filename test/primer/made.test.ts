// The committed files that are made from src/primer, and what is written down twice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'acorn';
import { ERROR_CODES, isErrorCode } from '../../src/base/errors/error-codes.ts';
import { readConfig } from '../../src/primer/config/config.ts';
import { PRIME_EXITS } from '../../src/primer/problem.ts';
import { missingNodes, testNode } from '../support/nodes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const text = (name: string): string => readFileSync(path.join(root, name), 'utf8');

test('build-primer makes the committed kernel and launchers, byte for byte', () => {
  const made = spawnSync(process.execPath, [path.join(root, 'tools/build-primer.ts'), '--check'], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  for (const name of ['prime', 'resprout']) assert.notEqual(statSync(path.join(root, name)).mode & 0o100, 0, `${name} can be executed`);
});

test('proto_kernel.cjs parses as ES2019 but for import(), requires no node: names and nothing but builtins', () => {
  const kernel = text('proto_kernel.cjs');
  // Node 12 knows it, in scripts too.
  parse(kernel.replaceAll(/\bimport\(/g, 'require('), { ecmaVersion: 2019, sourceType: 'script' });
  const required = [...kernel.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1]);
  assert.deepEqual(
    [...new Set(required)].sort((a = '', b = '') => (a < b ? -1 : 1)),
    ['child_process', 'crypto', 'fs', 'module', 'net', 'os', 'path', 'tty', 'url', 'zlib'],
  );
});

test('proto_kernel.cjs answers on Node 12', { skip: missingNodes('12.22.12') }, () => {
  const ran = spawnSync(testNode('12.22.12'), [path.join(root, 'proto_kernel.cjs'), 'prime', '--help'], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /^Usage: \.\/prime/);
});

test('./prime and ./resprout are read by a plain sh', () => {
  for (const name of ['prime', 'resprout']) assert.equal(spawnSync('sh', ['-n', path.join(root, name)]).status, 0);
});

test('PRIME_EXITS has codes and exits of the error table', () => {
  for (const [code, exit] of Object.entries(PRIME_EXITS)) assert.equal(isErrorCode(code) ? ERROR_CODES[code].exit : undefined, exit, code);
  const unknown = Object.keys(ERROR_CODES).filter((code) => code.startsWith('PRIME_') && !(code in PRIME_EXITS));
  assert.deepEqual(unknown, []);
});

test('prime.config.json builds what npm run build builds, without the types of tests and tools', () => {
  const { built } = readConfig(root);
  const steps = (built?.run ?? []).map((line) =>
    line
      .join(' ')
      .replace(/^node_modules\/typescript\/bin\/tsc -b .*/, 'tsc -b')
      .replace(/^tools\//, 'node tools/'),
  );
  const manifest: unknown = JSON.parse(text('package.json'));
  assert.ok(typeof manifest === 'object' && manifest !== null && 'scripts' in manifest);
  assert.deepEqual(Object.entries(manifest.scripts ?? {}).find(([name]) => name === 'build')?.[1], steps.join(' && '));
});

test('lockfiles name no registry host', () => {
  for (const name of ['package-lock.json', 'test/nodes/package-lock.json', 'test/loaders/package-lock.json'])
    assert.doesNotMatch(text(name), /"resolved"/, name);
});

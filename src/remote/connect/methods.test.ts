import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as entry from '../../index.ts';
import * as lower from '../../remote.ts';
import { METHODS } from './methods.ts';
import * as openers from './openers.ts';

test('every method has an opener of its name, in the entries of the package too, and a row in docs/targets.md', () => {
  const page = readFileSync(new URL('../../../docs/targets.md', import.meta.url), 'utf8');
  for (const { name } of METHODS) {
    for (const place of [openers, entry, lower]) assert.equal(typeof Reflect.get(place, name), 'function', name);
    assert.ok(page.includes(`| \`${name}:`), `docs/targets.md has no row for ${name}`);
  }
  const others = Object.keys(openers).filter((name) => METHODS.every((method) => method.name !== name));
  assert.deepEqual(others, ['unixListener']);
});

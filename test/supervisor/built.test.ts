// The package as it was built, where the first files of a unit are one file each: what has to be one object is one.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { ResproutError } from 'resprout';
import { group, supervise } from 'resprout/supervisor';
import { TellsErrors } from './support/built-runtime.ts';

for (const place of ['thread', 'process'] as const)
  test(`${place}: errors of the package are of the class that the program of the unit imports`, { timeout: 200_000 }, async () => {
    const error = new ResproutError('UNIT_STOPPED', 'made by the owner');
    await using tellers = await supervise(group(TellsErrors, error, { in: place, replicas: 1 }));
    assert.deepEqual(await tellers.call('given'), [true, true, 'UNIT_STOPPED']);
    assert.deepEqual(await tellers.call('called', error), [true, true, 'UNIT_STOPPED']);
  });

test('the first files of a unit import one file: that of the class of errors', () => {
  for (const name of ['thread-main', 'process-main']) {
    const file = new URL(`../../dist/supervisor/places/${name}.js`, import.meta.url);
    const imported = [...readFileSync(file, 'utf8').matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from ?? '');
    assert.deepEqual(imported, ['../../base/errors/resprout-error.js']);
    assert.ok(existsSync(new URL(imported[0] ?? '', file)));
    assert.doesNotMatch(readFileSync(new URL(imported[0] ?? '', file), 'utf8'), /^import /m);
  }
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { contextId } from '../../base/brand.ts';
import type { IdentifiedFunction } from '../../base/recorder.ts';
import { Callees } from './callees.ts';

const one = contextId(1);
const two = contextId(2);
const named = (n: number): IdentifiedFunction => ({ address: { kind: 'function', build: 'b', file: 'f.ts', n }, label: `f.ts#${n}` });

test('Callees names a function whole until an answer tells that the far side knows it', () => {
  const callees = new Callees();
  const first = callees.of(one, named(0));
  assert.deepEqual(first.callee, { n: 0, ...named(0) });
  // Two calls at once: neither is answered.
  assert.deepEqual(callees.of(one, named(0)).callee, first.callee);
  first.answered();
  assert.deepEqual(callees.of(one, named(0)).callee, { n: 0 });
  assert.deepEqual(callees.of(one, named(1)).callee, { n: 1, ...named(1) });
});

test('Callees knows each context by itself, and forgets one that is lost', () => {
  const callees = new Callees();
  callees.of(one, named(0)).answered();
  assert.deepEqual(callees.of(two, named(0)).callee, { n: 0, ...named(0) });
  callees.lost(one);
  assert.deepEqual(callees.of(one, named(0)).callee, { n: 0, ...named(0) });
});

test('Callees tells exports of packages and builtins apart', () => {
  const callees = new Callees();
  const address = { kind: 'export', build: 'b', file: 'f.ts' } as const;
  const all: readonly IdentifiedFunction['address'][] = [
    { ...address, path: ['a', 'b'] },
    { ...address, path: ['a'] },
    { kind: 'builtin', module: 'node:fs', path: ['a'] },
    { kind: 'builtin', module: 'node:fs', path: ['a', 'b'] },
  ];
  assert.deepEqual(
    all.map((each) => callees.of(one, { address: each, label: 'x' }).callee.n),
    [0, 1, 2, 3],
  );
});

test('Callees numbers a thousand functions of a context; further ones travel whole each time', () => {
  const callees = new Callees();
  for (let n = 0; n < 1000; n++) callees.of(one, named(n)).answered();
  const { callee, answered } = callees.of(one, named(1000));
  answered();
  assert.deepEqual(callee, { n: undefined, ...named(1000) });
  assert.deepEqual(callees.of(one, named(1000)).callee, callee);
  assert.deepEqual(callees.of(one, named(999)).callee, { n: 999 });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireIterable } from './not-iterable.ts';

const site = (label: string) => ({ file: 'f.ts', id: 'id', label, line: 1, column: 1, awaited: false });
const message = (label: string, x: unknown): string | undefined => {
  try {
    requireIterable(site(label), x);
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error.message;
  }
  return undefined;
};

test('requireIterable: lets everything iterable pass, at every kind of site', () => {
  const iterables: unknown[] = [
    [],
    'text',
    new Map(),
    new Set(),
    (function* () {})(),
    { [Symbol.iterator]: () => [].values() },
    new Uint8Array(1),
  ];
  const labels = ['for of x', '...x', 'f(...x', 'const […] = x', '[…] = x', 'yield* x', 'for await of x', 'new Map(…)'];
  for (const label of labels) for (const x of iterables) assert.equal(message(label, x), undefined, label);
  assert.equal(message('for await of x', (async function* () {})()), undefined);
});

test('requireIterable: says what V8 says in the same place', () => {
  const nothing: unknown = undefined;
  const number: unknown = 5;
  const holder = { number, call: () => number };
  const spoken = (run: () => unknown): string => {
    try {
      return `no error: ${String(run())}`;
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(
    message('for of nothing', nothing),
    spoken(() => {
      for (const x of nothing as unknown[]) void x;
    }),
  );
  assert.equal(
    message('...holder.number', number),
    spoken(() => [...(holder.number as unknown[])]),
  );
  assert.equal(
    message('...holder.call(...)', number),
    spoken(() => [...(holder.call() as unknown[])]),
  );
  assert.equal(
    message('f(...number', number),
    spoken(() => Math.max(...(number as number[]))),
  );
  assert.equal(
    message('const […] = number', number),
    spoken(() => {
      const [a] = number as unknown[];
      return a;
    }),
  );
  assert.equal(
    message('const […] = nothing', nothing),
    spoken(() => {
      const [a] = nothing as unknown[];
      return a;
    }),
  );
  assert.equal(
    message('[…] = nothing', nothing),
    spoken(() => {
      let a;
      [a] = nothing as unknown[];
      return a;
    }),
  );
});

test('requireIterable: sites that say it themselves, and async ones with null, are left to the language', () => {
  assert.equal(message('new Map(…)', 5), undefined);
  assert.equal(message('Array.from(…)', { length: 1 }), undefined);
  assert.equal(message('for await of x', null), undefined);
  assert.equal(message('async yield* x', 5), undefined);
  assert.equal(message('for await of o.k', 5), 'o.k is not async iterable');
});

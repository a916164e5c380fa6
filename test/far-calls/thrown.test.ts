// What a far function may throw: it always arrives, and never harms another call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { local, ResproutError, Secret, type Context } from 'resprout';
import { alive, coded, hooked, long, odd, odder } from './programs/throws.ts';

const thrownBy = async (call: Promise<unknown>): Promise<Error> => {
  const thrown: unknown = await call.then(
    () => assert.fail('it did not throw'),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Error, String(thrown));
  return thrown;
};

async function open(): Promise<Context> {
  return await local({ name: 'far' });
}

test('an error that cannot be read arrives, and the context lives on', async () => {
  await using context = await open();
  for (const key of ['message', 'name', 'stack', 'cause', 'errors', 'code']) {
    const thrown = await thrownBy(context.call(odd, key));
    assert.match(thrown.message, key === 'message' ? /could not be read/ : /^real$/);
  }
  for (const what of ['function', 'symbol', 'proxy', 'instance', 'throwing proxy'])
    assert.match((await thrownBy(context.call(odder, what))).message, /^what was thrown is an? |cannot be read/, what);
  for (const what of ['errors that throw', 'an endless list', 'itself', 'stack']) await thrownBy(context.call(odder, what));
  assert.match((await thrownBy(context.call(hooked))).message, /hooked|could not be read/);
  const held = await thrownBy(context.call(odder, 'secret', new Secret('kept')));
  assert.equal(held.message, 'with a secret');
  assert.equal(await context.call(alive), 1);
});

test('an error with a long text arrives with it; one with a text that has no bounds is cut', async () => {
  await using context = await open();
  for (const [chars, text] of [
    [10_000, 'm'.repeat(10_000)],
    [60_000, 'm'.repeat(60_000)],
    [10_000_000, `${'m'.repeat(65_535)}…`],
  ] as const) {
    const thrown = await thrownBy(context.call(long, chars));
    assert.ok(thrown instanceof RangeError);
    assert.equal(thrown.message, text);
  }
});

test('an error of our class that a far function made is its own: it has the name of the context, no advice and no place', async () => {
  await using context = await open();
  for (const code of ['STORE_IO', 'REMOTE_LOST', 'no code', '__proto__']) {
    const thrown = await thrownBy(context.call(coded, code));
    assert.ok(thrown instanceof ResproutError);
    assert.deepEqual([thrown.far, thrown.problem], ['far', { saw: 'a text' }]);
    assert.equal(thrown.code, code === 'STORE_IO' || code === 'REMOTE_LOST' ? code : 'INTERNAL');
  }
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { codeOf } from '../../base/errors/errors.ts';
import { isOwn } from '../../base/recorder.ts';
import { activity, atMostOnce, idempotencyKey, inline, sessionInfo, sleep } from './index.ts';
import './register.ts';

test('activity() in a plain process runs the function with its this, arguments and attempts', async () => {
  let tries = 0;
  const flaky = activity(
    (a: number, b: number) => {
      tries++;
      if (tries < 3) throw new Error('not yet');
      return a + b;
    },
    { attempts: 3, backoff: 1 },
  );
  assert.equal(await flaky(1, 2), 3);
  assert.equal(tries, 3);
});

test('activity() gives up on named errors and codes at once', async () => {
  let tries = 0;
  const run = activity(
    () => {
      tries++;
      throw Object.assign(new RangeError('no'), { code: 'E_NO' });
    },
    { attempts: 5, backoff: 1, giveUpOn: ['E_NO'] },
  );
  await assert.rejects(run, { message: 'no' });
  assert.equal(tries, 1);
});

test('activity() ends with ACTIVITY_TIMEOUT and leaves no timer', async () => {
  const never = activity(() => new Promise<void>(() => undefined), { timeout: 5, name: 'slow one' });
  await assert.rejects(never(), { code: 'ACTIVITY_TIMEOUT', message: 'slow one did not end within 5 ms' });
  const quick = activity(() => 7, { timeout: '1h' });
  assert.equal(await quick(), 7);
});

test('activity() refuses bad options at once', () => {
  const code = 'CALL_OPTIONS_INVALID';
  assert.throws(() => activity('x' as never), { code });
  assert.throws(() => activity(() => 1, { attempts: 0 }), { code });
  assert.throws(() => activity(() => 1, { timeout: 'soon' as never }), { code });
  assert.throws(() => activity(() => 1, { atMostOnce: true, attempts: 2 }), { code });
  assert.throws(() => inline(3 as never), { code });
});

test('markers and what they return belong to the package', () => {
  assert.ok([activity, atMostOnce, inline, sleep, idempotencyKey, sessionInfo].every((fn) => isOwn(fn)));
  assert.ok(isOwn(activity(() => 1)) && isOwn(atMostOnce(() => 1)) && isOwn(inline(() => 1)));
});

test('markers in a plain process behave plainly', async () => {
  assert.equal(sessionInfo(), undefined);
  assert.notEqual(idempotencyKey(), idempotencyKey());
  assert.equal(inline(Math.max)(1, 5), 5);
  await sleep(1);
  await assert.rejects(sleep('x' as never), (error) => codeOf(error) === 'CALL_OPTIONS_INVALID');
});

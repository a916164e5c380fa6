// What stays as it was when a call is made again, and time while a synchronous call runs.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { realClock } from '../../src/platform/time/clock.ts';
import { program, run, start, type Run } from './support/program.ts';

const valueOf = ({ outcome }: Run): unknown => {
  if (outcome.how !== 'done') throw new Error(`the program ${outcome.how}`, { cause: outcome.error });
  return outcome.value;
};

test('idempotencyKey() is the same in each attempt of a call, also in the process that makes it again', async () => {
  using built = await program(`
    import { appendFileSync, existsSync } from 'node:fs';
    import { activity, idempotencyKey } from 'resprout/durable';
    let tries = 0;
    const work = activity(
      async (file) => {
        tries++;
        const isSecondProcess = existsSync(file + '.killed');
        appendFileSync(file, idempotencyKey() + '\\n');
        if (tries < 3) throw new Error('not yet');
        if (!isSecondProcess) { appendFileSync(file + '.killed', ''); await new Promise(() => {}); }
        return idempotencyKey();
      },
      { name: 'work', attempts: 3, backoff: 1 },
    );
    export default async ({ data }) => [await work(data), await work(data)];`);
  const data = path.join(built.folder, 'keys');
  const keys = (): string[] => {
    try {
      return readFileSync(data, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };
  const first = start(built, { id: 'ses_again', data });
  while (keys().length < 3) await realClock.sleep(5);
  const history = [...first.sink.events];
  first.session.close();
  const [one, two, ...others] = valueOf(await run(built, { id: 'ses_again', data, history })) as string[];
  assert.equal(others.length, 0);
  // Three attempts, three again in the second process, then those of the second call, which goes through at its first: tries go on.
  assert.deepEqual(keys(), [...Array<string>(6).fill(one ?? ''), two]);
  assert.notEqual(one, two);
});

test('time goes on over a synchronous call as long as it took, in record and in replay', async () => {
  using built = await program(`
    import { execFileSync } from 'node:child_process';
    export default () => {
      const before = [Date.now(), performance.now()];
      execFileSync('sleep', ['0.3']);
      return [Date.now() - before[0], performance.now() - before[1]];
    };`);
  const one = await run(built, { id: 'ses_slow' });
  const [wallMs = 0, monotonicMs = 0] = valueOf(one) as number[];
  assert.ok(wallMs >= 290 && wallMs < 60_000, String(wallMs));
  assert.ok(monotonicMs >= 290 && monotonicMs < 60_000, String(monotonicMs));
  assert.deepEqual(valueOf(await run(built, { id: 'ses_slow', history: one.events })), [wallMs, monotonicMs]);
});

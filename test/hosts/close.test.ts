import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect, ResproutError } from 'resprout';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { cleansUp } from './far.ts';

const folder = mkdtempSync(join(tmpdir(), 'rs-close-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (error: unknown): unknown => (error instanceof ResproutError ? error.code : error);

/** Closes a context in which a call takes its time to clean up. @returns whether it came to its end */
async function closed(name: string, cleanMs: number, graceMs: number | undefined): Promise<boolean> {
  const context = await connect(`local:${name}`);
  const { pid } = context.info;
  const call = context.call(cleansUp, folder, cleanMs).then(() => undefined, codeOf);
  await until('it runs', () => existsSync(join(folder, `${name}.begun`)));
  await context.close({ graceMs });
  assert.equal(isAlive(pid), false);
  const isClean = existsSync(join(folder, `${name}.clean`));
  assert.equal(await call, isClean ? undefined : 'REMOTE_CLOSED');
  return isClean;
}

test('close: running calls get graceMs to end, five seconds when it is not given', async () => {
  assert.deepEqual(
    await Promise.all([
      closed('long', 300, 60_000),
      closed('usual', 300, undefined),
      closed('short', 60_000, 200),
      closed('none', 60_000, 0),
    ]),
    [true, true, false, false],
  );
});

test('close: a time that is none is refused, and the context stays open', async () => {
  await using context = await connect('local:refused');
  for (const graceMs of [-1, 1.5, Number.NaN, 2 ** 31])
    await assert.rejects(context.close({ graceMs }), (error) => codeOf(error) === 'CALL_OPTIONS_INVALID', String(graceMs));
  assert.ok(isAlive(context.info.pid));
});

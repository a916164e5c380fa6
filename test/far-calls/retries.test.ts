// An opening that is refused or dropped is made again as often as its opener says.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { local } from 'resprout';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rs-retries-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A Node that ends at once the first times, and counts its starts. */
function unready(name: string, times: number): { readonly node: string; starts(): number } {
  const [file, count] = [path.join(folder, name), path.join(folder, `${name}.count`)];
  writeFileSync(count, '');
  const script = `#!/bin/sh\n[ "$1" = -v ] && exec ${process.execPath} -v\necho x >> ${count}\n[ $(wc -l < ${count}) -le ${times} ] && exit 3\nexec ${process.execPath} "$@"\n`;
  writeFileSync(file, script, { mode: 0o755 });
  return { node: file, starts: () => readFileSync(count, 'utf8').split('\n').length - 1 };
}

test('an opening that fails is made again, and given up after so many times', async () => {
  const ready = unready('soon', 2);
  {
    await using context = await local({ name: 'soon', node: ready.node, retries: 2 });
    assert.ok(context.info.pid > 0);
  }
  assert.equal(ready.starts(), 3);
  const never = unready('never', 99);
  await assert.rejects(local({ name: 'never', node: never.node, retries: 1 }), { code: 'REMOTE_CONNECT_FAILED' });
  assert.equal(never.starts(), 2);
  const once = unready('once', 99);
  await assert.rejects(local({ name: 'once', node: once.node }), { code: 'REMOTE_CONNECT_FAILED' });
  assert.equal(once.starts(), 1);
});

test('an opening whose process never reads what it is sent ends at its limit, also through another context, and the process is gone', async () => {
  const [node, pidFile] = [path.join(folder, 'deaf'), path.join(folder, 'deaf.pid')];
  writeFileSync(node, `#!/bin/sh\n[ "$1" = -v ] && exec ${process.execPath} -v\necho $$ > ${pidFile}\nexec sleep 6402\n`, { mode: 0o755 });
  await using between = await local({ name: 'between' });
  for (const via of [undefined, between]) {
    await assert.rejects(local({ name: 'deaf', node, connectTimeoutMs: 5000, via }), { code: 'REMOTE_CONNECT_TIMEOUT' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until('the end of the process', () => !isAlive(pid));
    rmSync(pidFile);
  }
});

test('a signal ends the wait for the next try', async () => {
  const never = unready('stopped', 99);
  const started = performance.now();
  const signal = AbortSignal.timeout(1500);
  await assert.rejects(local({ name: 'stopped', node: never.node, retries: 9, signal }));
  assert.ok(performance.now() - started < 30_000);
});

test('options that are none are refused by name', async () => {
  for (const [name, value] of Object.entries({ retries: -1, deadAfterMs: 0.5, leaseMs: 'x', serve: 'plugins' }))
    await assert.rejects(local({ name: 'odd', [name]: value } as never), {
      code: 'REMOTE_TARGET_INVALID',
      message: new RegExp(`"${name}"`),
    });
});

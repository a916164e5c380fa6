// Several primers at once, without network, and killed at any moment.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { until } from '../support/until.ts';
import { makeClient, type Client } from './support/client.ts';
import { startRegistry } from './support/registry.ts';
import { useWorkshop } from './support/workshop.ts';

describe('the primer', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(testNode('20.20.2'));
  const client = (): Client => workshop.client();

  test('started twice at once does the work once: the other one says that it waits', async () => {
    const made = client();
    writeFileSync(path.join(made.root, 'src/delay.txt'), '3000\n');
    const all = await Promise.all([made.run('resprout', ['a']), made.run('resprout', ['b']), made.run('resprout', ['c'])]);
    for (const ended of all) assert.equal(ended.code, 0, ended.stderr);
    assert.equal(readFileSync(path.join(made.root, 'builds.log'), 'utf8').trim().split('\n').length, 1);
    const waits = all.filter(({ stderr }) => /waiting for process \d+, which is preparing/.test(stderr));
    assert.equal(waits.length, 2, all.map(({ stderr }) => stderr).join('\n---\n'));
  });

  test('needs no network for another clone of the same user: everything is in the cache', async () => {
    const own = await startRegistry();
    const made = workshop.keep(makeClient(own, testNode('20.20.2')));
    const other = workshop.keep(made.clone());
    assert.equal((await made.run('resprout')).code, 0);
    const asked = own.requests.length;
    await own.close();
    for (const env of [{}, { PRIME_OFFLINE: '1' }]) {
      rmSync(path.join(other.root, '.prime'), { recursive: true, force: true });
      rmSync(path.join(other.root, 'node_modules'), { recursive: true, force: true });
      const ended = await other.run('resprout', [], { env });
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stderr, /all from the cache/);
    }
    assert.equal(own.requests.length, asked);
    const poor = client();
    const refused = await poor.run('prime', ['--offline']);
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /PRIME_OFFLINE {2}node-test \S+ is not in the cache/);
  });

  test('ends its tools and cleans up on SIGTERM, and dies of that signal', async () => {
    const made = client();
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    writeFileSync(path.join(made.root, 'src/delay.txt'), '60000\n');
    const { child, ended } = made.start('resprout', []);
    const log = path.join(made.root, 'builds.log');
    await until('the build runs', () => existsSync(log) && readFileSync(log, 'utf8').endsWith('\n'));
    child.kill('SIGTERM');
    const { signal, stderr } = await ended;
    assert.equal(signal, 'SIGTERM');
    assert.match(stderr, /interrupted by SIGTERM; what is complete is kept/);
    const builder = Number(readFileSync(log, 'utf8'));
    await gone(builder);
    writeFileSync(path.join(made.root, 'src/delay.txt'), '0\n');
    assert.equal((await made.run('resprout')).code, 0);
  });

  test('killed with its group at 16 random moments leaves no tool behind, and the next run heals', { timeout: 1_800_000 }, async () => {
    const made = client();
    workshop.registry.delayMs = 150;
    writeFileSync(path.join(made.root, 'src/delay.txt'), '400\n');
    let seed = 20261124;
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    /** Empties the clone, in every second round the cache too. */
    const clear = (round: number): void => {
      for (const name of ['.prime', 'node_modules', 'out']) rmSync(path.join(made.root, name), { recursive: true, force: true });
      if (round % 2 === 0) rmSync(path.join(made.home, '.cache'), { recursive: true, force: true });
    };
    // What a whole run takes on this machine: without a cache, and with one.
    const wholeMs: number[] = [];
    for (const round of [0, 1]) {
      clear(round);
      const startedMs = performance.now();
      assert.equal((await made.run('resprout')).code, 0);
      wholeMs.push(performance.now() - startedMs);
    }
    let finished = 0;
    for (let round = 0; round < 16;) {
      clear(round);
      const startedMs = performance.now();
      const { child, ended } = made.start('resprout', [], { detached: true });
      const tookMs = ended.then(() => performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, random() * (wholeMs[round % 2] ?? 0)));
      const { pid = 0 } = child;
      let wasKilled = true;
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        wasKilled = false;
      }
      if (!wasKilled) {
        // It had finished already: the machine is faster than it was when that was measured.
        wholeMs[round % 2] = Math.min(wholeMs[round % 2] ?? 0, await tookMs);
        finished += 1;
        assert.ok(finished < 32, `${finished} runs had finished before they were killed`);
        continue;
      }
      await ended;
      const healed = await made.run('resprout');
      assert.equal(healed.code, 0, `round ${round}: ${healed.stderr}`);
      assert.match(healed.stdout, /"built":"one"/);
      // The build of the killed run would have written after the new one.
      assert.equal(readFileSync(path.join(made.root, 'out/built.mjs'), 'utf8'), 'export const built = "one";\n');
      const left = readdirSync(path.join(made.root, '.prime')).filter(
        (name) => !/^(?:\.gitignore|facts|logs|node|built|sources|prime\.lock\.\d+)$/.test(name),
      );
      assert.deepEqual(left, [], `round ${round}`);
      round += 1;
    }
    workshop.registry.delayMs = 0;
  });
});

/** Waits until a process is gone; 15 s at most. */
async function gone(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < 15_000; waitedMs += 50) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`process ${pid} still runs`);
}

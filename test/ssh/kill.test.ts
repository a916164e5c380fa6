import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recipe } from '../../src/remote/connect/index.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { dialTest, sshRecipe, useAndEnd } from './support/dialling.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';
import { placeNode } from './support/homes.ts';
import { processesNaming, untilGone } from './support/left-over.ts';
import { PASSWORD } from './support/two-shells.ts';

const skip = rigProblem() ?? false;
const ROUNDS = Number(process.env['RESPROUT_KILL_ROUNDS'] ?? 8);

describe('a controller that is killed', { skip }, () => {
  let rig: Rig;
  let user: FarUser;
  let runtime: string;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', password: PASSWORD, prepare: (home) => placeNode(home, 'n') }]);
    [user] = rig.users as [FarUser];
    runtime = mkdtempSync('/tmp/resprout-run-');
  });
  after(async () => {
    await rig.close();
    rmSync(runtime, { recursive: true, force: true });
  });

  /** Starts a controller, kills it after some time or once it has opened, and says what it had said and how long the rest took to go. */
  async function killOne(
    recipe: Recipe,
    moment: number | 'open',
    node = process.execPath,
  ): Promise<{ said: string; ranMs: number; goneMs: number; hadBoth: boolean }> {
    const startedMs = performance.now();
    const controller = spawn(node, [join(import.meta.dirname, 'support/dial-controller.ts'), JSON.stringify(recipe), PASSWORD], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    const opened = new Promise<void>((resolve) =>
      controller.stdout.on('data', (piece) => {
        said += String(piece);
        if (said.includes('open')) resolve();
      }),
    );
    const ended = once(controller, 'close');
    await (moment === 'open' ? Promise.race([opened, ended]) : sleep(moment));
    const hadBoth = processesNaming(runtime).length > 1 && commandsOf(user.uid).length > 0;
    const ranMs = performance.now() - startedMs;
    controller.kill('SIGKILL');
    await ended;
    return { said, ranMs, hadBoth, goneMs: await untilGone(runtime, user.uid) };
  }

  for (const key of ['right', 'none'] as const) {
    const how = key === 'right' ? 'with a key' : 'with a password';
    test(`dial leaves no process here or there when its controller is killed at a random moment, ${how}`, async (t) => {
      const recipe = sshRecipe(rig, user, rig.config({ key }));
      const first = await killOne(recipe, 'open');
      assert.ok(first.said.includes('open'));
      assert.ok(first.hadBoth, 'the test would see what is left: an open context has processes on both sides');
      const times = [first.goneMs];
      const stages: Record<string, number> = { open: 1 };
      for (let round = 1; round < ROUNDS; round += 1) {
        const { said, goneMs } = await killOne(recipe, Math.random() * first.ranMs * 1.2);
        times.push(goneMs);
        const stage = said.includes('open') ? 'open' : said.includes('asked') ? 'asked' : 'early';
        stages[stage] = (stages[stage] ?? 0) + 1;
      }
      t.diagnostic(`rounds ${ROUNDS}, stages ${JSON.stringify(stages)}, gone after at most ${Math.max(...times).toFixed(0)} ms`);
    });
  }

  test('dial works in a controller on the oldest Node of an intermediary', { skip: missingNodes('22.18.0') }, async () => {
    const recipe = sshRecipe(rig, user, rig.config({ key: 'none', known: 'none' }), { hostKey: rig.fingerprint });
    const { said } = await killOne(recipe, 'open', testNode('22.18.0'));
    assert.deepEqual(said.trim().split('\n'), ['asked', 'open']);
  });

  test('dial gives no empty password for a controller that is killed while its person is asked', async () => {
    const recipe = JSON.stringify(sshRecipe(rig, user, rig.config({ key: 'none' })));
    const controller = spawn(process.execPath, [join(import.meta.dirname, 'support/dial-controller.ts'), recipe, PASSWORD, '60000'], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(controller, 'close');
    assert.equal(String(await once(controller.stdout, 'data')), 'asked\n');
    const before = rig.log().length;
    controller.kill('SIGKILL');
    await ended;
    await untilGone(runtime, user.uid);
    for (let waitedMs = 0; rig.log().length === before && waitedMs < 60_000; waitedMs += 20) await sleep(20);
    assert.match(rig.log().slice(before), /^Connection closed by authenticating user/, 'what sshd saw first');
    assert.doesNotMatch(rig.log(), /Failed password/);
  });

  test('dial sweeps the folders that killed controllers left behind', async () => {
    const left = readdirSync(runtime);
    assert.ok(left.length > 0, 'a killed controller leaves its folder');
    for (const name of left) utimesSync(join(runtime, name), 0, 0);
    await useAndEnd(await dialTest(sshRecipe(rig, user, rig.config()), { env: { XDG_RUNTIME_DIR: runtime } }));
    assert.deepEqual(readdirSync(runtime), []);
  });
});

// A controller that is killed at a random moment of an opening, by every method: nothing is left, here or in a container.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { METHODS } from '../../src/remote/connect/methods.ts';
import { processesNaming } from '../ssh/support/left-over.ts';
import { openTargets, targetsProblem, type Targets } from './support/targets.ts';

const skip = targetsProblem();
const methods = METHODS.map(({ name }) => name).filter((name) => name !== 'ssh' && name !== 'local');
const inContainers = ['docker', 'podman', 'buildah', 'lxc', 'nspawn', 'chroot'];
const ROUNDS = Number(process.env['RESPROUT_KILL_ROUNDS'] ?? 2);
const GONE_MS = 60_000;
const CONTROLLER = path.join(import.meta.dirname, 'support/opening-controller.ts');

/** Waits until no process names this text. @returns after how many milliseconds */
async function nobodyNames(text: string, what: string): Promise<number> {
  const start = performance.now();
  for (let left = processesNaming(text); left.length > 0; left = processesNaming(text)) {
    assert.ok(performance.now() - start < GONE_MS, `${what}: left are\n${left.join('\n')}`);
    await sleep(20);
  }
  return performance.now() - start;
}

describe('a controller that is killed at a random moment', { skip }, () => {
  let targets: Targets;
  before(async () => {
    targets = await openTargets();
  });
  after(() => targets.close());

  /** @returns how far it was, how long it ran, how long the rest took to go */
  async function killOne(method: string, moment: number | 'open'): Promise<{ stage: string; ranMs: number; goneMs: number }> {
    const sign = `resprout-sign-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const node = ['env', `SIGN=${sign}`, inContainers.includes(method) ? '/usr/local/bin/node' : process.execPath];
    const startMs = performance.now();
    const args = [CONTROLLER, method, JSON.stringify({ ...targets.options[method], node })];
    const controller = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(controller, 'close');
    let said = '';
    const isOpen = new Promise<void>((resolve) =>
      controller.stdout.on('data', (piece) => {
        said += String(piece);
        if (said.includes('open\n')) resolve();
      }),
    );
    await (moment === 'open' ? Promise.race([isOpen, closed]) : sleep(moment));
    if (moment === 'open') assert.ok(said.includes('open\n') && processesNaming(sign).length > 1, 'the test would see what is left');
    const ranMs = performance.now() - startMs;
    controller.kill('SIGKILL');
    await closed;
    const goneMs = await nobodyNames(sign, `${method}, after ${ranMs.toFixed(0)} ms`);
    return { stage: said.includes('open') ? 'open' : said.includes('starts') ? 'opening' : 'early', ranMs, goneMs };
  }

  for (const method of methods)
    test(`leaves nothing: ${method}`, async (t) => {
      const { ranMs, goneMs } = await killOne(method, 'open');
      const times = [goneMs];
      const stages: Record<string, number> = { open: 1 };
      for (let round = 0; round < ROUNDS; round++) {
        // The first third is the start of the controller itself.
        const one = await killOne(method, ranMs * (0.3 + 0.8 * Math.random()));
        stages[one.stage] = (stages[one.stage] ?? 0) + 1;
        times.push(one.goneMs);
      }
      t.diagnostic(`stages ${JSON.stringify(stages)}, gone after at most ${Math.max(...times).toFixed(0)} ms`);
    });
});

// Whatever a far process started goes with it, by every method and every way to end: the table of test/ssh/orphans.test.ts for the others.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepers } from '../support/sleepers.ts';
import * as resprout from '../../src/index.ts';
import { METHODS } from '../../src/remote/connect/methods.ts';
import { exitWith, killHere, leave, throwLater } from '../ssh/programs/leaves.ts';
import { until } from '../support/until.ts';
import { openTargets, targetsProblem, type Targets } from './support/targets.ts';

const skip = targetsProblem();
const methods = METHODS.map(({ name }) => name).filter((name) => name !== 'ssh' && name !== 'local');
/** Ours sleep from 6,201 to 6,205 seconds. */
const FROM = 6200;
const GONE_MS = 60_000;

type Opener = (options: object) => Promise<resprout.Context>;
const openers = resprout as unknown as Readonly<Record<string, Opener>>;

/** The `sleep 62NN` that run, with their pids. */
const sleeping = (): string[] => sleepers(/^62\d\d$/);

/** @returns after how many milliseconds nothing was left */
async function nothingLeft(what: string): Promise<number> {
  const start = performance.now();
  for (let left = sleeping(); left.length > 0; left = sleeping()) {
    assert.ok(performance.now() - start < GONE_MS, `${what}: left are ${left.join(', ')}`);
    await sleep(20);
  }
  return performance.now() - start;
}

const ways: Readonly<Record<string, (context: resprout.Context) => Promise<unknown>>> = {
  close: (context) => context.close(),
  'process.exit': (context) => context.call(exitWith, 3),
  'an uncaught error': (context) => context.call(throwLater),
  'SIGKILL of the far Node': (context) => context.call(killHere, 'SIGKILL'),
};

/** Children of a process, and theirs, nearest first. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]) === pid;
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('what a far process started', { skip }, () => {
  let targets: Targets;
  before(async () => {
    resprout.setContextLog(() => {});
    targets = await openTargets();
  });
  after(async () => {
    for (const one of sleeping()) process.kill(Number(one.split(':')[1]), 'SIGKILL');
    await targets.close();
  });

  for (const method of methods) {
    test(`goes with it: ${method}`, async (t) => {
      const open = openers[method];
      assert.ok(open !== undefined, 'there is no opener of this name');
      for (const [way, end] of Object.entries(ways)) {
        const context = await open({ ...targets.options[method] });
        await context.call(leave, FROM);
        await until('all children', () => sleeping().length >= 5);
        const stop = new AbortController();
        const ended = await Promise.race([
          end(context).then(
            () => 'ended',
            (error: Error) => error.message,
          ),
          sleep(GONE_MS, 'hangs', { signal: stop.signal }).catch(() => 'in time'),
        ]);
        stop.abort();
        assert.notEqual(ended, 'hangs', `${method}, ${way}`);
        t.diagnostic(`${way}: gone after ${(await nothingLeft(`${method}, ${way}`)).toFixed(0)} ms: ${ended}`);
        await context.close();
      }
    });

    for (const whom of ['controller', 'tool'] as const)
      test(`goes with a killed ${whom}: ${method}`, async (t) => {
        const file = path.join(import.meta.dirname, 'support/leaving-controller.ts');
        const args = [file, method, JSON.stringify(targets.options[method]), String(FROM)];
        const controller = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        const closed = once(controller, 'close');
        let said = '';
        controller.stdout.on('data', (piece) => (said += String(piece)));
        while (!said.includes('open\n')) await Promise.race([sleep(20), closed.then(() => assert.fail('it ended'))]);
        await until('all children', () => sleeping().length >= 5);
        if (whom === 'controller') controller.kill('SIGKILL');
        else for (const tool of childrenOf(controller.pid ?? 0)) process.kill(tool, 'SIGKILL');
        t.diagnostic(`gone after ${(await nothingLeft(`${method}, ${whom}`)).toFixed(0)} ms`);
        controller.kill('SIGKILL');
        await closed;
      });
  }
});

// Whatever a far process started goes with it, however it ends; daemons that left its group stay. Each method, each way to end.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepers } from '../support/sleepers.ts';
import { local, setContextLog, ssh, type Context } from '../../src/index.ts';
import {
  abortHere,
  daemon,
  exitInHandler,
  exitWith,
  killHere,
  leave,
  pidHere,
  printTail,
  rejectLater,
  throwLater,
} from './programs/leaves.ts';
import { until } from '../support/until.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import type { FarUser } from './support/far-user.ts';
import { placeNode } from './support/homes.ts';

const skip = rigProblem() ?? false;
const GONE_MS = 60_000;

/** The `sleep 60NN` that run, by their argument. */
const sleeping = (): string[] => sleepers(/^60\d\d$/);

/** Waits until only the daemons are left. @returns after how many milliseconds */
async function onlyDaemons(what: string): Promise<number> {
  const start = performance.now();
  for (;;) {
    const left = sleeping().filter((one) => !one.startsWith('6010'));
    if (left.length === 0) return performance.now() - start;
    assert.ok(performance.now() - start < GONE_MS, `${what}: left are ${left.join(', ')}`);
    await sleep(20);
  }
}

describe('what a far process started', { skip }, () => {
  let rig: Rig;
  let user: FarUser;
  before(async () => {
    rig = await openRig([{ shell: '/bin/bash', prepare: (home) => placeNode(home, 'n') }]);
    [user] = rig.users as [FarUser];
  });
  after(async () => {
    await Promise.all(opened.map((context) => context.close()));
    for (const one of sleeping()) process.kill(Number(one.split(':')[1]), 'SIGKILL');
    await rig.close();
  });

  const opened: Context[] = [];
  const kept = async (opening: Promise<Context>): Promise<Context> => {
    const context = await opening;
    opened.push(context);
    return context;
  };
  const openers: Readonly<Record<string, () => Promise<Context>>> = {
    local: () => kept(local({ name: `local-${opened.length}` })),
    ssh: () => kept(ssh({ name: `ssh-${opened.length}`, host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config() })),
    'local through ssh': async () => kept(local({ name: `below-${opened.length}`, via: await openers['ssh']?.() })),
  };

  const ways: Readonly<Record<string, (context: Context) => Promise<unknown>>> = {
    close: (context) => context.close(),
    'process.exit': (context) => context.call(exitWith, 3),
    'an exit handler that starts one more': (context) => context.call(exitInHandler),
    'an uncaught error': (context) => context.call(throwLater),
    'an unhandled rejection': (context) => context.call(rejectLater),
    abort: (context) => context.call(abortHere),
    SIGKILL: (context) => context.call(killHere, 'SIGKILL'),
    SIGTERM: (context) => context.call(killHere, 'SIGTERM'),
    SIGSEGV: (context) => context.call(killHere, 'SIGSEGV'),
  };

  for (const [method, open] of Object.entries(openers))
    test(`goes with it: ${method}`, async (t) => {
      for (const [way, end] of Object.entries(ways)) {
        const context = await open();
        await context.call(leave);
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
        t.diagnostic(`${way}: gone after ${(await onlyDaemons(`${method}, ${way}`)).toFixed(0)} ms: ${ended}`);
        await context.close();
      }
    });

  test('goes with its controller and with the tool of its connection', async () => {
    for (const whom of ['controller', 'tool'] as const) {
      const options = { name: 'killed', host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config() };
      const file = join(import.meta.dirname, 'support/leaving-controller.ts');
      const controller = spawn(process.execPath, [file, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = once(controller, 'close');
      let said = '';
      controller.stdout.on('data', (piece) => (said += String(piece)));
      while (!said.includes('open\n')) await Promise.race([sleep(20), closed.then(() => assert.fail('it ended'))]);
      await until('all children', () => sleeping().length >= 5);
      const tool = readdirSync('/proc').find((pid) => {
        try {
          const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
          return Number(parent) === controller.pid && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'ssh\n';
        } catch {
          return false;
        }
      });
      assert.ok(tool !== undefined);
      if (whom === 'controller') controller.kill('SIGKILL');
      else process.kill(Number(tool), 'SIGKILL');
      await onlyDaemons(whom);
      controller.kill('SIGKILL');
      await closed;
    }
  });

  test('stays when it left the group, and holds nobody up', async () => {
    for (const open of Object.values(openers)) {
      const context = await open();
      await context.call(daemon);
      const before = performance.now();
      // Whoever is held up is so for all of that time.
      await context.close({ graceMs: 90_000 });
      const tookMs = performance.now() - before;
      assert.ok(tookMs < 30_000, `close took ${tookMs.toFixed(0)} ms`);
      assert.equal(sleeping().filter((one) => one.startsWith('6010')).length, 1);
      for (const one of sleeping()) process.kill(Number(one.split(':')[1]), 'SIGKILL');
    }
  });

  test('prints to its last line, with an end or without', async () => {
    const lines: string[] = [];
    setContextLog(({ stream, text }) => {
      if (stream === 'stdout') lines.push(text);
    });
    // A pipe of the process may be read to its end a little after the process was seen to end.
    const said = async (count: number): Promise<void> => {
      for (let turn = 0; turn < 1500 && lines.length < count; turn++) await sleep(20);
    };
    for (const [method, open] of Object.entries(openers)) {
      lines.length = 0;
      const closed = await open();
      await closed.call(printTail);
      await closed.close();
      await said(2);
      assert.deepEqual(lines.splice(0), ['whole line', 'last line without end'], `${method}, close`);
      const exited = await open();
      await exited.call(exitWith, 3).catch(() => undefined);
      await said(1);
      assert.deepEqual(lines.splice(0), ['last line without end'], `${method}, exit`);
      const handled = await open();
      await handled.call(exitInHandler).catch(() => undefined);
      await said(1);
      assert.deepEqual(lines.splice(0), ['printed while it ends'], `${method}, exit handler`);
      await Promise.all([closed, exited, handled].map((context) => context.close()));
      assert.ok((await (await open()).call(pidHere)) > 0);
    }
    setContextLog(() => {});
  });
});

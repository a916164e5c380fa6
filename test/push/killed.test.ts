// Two controllers at once, controllers and far shells that are killed: nothing is left, nothing half is run, and the next push is right.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { KEPT, makeRoom, processesIn, roomProblem, type Room } from './support/room.ts';

const ROUNDS = Number(process.env['RESPROUT_KILL_ROUNDS'] ?? 5);
const CONTROLLER = path.join(import.meta.dirname, 'support/pushing-controller.ts');

interface Controller {
  /** What it has said. */
  readonly said: () => string;
  readonly ended: Promise<unknown>;
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
}

describe('a push', { skip: roomProblem() }, () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'resprout-push-'));
  let room: Room;
  before(() => {
    room = makeRoom('libc', { programs: ['sha256sum'] });
  });
  after(() => {
    room.close();
    rmSync(cache, { recursive: true, force: true });
  });

  function start(options: object = {}, then = 'closes'): Controller {
    const child = spawn(process.execPath, [CONTROLLER, JSON.stringify({ ...room.options, pushNode: true, ...options }), then], {
      env: { ...process.env, XDG_CACHE_HOME: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (piece) => (said += String(piece)));
    return { said: () => said, ended: once(child, 'close'), signal: (name) => void child.kill(name) };
  }
  const parts = (): string[] => room.names(KEPT).filter((name) => name.startsWith('.part-'));
  const whole = (): string[] => room.names(KEPT).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const empty = (): void => rmSync(path.join(room.folder, KEPT), { recursive: true, force: true });
  /** Nobody is in the room any more. */
  const nobody = async (what: string): Promise<void> => {
    await until(`nobody in the room, ${what}`, () => processesIn(room.folder).length === 0);
  };
  /** How much of Node has arrived in parts. */
  const arrivedBytes = (): number => {
    const files = parts().map((name) => path.join(room.folder, KEPT, name, 'node'));
    return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  };
  /** Whether bytes are there, and no more come: whoever reads them has all that was sent. */
  async function standsStill(): Promise<boolean> {
    let before = -1;
    for (let same = 0; same < 5; await sleep(100)) {
      const now = arrivedBytes();
      same = now === before ? same + 1 : 0;
      before = now;
    }
    return before > 0;
  }
  /** Starts one; it stands still when some bytes of it have arrived, and not all of them. */
  async function underWay(): Promise<Controller> {
    for (let tries = 0; ; tries++) {
      assert.ok(tries < 20, 'each one was too fast');
      const controller = start();
      await until('bytes there', () => arrivedBytes() > 0 || whole().length > 0, 60_000);
      controller.signal('SIGSTOP');
      if (await standsStill()) return controller;
      controller.signal('SIGCONT');
      await controller.ended;
      empty();
    }
  }

  test('of two at once travels once: the other one waits and finds it', async () => {
    empty();
    const first = await underWay();
    const second = start();
    await until('the wait of the second one', () => second.said().includes('waiting for process'), 60_000);
    first.signal('SIGCONT');
    await Promise.all([first.ended, second.ended]);
    for (const { said } of [first, second]) assert.match(said(), /\nopen\n$/);
    assert.match(second.said(), /waiting for process \d+ there/);
    assert.doesNotMatch(second.said(), /is put there/);
    assert.deepEqual([room.names(KEPT), parts()], [whole(), []]);
  });

  test('whose controller is killed at a random moment leaves nothing there, and the next one is right', async (t) => {
    empty();
    const startMs = performance.now();
    const one = start();
    await one.ended;
    const wholeMs = performance.now() - startMs;
    const stages: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++) {
      empty();
      const controller = round === 0 ? await underWay() : start();
      if (round > 0) await sleep(wholeMs * (0.2 + 0.8 * Math.random()));
      const stage = controller.said().includes('open')
        ? 'open'
        : parts().length > 0
          ? 'pushing'
          : whole().length > 0
            ? 'starting'
            : 'early';
      stages[stage] = (stages[stage] ?? 0) + 1;
      controller.signal('SIGKILL');
      await controller.ended;
      await nobody(`killed while it was ${stage}`);
      assert.deepEqual([parts(), room.names(KEPT)], [[], whole()], stage);
    }
    assert.ok((stages['pushing'] ?? 0) > 0);
    const last = start();
    await last.ended;
    assert.match(last.said(), /\nopen\n$/);
    t.diagnostic(`${ROUNDS} rounds: ${JSON.stringify(stages)}`);
  });

  test('into memory, where its folder is needed until the end, leaves nothing when all of it is killed', async () => {
    const other = makeRoom('static');
    try {
      mkdirSync(path.join(other.folder, 'dev/shm'));
      const controller = start({ ...other.options, pushNode: 'memory' }, 'stays');
      await until('an open context', () => controller.said().endsWith('open\n'), 60_000);
      assert.equal(other.names('dev/shm').length, 1, 'the test would see what is left');
      const group = processesIn(other.folder).filter((line) => !line.includes('read x'));
      controller.signal('SIGSTOP');
      spawnSync('kill', ['-s', 'KILL', ...group.map((line) => line.split(' ')[0] ?? '')]);
      await until('an empty folder', () => other.names('dev/shm').length === 0);
      await until('nobody there', () => processesIn(other.folder).length === 0);
      controller.signal('SIGKILL');
      await controller.ended;
    } finally {
      other.close();
    }
  });

  test('whose far shell is killed is told, and the next one removes what it left', async () => {
    empty();
    const controller = await underWay();
    const pids = processesIn(room.folder).map((line) => line.split(' ')[0] ?? '');
    // None of them sees the end of another one.
    for (const name of ['STOP', 'KILL']) spawnSync('kill', ['-s', name, ...pids]);
    controller.signal('SIGCONT');
    await controller.ended;
    assert.match(controller.said(), /REMOTE_LOST/);
    assert.equal(parts().length, 1, 'the test would see what is left');
    const next = start();
    await next.ended;
    assert.match(next.said(), /\nopen\n$/);
    assert.deepEqual(room.names(KEPT), whole());
  });
});

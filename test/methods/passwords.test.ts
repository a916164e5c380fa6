// Passwords of sudo, su and doas, on a host that is reached by ssh: asked there, answered here.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { doas, setContextLog, ssh, su, sudo, type Ask, type Context, type Question } from '../../src/index.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { farNode } from '../ssh/support/far-nodes.ts';
import { processesOf, type FarUser } from '../ssh/support/far-user.ts';
import { processesNaming } from '../ssh/support/left-over.ts';
import { REPOSITORY } from '../support/programs.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { envNames, whoIsHere } from './programs/here.ts';
import { askingRules, attempts } from './support/rules.ts';

const skip =
  rigProblem() ??
  needs(
    { program: 'sudo', debianPackage: 'sudo' },
    { program: 'doas', debianPackage: 'opendoas' },
    { program: 'perl', debianPackage: 'perl-base' },
  );
/** Never a word of a command line, an environment, a log or an error. */
const OWN = 'canary-own-2c51';
const OTHER = 'canary-other-77e0';

describe('a password', { skip }, () => {
  let rig: Rig;
  let caller: FarUser;
  let other: FarUser;
  let host: Context;
  const lines: string[] = [];
  let opened = 0;

  before(async () => {
    setContextLog(({ text }) => void lines.push(text));
    rig = await openRig(
      [
        { shell: '/bin/bash', password: OWN },
        { shell: '/bin/sh', password: OTHER },
      ],
      { namespace: askingRules() },
    );
    [caller, other] = rig.users as [FarUser, FarUser];
    host = await ssh({
      name: 'web',
      host: '127.0.0.1',
      port: rig.port,
      user: caller.name,
      configFile: rig.config(),
      node: farNode(caller.home),
    });
  });
  after(async () => {
    await host.close();
    setContextLog(() => {});
    await rig.close();
  });

  const openers = {
    sudo: (ask?: Ask) => sudo(common(ask)),
    su: (ask?: Ask) => su(common(ask)),
    doas: (ask?: Ask) => doas(common(ask)),
  };
  const common = (ask?: Ask) => ({ name: `become-${opened++}`, user: other.name, via: host, node: farNode(caller.home), ask });
  /** sudo and doas ask for the password of who calls, su for that of whom one becomes. */
  const right = { sudo: OWN, su: OTHER, doas: OWN };

  /** Kills a controller after some time or once it has opened. @returns how far it was, how long it ran, how long the rest took to go */
  async function killOne(
    method: 'sudo' | 'su' | 'doas',
    moment: number | 'open',
  ): Promise<{ stage: string; ranMs: number; goneMs: number }> {
    const config = rig.config();
    const first = { name: 'web', host: '127.0.0.1', port: rig.port, user: caller.name, configFile: config, node: farNode(caller.home) };
    const second = { user: other.name, node: farNode(caller.home) };
    const file = path.join(import.meta.dirname, 'support/asking-controller.ts');
    const startedMs = performance.now();
    const before = processesOf(caller.uid).length;
    const controller = spawn(process.execPath, [file, JSON.stringify(first), method, JSON.stringify(second), right[method]], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    const closed = once(controller, 'close');
    const isOpen = new Promise<void>((resolve) =>
      controller.stdout.on('data', (piece) => {
        said += String(piece);
        if (said.includes('open')) resolve();
      }),
    );
    await (moment === 'open' ? Promise.race([isOpen, closed]) : sleep(moment));
    if (moment === 'open') assert.ok(said.includes('open') && processesOf(other.uid).length > 0, 'the test would see what is left');
    const ranMs = performance.now() - startedMs;
    controller.kill('SIGKILL');
    await closed;
    const killedMs = performance.now();
    // The tools themselves run as root: they name the caller or the other one.
    await until(
      'the end of all',
      () => processesOf(other.uid).length === 0 && processesOf(caller.uid).length <= before && processesNaming(config).length === 0,
    );
    const stage = said.includes('open') ? 'open' : said.includes('asked') ? 'asked' : 'early';
    return { stage, ranMs, goneMs: performance.now() - killedMs };
  }

  test('of su is not asked for where root calls it, whatever the start files of the other user print', async () => {
    writeFileSync(path.join(other.home, '.profile'), "printf 'Password: ' >&2\n");
    other.own();
    const asked: string[] = [];
    const ask: Ask = async ({ text }) => {
      asked.push(text);
      return OWN;
    };
    const node = farNode(caller.home);
    const root = await sudo({ name: 'root', via: host, node, ask });
    const context = await su({ name: 'logged-in', user: other.name, login: true, via: root, node, ask });
    assert.equal((await context.call(whoIsHere)).uid, other.uid);
    assert.equal(asked.length, 1, asked.join());
    await root.close();
  });

  for (const method of ['sudo', 'su', 'doas'] as const) {
    test(`of ${method} is asked for once, and opens a process of the other user`, async () => {
      const asked: Question[] = [];
      const before = attempts(rig.folder);
      const context = await openers[method](async (question) => {
        asked.push(question);
        return right[method];
      });
      assert.equal((await context.call(whoIsHere)).uid, other.uid);
      assert.deepEqual(
        asked.map(({ kind, isSecret }) => ({ kind, isSecret })),
        [{ kind: 'password', isSecret: true }],
      );
      const names = await context.call(envNames);
      for (const name of ['NODE_OPTIONS', 'RESPROUT_ASK', 'SSH_ASKPASS', 'SUDO_ASKPASS', 'DISPLAY']) assert.ok(!names.includes(name), name);
      assert.equal(attempts(rig.folder), before);
      await context.close();
    });

    test(`of ${method} that is wrong costs one attempt`, async () => {
      let asked = 0;
      const before = attempts(rig.folder);
      await assert.rejects(
        openers[method](async () => {
          asked++;
          return 'canary-wrong-0b11';
        }),
        (error: Error & { code?: string }) => error.code === 'REMOTE_AUTH_FAILED' && !error.message.includes('canary'),
      );
      assert.deepEqual([asked, attempts(rig.folder) - before], [1, 1]);
    });

    test(`of ${method} that nobody gives is no attempt, and the question is in the error`, async () => {
      const before = attempts(rig.folder);
      for (const ask of [undefined, async () => undefined])
        await assert.rejects(
          openers[method](ask),
          (error: Error & { code?: string }) => error.code === 'REMOTE_AUTH_NEEDED' && /password/i.test(error.message),
        );
      assert.equal(attempts(rig.folder), before);
    });

    test(`of ${method} is in no command line, no environment and no log line`, async () => {
      const stop = new AbortController();
      const seen = watchProcesses([OWN, OTHER], stop.signal);
      const context = await openers[method](async () => right[method]);
      await context.close();
      stop.abort();
      const { looks, found } = await seen;
      assert.deepEqual(found, []);
      assert.ok(looks > 3, `${looks} looks`);
      assert.deepEqual(
        lines.filter((line) => /canary/.test(line)),
        [],
      );
    });

    test(`of ${method}: nothing is left when the controller is killed at a random moment, and nothing is tried`, async (t) => {
      const before = attempts(rig.folder);
      const stages: Record<string, number> = {};
      let longestMs = 0;
      const { ranMs } = await killOne(method, 'open');
      for (let round = 0; round < ROUNDS; round++) {
        const { stage, goneMs } = await killOne(method, Math.random() * ranMs * 1.2);
        stages[stage] = (stages[stage] ?? 0) + 1;
        longestMs = Math.max(longestMs, goneMs);
      }
      assert.equal(attempts(rig.folder), before);
      t.diagnostic(`rounds ${ROUNDS}, stages ${JSON.stringify(stages)}, gone after at most ${longestMs.toFixed(0)} ms`);
    });
  }
});

/** How many controllers are killed, each method. */
const ROUNDS = Number(process.env['RESPROUT_KILL_ROUNDS'] ?? 4);

/** Looks at all processes again and again. */
async function watchProcesses(
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly looks: number; readonly found: readonly string[] }> {
  const found: string[] = [];
  let looks = 0;
  while (!signal.aborted) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      for (const file of ['cmdline', 'environ'])
        try {
          const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
          if (words.some((word) => text.includes(word))) found.push(`${pid} ${file}`);
        } catch {
          // It ended.
        }
    looks++;
    await sleep(3);
  }
  return { looks, found };
}

describe('sudo where it wants a terminal', { skip }, () => {
  test('gets one of its own, and asks through the askpass all the same', async () => {
    const rig = await openRig([{ shell: '/bin/sh', password: OWN }, { shell: '/bin/sh' }], {
      namespace: askingRules(['Defaults requiretty']),
    });
    try {
      const [caller, other] = rig.users as [FarUser, FarUser];
      const node = farNode(caller.home);
      await using host = await ssh({ name: 'tty', host: '127.0.0.1', port: rig.port, user: caller.name, configFile: rig.config(), node });
      const common = { user: other.name, via: host, node, ask: async () => OWN };
      await assert.rejects(sudo({ ...common, name: 'without' }), (error: Error) => /tty/.test(error.message));
      await using context = await sudo({ ...common, name: 'with', terminal: true });
      assert.equal((await context.call(whoIsHere)).uid, other.uid);
    } finally {
      await rig.close();
    }
  });
});

describe('a controller of an ordinary user', { skip }, () => {
  let rig: Rig;
  let caller: FarUser;
  let other: FarUser;
  before(async () => {
    const rules = askingRules();
    rig = await openRig(
      [
        { shell: '/bin/sh', password: OWN },
        { shell: '/bin/sh', password: OTHER },
      ],
      {
        // The repository may lie where only root can go.
        namespace: (folder, users) => {
          mkdirSync(path.join(folder, 'repository'));
          return [...rules(folder, users), `mount --bind '${REPOSITORY}' '${folder}/repository'`];
        },
      },
    );
    [caller, other] = rig.users as [FarUser, FarUser];
  });
  after(() => rig.close());

  for (const method of ['sudo', 'su', 'doas'] as const)
    test(`opens by ${method}, is refused at once, closes at once, and leaves nothing when it is killed`, async () => {
      const node = farNode(caller.home);
      const program = `${rig.folder}/repository/test/methods/support/user-controller.ts`;
      const options = JSON.stringify({ user: other.name, node });
      const command = `echo $$; exec ${node} ${program} ${method} '${options}' ${method === 'su' ? OTHER : OWN}`;
      const ssh = spawn('ssh', ['-F', rig.config(), '-p', String(rig.port), `${caller.name}@127.0.0.1`, command], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(ssh, 'close');
      let said = '';
      ssh.stdout.on('data', (piece) => (said += String(piece)));
      await until('the last opening', () => said.split('\n').length > 5 || ssh.exitCode !== null, 120_000);
      const [pid = '', ...lines] = said.trim().split('\n');
      const [right, wrong, none, last] = lines.map(
        (line) => JSON.parse(line) as { uid?: number; code?: string; closedMs?: number; tookMs?: number },
      );
      assert.deepEqual(
        [right?.uid, wrong?.code, none?.code, last?.uid],
        [other.uid, 'REMOTE_AUTH_FAILED', 'REMOTE_AUTH_NEEDED', other.uid],
        said,
      );
      // Longer, 5.5 s, are only those who wait for a process that takes no signal.
      assert.ok((right?.closedMs ?? Infinity) < 5400 && (none?.tookMs ?? Infinity) < 5400, said);
      assert.ok(processesOf(other.uid).length > 0, 'the test would see what is left');
      process.kill(Number(pid), 'SIGKILL');
      await closed;
      await until('the end of all', () => processesOf(other.uid).length === 0);
    });
});

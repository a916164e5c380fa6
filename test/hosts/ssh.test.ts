// Many hosts over a real sshd: what doctor finds of each, calls and commands on all of them, and that nothing is left there.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf, nothingLeft } from '../cli/support/cli.ts';
import { Pty, noPty } from '../cli/support/pty.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { placeNode, placeOld } from '../ssh/support/homes.ts';
import { untilGone } from '../ssh/support/left-over.ts';

const skip = rigProblem() ?? false;

interface Step {
  readonly of: string;
  readonly name: string;
  readonly state: string;
  readonly saw: string;
  readonly do?: string;
}

describe('many hosts over ssh', { skip }, () => {
  let rig: Rig;
  let shop: Shop;
  let targets: Readonly<Record<'good' | 'fish' | 'old' | 'none' | 'taken' | 'readOnly', string>>;

  before(async () => {
    const good = (home: string): void => placeNode(home, 'n');
    const old = (home: string): void => {
      placeOld(home, '.nvm/versions/node/v18.1.0', 'v18.1.0');
      placeOld(home, '.local', 'v20.2.0');
    };
    const taken = (home: string): void => {
      good(home);
      writeFileSync(join(home, '.bashrc'), 'exec cat >/dev/null\n');
    };
    rig = await openRig([
      { shell: '/bin/sh', home: 'memory', prepare: good },
      { shell: '/bin/bash', home: 'memory', prepare: (home) => (old(home), good(home)) },
      { shell: '/bin/sh', home: 'memory', prepare: old },
      { shell: '/bin/sh', home: 'memory' },
      { shell: '/bin/bash', home: 'memory', prepare: taken },
      { shell: '/bin/sh', home: 'read-only', prepare: good },
    ]);
    const names = ['good', 'fish', 'old', 'none', 'taken', 'readOnly'] as const;
    const entries = names.map((name, at) => [name, `ssh://${rig.users[at]?.name ?? ''}@127.0.0.1:${rig.port}`] as const);
    targets = Object.fromEntries(entries) as typeof targets;
    shop = new Shop({
      'ops.ts': `import { contextInfo } from 'resprout'; export const who = (port: number) => process.env.USER + ' ' + port;`,
      'resprout.config.json': JSON.stringify({ targets, groups: { all: { targets: names.map((name) => `@${name}`), vars: { port: 5 } } } }),
    });
  });
  after(async () => {
    shop[Symbol.dispose]();
    await rig.close();
  });

  /** An environment in which `ssh` reads this configuration, as a person's own would be read. */
  const configured = (wish: Parameters<Rig['config']>[0] = {}): { readonly env: Record<string, string> } => {
    const file = rig.config(wish);
    const folder = `${file}.bin`;
    mkdirSync(folder);
    writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${file}' "$@"\n`);
    chmodSync(join(folder, 'ssh'), 0o755);
    return { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
  };

  const examined = async (target: string, exit: number, wish: Parameters<Rig['config']>[0] = {}): Promise<readonly Step[]> => {
    const ended = await shop.run(['doctor', target, '--json'], configured(wish));
    assert.equal(ended.exit, exit, ended.out + ended.err);
    const [first] = jsonOf(ended).value as unknown as readonly { readonly steps: readonly Step[] }[];
    return first?.steps ?? [];
  };
  const states = (steps: readonly Step[]): Record<string, string> =>
    Object.fromEntries(steps.map(({ name, saw, state }) => [name, state === 'failed' ? saw.replace(/:.*/s, '') : state]));

  test('doctor: says of a host that opens what it found, every Node among it', async () => {
    const steps = await examined('@fish', 0);
    for (const name of [
      'ssh client',
      'configuration',
      'network',
      'connection',
      'host key',
      'authentication',
      'shell',
      'Node',
      'features',
      'round trip',
      'clock',
    ])
      assert.equal(states(steps)[name], 'ok', JSON.stringify(steps));
    const saw = (name: string): string => steps.find((step) => step.name === name)?.saw ?? '';
    assert.match(saw('network'), /^SSH-2\.0-OpenSSH/);
    assert.match(saw('Node'), /^\/\S+ v\d+\.\d+\.\d+$/);
    assert.match(saw('other Nodes'), /\.local\/bin\/node v20\.2\.0, older than 22\.18/);
    assert.match(saw('other Nodes'), /v18\.1\.0\/bin\/node is older by its name/);
    assert.match(saw('user'), /shell \/bin\/bash/);
    const readOnly = await examined('@readOnly', 0);
    assert.ok(readOnly.some(({ name, state, saw }) => name === 'disk' && state === 'warning' && /cannot be written/.test(saw)));
  });

  test('doctor: names the step that keeps a host closed, and what to do', async () => {
    const cases: readonly (readonly [target: string, wish: Parameters<Rig['config']>[0], step: string, code: string, before: string])[] = [
      ['@old', {}, 'Node', 'REMOTE_NODE_TOO_OLD', 'shell'],
      ['@none', {}, 'Node', 'REMOTE_NODE_MISSING', 'shell'],
      // Its login shell becomes another program, which takes all that comes and says nothing.
      ['@taken', {}, 'shell', 'REMOTE_CONNECT_TIMEOUT', 'authentication'],
      ['@good', { key: 'other' }, 'authentication', 'REMOTE_AUTH_NEEDED', 'host key'],
      ['@good', { known: 'none' }, 'host key', 'REMOTE_HOST_KEY_UNKNOWN', 'connection'],
      ['@good', { known: 'other' }, 'host key', 'REMOTE_HOST_KEY_CHANGED', 'connection'],
    ];
    for (const [target, wish, step, code, before] of cases) {
      const steps = await examined(target, 4, wish);
      assert.deepEqual([states(steps)[step], states(steps)[before]], [code, 'ok'], JSON.stringify(steps));
      assert.ok(steps.find(({ state }) => state === 'failed')?.do !== undefined);
      const after = steps.slice(steps.findIndex(({ state }) => state === 'failed') + 1);
      assert.ok(after.every(({ state }) => state === 'not reached'));
    }
  });

  test('doctor: looks through a bastion hop by hop; several targets are a block each', async () => {
    const { out, exit } = await shop.run(['doctor', '@good+local:inner', '@none'], configured());
    assert.equal(exit, 4);
    const heads = out.split('\n').filter((line) => line.startsWith('ssh://'));
    assert.deepEqual(heads.toSorted(), [targets.good, `${targets.good}+local:inner`, targets.none].toSorted());
    const inner = out.slice(out.indexOf(`${targets.good}+local:inner`));
    assert.match(inner, /^.*\n {2}✔ start [^]*?\n {2}✔ Node /);
    assert.match(out, new RegExp(`^${targets.none}$`, 'm'));
    assert.match(out, /^ {2}✖ Node {11}REMOTE_NODE_MISSING: /m);
    await Promise.all(rig.users.map(({ name, uid }) => untilGone(name, uid)));
  });

  test('call and exec on all of them: results of those that open, one block for each cause of the others', async () => {
    const called = await shop.run(['call', '@all', 'ops.ts:who', 'vars.port', '--limit', 'good,fish,old,none,readOnly'], configured());
    assert.equal(called.exit, 4);
    const expected = [0, 1, 5].map((at) => `${['good', 'fish', '', '', '', 'readOnly'][at] ?? ''} | ${rig.users[at]?.name ?? ''} 5`);
    assert.deepEqual(called.out.trimEnd().split('\n').toSorted(), expected.toSorted());
    assert.match(called.err, /^✔ 3 of 5 targets done {2}✖ 2 failed/m);
    const run = await shop.run(['exec', '@all', '--limit', 'good,fish', '--', 'id', '-un'], configured());
    assert.deepEqual(run.out.trimEnd().split('\n').toSorted(), [
      `fish | ${rig.users[1]?.name ?? ''}`,
      `good | ${rig.users[0]?.name ?? ''}`,
    ]);
    await Promise.all(rig.users.map(({ name, uid }) => untilGone(name, uid)));
  });

  test('exec -t: a terminal on another host; killed in the middle it leaves nothing there', { skip: noPty }, async () => {
    using pty = new Pty(shop, ['exec', '@good+local:in', '-t', '--', 'sh'], configured());
    await pty.until('USAGE');
    assert.equal(await pty.ended, 2);
    using one = new Pty(shop, ['exec', targets.good, '-t', '--', 'sh', '-c', 'tty; stty size; sleep 1000'], {
      ...configured(),
      columns: 77,
      rows: 11,
    });
    await one.until('11 77');
    one.keys('\u0003');
    assert.equal(await one.ended, 130, one.raw);
    using two = new Pty(shop, ['exec', targets.good, '-t', '--', 'sh', '-c', 'echo runs; sleep 1000'], configured());
    await two.until('runs');
    two[Symbol.dispose]();
    await Promise.all(rig.users.map(({ name, uid }) => untilGone(name, uid)));
    await nothingLeft(shop.folder);
  });

  test('forty contexts on one host at once, all of them ended in the middle: nothing is left there', async () => {
    const many = `${targets.good}?name=h{1..40}`;
    const done = await shop.run(['exec', many, '--concurrency', '20', '--', 'id', '-un'], configured());
    assert.equal(done.exit, 0, done.err);
    assert.equal(new Set(done.out.trimEnd().split('\n')).size, 40);
    assert.match(done.err, /^✔ 40 of 40 targets done/m);
    for (const end of ['SIGINT', 'SIGKILL'] as const) {
      const started = shop.start(['exec', many, '--concurrency', '20', '--', 'sh', '-c', 'echo runs; sleep 1000'], configured());
      await started.until('h3 | runs');
      started.kill(end);
      await started.ended;
      await Promise.all(rig.users.map(({ name, uid }) => untilGone(name, uid)));
      await nothingLeft(shop.folder);
    }
  });
});

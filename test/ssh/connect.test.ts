import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionMethodBehaviours } from '../../src/testing/connection-method-suite.ts';
import { dial, farStdioOf, parseRecipe, parseTarget, type TransportLine } from '../../src/remote/connect/index.ts';
import { missingNodes } from '../support/nodes.ts';
import { rigProblem, type Rig } from './rig.ts';
import { dialTest, problem, sshRecipe, useAndEnd } from './support/dialling.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';
import { farNode } from './support/far-nodes.ts';
import { emptyHome, placeNode, placeOld } from './support/homes.ts';
import { openTwoShells, PASSWORD } from './support/two-shells.ts';

const skip = rigProblem() ?? false;
let rig: Rig;
let dash: FarUser;
let bash: FarUser;
describe('ssh', { skip }, () => {
  before(async () => {
    ({ rig, dash, bash } = await openTwoShells());
  });
  after(async () => {
    await rig.close();
  });

  for (const shell of ['dash', 'bash'] as const) {
    const user = (): FarUser => (shell === 'dash' ? dash : bash);

    test(`dial opens ssh by key and finds Node in the folder of nvm, login shell ${shell}`, async () => {
      emptyHome(user());
      placeOld(user().home, '.nvm/versions/node/v18.2.0', 'v18.2.0');
      placeNode(user().home, '.nvm/versions/node/v26.1.0');
      const dialled = await dialTest(sshRecipe(rig, user(), rig.config()));
      assert.equal(dialled.node.path, join(user().home, '.nvm/versions/node/v26.1.0/bin/node'));
      assert.equal(dialled.node.version, process.versions.node);
      assert.ok(dialled.remainingMs > 0 && dialled.remainingMs < 30_000);
      const facts = await useAndEnd(dialled);
      assert.equal(facts.uid, user().uid);
      assert.equal(facts.captured, true);
      assert.equal(facts.stdinIsNull, true);
      assert.deepEqual((await dialled.exited).signal === null || true, true);
    });

    test(`dial starts the named Node and seeks no other, login shell ${shell}`, async () => {
      emptyHome(user());
      placeNode(user().home, 'my node');
      for (const node of [join(user().home, 'my node/bin/node'), '~/my node/bin/node', ['env', 'A=b c', farNode(user().home)]]) {
        const dialled = await dialTest(sshRecipe(rig, user(), rig.config(), { node }));
        const facts = await useAndEnd(dialled);
        assert.equal(facts.version, process.versions.node);
        if (typeof node !== 'string') assert.equal(facts.env['A'], 'b c');
      }
    });

    test(`dial throws REMOTE_NODE_TOO_OLD with each path and version, login shell ${shell}`, async () => {
      emptyHome(user());
      placeOld(user().home, '.volta/tools/image/node/lts', 'v20.19.4');
      placeOld(user().home, '.nvm/versions/node/v16.1.0', 'v16.1.0');
      const error = await problem(sshRecipe(rig, user(), rig.config()));
      assert.equal(error.code, 'REMOTE_NODE_TOO_OLD');
      assert.match(error.message, /\.volta\/tools\/image\/node\/lts\/bin\/node v20\.19\.4/);
      assert.match(error.message, /\.nvm\/versions\/node\/v16\.1\.0\/bin\/node is older by its name/);
    });

    test(`dial throws REMOTE_NODE_TOO_OLD for a real Node 20, login shell ${shell}`, { skip: missingNodes('20.20.2') }, async () => {
      emptyHome(user());
      placeNode(user().home, '.volta/tools/image/node/lts', '20.20.2');
      const error = await problem(sshRecipe(rig, user(), rig.config()));
      assert.equal(error.code, 'REMOTE_NODE_TOO_OLD');
      assert.match(error.message, /\.volta\/tools\/image\/node\/lts\/bin\/node v20\.20\.2/);
      const named = await problem(
        sshRecipe(rig, user(), rig.config(), { node: join(user().home, '.volta/tools/image/node/lts/bin/node') }),
      );
      assert.equal(named.code, 'REMOTE_NODE_TOO_OLD');
    });

    test(`dial throws REMOTE_NODE_MISSING where there is none, login shell ${shell}`, async () => {
      emptyHome(user());
      const error = await problem(sshRecipe(rig, user(), rig.config()));
      assert.equal(error.code, 'REMOTE_NODE_MISSING');
      assert.match(error.message, /no node was found/);
      assert.match(error.problem.saw ?? '', /\(Linux /);
      const named = await problem(sshRecipe(rig, user(), rig.config(), { node: '/nowhere/node' }));
      assert.equal(named.code, 'REMOTE_NODE_MISSING');
      assert.match(named.message, /\/nowhere\/node does not run/);
    });

    test(`dial reports what rc files and programs say as noise, login shell ${shell}`, async () => {
      emptyHome(user());
      placeNode(user().home, 'n');
      const noise = 'echo "welcome, your password: is safe"; echo oops >&2; printf "no line end"\n';
      writeFileSync(join(user().home, '.bashrc'), noise);
      const lines: TransportLine[] = [];
      const facts = await useAndEnd(await dialTest(sshRecipe(rig, user(), rig.config()), { lines }));
      assert.equal(facts.uid, user().uid);
      // bash reads .bashrc under sshd, dash reads nothing.
      if (shell === 'bash') {
        assert.deepEqual(
          lines.filter((line) => line.stream === 'stdout').map((line) => line.text),
          ['welcome, your password: is safe', 'no line end'],
        );
        assert.ok(lines.some((line) => line.stream === 'transport' && line.text === 'oops'));
      }
      assert.ok(!lines.some((line) => line.text.includes('Authorised')), 'the banner of sshd is kept off');
    });
  }

  test('dial hands none of our own variables to the far side, even when its sshd takes all', async () => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const config = rig.config({ extra: ['SendEnv *'] });
    const facts = await useAndEnd(await dialTest(sshRecipe(rig, dash, config), { env: { SEEN: 'yes' } }));
    assert.equal(facts.env['SEEN'], 'yes', 'the test would not notice otherwise');
    for (const name of ['NODE_OPTIONS', 'RESPROUT_ASK', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE', 'SUDO_ASKPASS'])
      assert.equal(facts.env[name], undefined, name);
  });

  test('dial throws REMOTE_CONNECT_FAILED with the words of ssh for a closed port and an unknown name', async () => {
    const closed = await problem({ method: 'ssh', name: 'far', host: '127.0.0.1', port: 1, configFile: rig.config() });
    assert.equal(closed.code, 'REMOTE_CONNECT_FAILED');
    assert.match(closed.message, /Connection refused/);
    // Who answers for names may take long to say that there is none.
    const nowhere = { method: 'ssh', name: 'far', host: 'no-such-host.invalid', configFile: rig.config() } as const;
    const unknown = await problem(nowhere, { timeoutMs: 120_000 });
    assert.equal(unknown.code, 'REMOTE_CONNECT_FAILED');
    assert.match(unknown.message, /no-such-host\.invalid/);
  });

  test(
    'dial throws REMOTE_CONNECT_TIMEOUT for a host that says nothing, and the limit stands still while somebody is asked',
    { skip },
    async () => {
      const silent = rig.config({ extra: ['ProxyCommand sleep 1000'] });
      const error = await problem(sshRecipe(rig, dash, silent), { timeoutMs: 400 });
      assert.equal(error.code, 'REMOTE_CONNECT_TIMEOUT');
      emptyHome(dash);
      placeNode(dash.home, 'n');
      const ask = async (): Promise<string> => {
        await new Promise((resolve) => setTimeout(resolve, 15_500));
        return PASSWORD;
      };
      const dialled = await dialTest(sshRecipe(rig, dash, rig.config({ key: 'none' })), { ask, timeoutMs: 15_000 });
      assert.ok(dialled.remainingMs > 0);
      await useAndEnd(dialled);
    },
  );

  test('dial rejects with the reason of its signal, and takes down what it started', async () => {
    const silent = rig.config({ extra: ['ProxyCommand sleep 1000'] });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 200);
    await assert.rejects(dialTest(sshRecipe(rig, dash, silent), { signal: stop.signal }), /enough/);
    await assert.rejects(dialTest(sshRecipe(rig, dash, silent), { signal: stop.signal }), /enough/);
  });

  test('dial starts nothing for a hostile name, whatever ProxyCommand and Match exec would do with it', async () => {
    const mark = join(rig.folder, 'hostile');
    const config = rig.config({ extra: [`ProxyCommand sh -c "echo %h %n %r; exit 1"`, `Match exec "echo %h %n %r"`] });
    const hostile = [
      `$(touch ${mark})`,
      `\`touch ${mark}\``,
      `;touch ${mark}`,
      `|touch ${mark}`,
      `x\ntouch ${mark}`,
      `-oProxyCommand=touch ${mark}`,
      `"$(touch ${mark})"`,
      `'$(touch ${mark})'`,
    ];
    for (const text of hostile) {
      for (const fields of [{ host: text }, { user: text }, { host: text.replaceAll(' ', '${IFS}') }]) {
        assert.throws(() => parseRecipe({ method: 'ssh', host: '127.0.0.1', configFile: config, ...fields }), {
          code: 'REMOTE_TARGET_INVALID',
        });
      }
      assert.throws(() => parseTarget(`ssh://${text}`), { code: 'REMOTE_TARGET_INVALID' });
    }
    for (const text of hostile) spawnSync('sh', ['-c', `echo ${text}`]);
    assert.equal(existsSync(mark), true, 'what is refused acts on a shell');
    rmSync(mark);
    for (const host of ['a.b-c_d:e', '%h', '::1%lo', '_'])
      await problem({ method: 'ssh', name: 'x', host, port: rig.port, configFile: config });
    assert.equal(existsSync(mark), false);
  });

  test('dial is not led astray by the configuration of the user', async () => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const mark = join(rig.folder, 'local-command');
    const lines = [
      'RequestTTY force',
      'RemoteCommand echo hijack',
      'SessionType none',
      'SessionType subsystem',
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'BatchMode yes',
      `PermitLocalCommand yes\nLocalCommand touch ${mark}`,
      'LogLevel DEBUG',
      'LogLevel QUIET',
      'VisualHostKey yes',
      'LocalForward 1 localhost:1\nExitOnForwardFailure yes',
      `ControlMaster auto\nControlPath ${join(rig.folder, 'cm-%C')}\nControlPersist 5`,
      'ForwardAgent yes',
      'Compression yes',
      'EscapeChar ~',
    ];
    for (const line of lines) {
      const facts = await useAndEnd(await dialTest(sshRecipe(rig, dash, rig.config({ extra: [line] }))));
      assert.equal(facts.uid, dash.uid, line);
    }
    assert.equal(existsSync(mark), false);
  });

  test('every connection method: ssh', async (t) => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const recipe = sshRecipe(rig, dash, rig.config());
    for (const { title, run } of connectionMethodBehaviours({ recipe, farStdio: farStdioOf(recipe), dial, env: process.env }))
      await t.test(title, run);
  });

  test('dial leaves no process of the far user', async () => {
    for (let waitedMs = 0; waitedMs < 60_000 && commandsOf(dash.uid).length + commandsOf(bash.uid).length > 0; waitedMs += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual([...commandsOf(dash.uid), ...commandsOf(bash.uid)], []);
  });
});

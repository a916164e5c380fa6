import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { connectionMethodBehaviours } from '../../src/testing/connection-method-suite.ts';
import {
  dial,
  farStdioOf,
  parseRecipe,
  parseTarget,
  type Question,
  type Recipe,
  type TransportLine,
} from '../../src/remote/connect/index.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { dialTest, sshRecipe, useAndEnd, type DialWish } from './support/dialling.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';

const skip = rigProblem() ?? false;
const PASSWORD = 'canary-F-7f3a';
let rig: Rig;
let dash: FarUser;
let bash: FarUser;

/** Puts a Node under a home, as a version manager would. */
function placeNode(home: string, folder: string): void {
  mkdirSync(join(home, folder, 'bin'), { recursive: true });
  symlinkSync(process.execPath, join(home, folder, 'bin/node'));
}

/** Puts a program there that says it is an old Node. */
function placeOld(home: string, folder: string, version: string): void {
  mkdirSync(join(home, folder, 'bin'), { recursive: true });
  writeFileSync(join(home, folder, 'bin/node'), `#!/bin/sh\necho ${version}\n`);
  chmodSync(join(home, folder, 'bin/node'), 0o755);
}

function emptyHome(user: FarUser): void {
  for (const name of ['.nvm', '.volta', '.local', 'n', 'my node', '.bashrc', '.profile'])
    rmSync(join(user.home, name), { recursive: true, force: true });
}

describe('ssh', { skip }, () => {
  before(async () => {
    rig = await openRig([
      { shell: '/bin/dash', password: PASSWORD },
      { shell: '/bin/bash', password: PASSWORD },
    ]);
    [dash, bash] = rig.users as [FarUser, FarUser];
  });
  after(async () => {
    await rig.close();
  });

  const problem = async (recipe: Recipe, wish: DialWish = {}) =>
    await dialTest(recipe, wish).then(
      async (dialled) => {
        await dialled.kill();
        assert.fail('it connected');
      },
      (error: unknown) => error as { code: string; message: string; problem: { saw?: string; tried?: string; do?: string } },
    );

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
      for (const node of [join(user().home, 'my node/bin/node'), '~/my node/bin/node', ['env', 'A=b c', process.execPath]]) {
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

  test('dial throws REMOTE_HOST_KEY_UNKNOWN with the fingerprint when nobody can be asked', async () => {
    const error = await problem(sshRecipe(rig, dash, rig.config({ known: 'none' })));
    assert.equal(error.code, 'REMOTE_HOST_KEY_UNKNOWN');
    assert.ok(error.message.includes(rig.fingerprint), error.message);
  });

  test('dial asks about an unknown host key, and takes the fingerprint of the recipe for an answer', async () => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const seen: Question[] = [];
    const ask = async (question: Question): Promise<string> => {
      seen.push(question);
      return 'yes';
    };
    await useAndEnd(await dialTest(sshRecipe(rig, dash, rig.config({ known: 'none' })), { ask }));
    assert.deepEqual(
      seen.map(({ kind, fingerprint, isSecret }) => ({ kind, fingerprint, isSecret })),
      [{ kind: 'host-key', fingerprint: rig.fingerprint, isSecret: false }],
    );
    for (const hostKey of [rig.fingerprint, 'accept-new'])
      await useAndEnd(await dialTest(sshRecipe(rig, dash, rig.config({ known: 'none' }), { hostKey })));
    // The expected key counts, not what is known: right although another one is known, refused although it is the known one.
    await useAndEnd(await dialTest(sshRecipe(rig, dash, rig.config({ known: 'other' }), { hostKey: rig.fingerprint })));
    for (const known of ['none', 'right'] as const) {
      const other = await problem(sshRecipe(rig, dash, rig.config({ known }), { hostKey: `SHA256:${'A'.repeat(43)}` }), { ask });
      assert.equal(other.code, 'REMOTE_HOST_KEY_CHANGED');
      assert.match(other.message, /not SHA256:A+ as expected/);
    }
    assert.equal(seen.length, 1);
    const refused = await problem(sshRecipe(rig, dash, rig.config({ known: 'none' })), { ask: async () => 'no' });
    assert.equal(refused.code, 'REMOTE_HOST_KEY_UNKNOWN');
  });

  test('dial throws REMOTE_HOST_KEY_CHANGED and asks nothing when the known key is another one', async () => {
    const seen: Question[] = [];
    const ask = async (question: Question): Promise<string> => {
      seen.push(question);
      return 'yes';
    };
    const error = await problem(sshRecipe(rig, dash, rig.config({ known: 'other', key: 'none' }), { hostKey: 'accept-new' }), { ask });
    assert.equal(error.code, 'REMOTE_HOST_KEY_CHANGED');
    assert.ok(error.message.includes(rig.fingerprint), error.message);
    assert.deepEqual(seen, []);
  });

  test('dial throws REMOTE_AUTH_FAILED when the host refuses the key and takes no password', async () => {
    const config = rig.config({ key: 'other', extra: ['PreferredAuthentications publickey'] });
    const error = await problem(sshRecipe(rig, dash, config));
    assert.equal(error.code, 'REMOTE_AUTH_FAILED');
    assert.match(error.message, /Permission denied \(publickey/);
  });

  test('dial throws REMOTE_AUTH_NEEDED with the question when a password is wanted and nobody can be asked', async () => {
    const before = rig.log().length;
    const error = await problem(sshRecipe(rig, dash, rig.config({ key: 'other' })));
    assert.equal(error.code, 'REMOTE_AUTH_NEEDED');
    assert.ok(error.message.includes(`${dash.name}@127.0.0.1's password:`), error.message);
    assert.doesNotMatch(rig.log().slice(before), /Failed password/, 'not even an empty one was tried');
  });

  test('dial gives the password that is asked for, and never gives a wrong one twice', async () => {
    emptyHome(bash);
    placeNode(bash.home, 'n');
    const seen: Question[] = [];
    const answering =
      (text: string) =>
      async (question: Question): Promise<string> => {
        seen.push(question);
        return text;
      };
    const facts = await useAndEnd(await dialTest(sshRecipe(rig, bash, rig.config({ key: 'none' })), { ask: answering(PASSWORD) }));
    assert.equal(facts.uid, bash.uid);
    assert.deepEqual(
      seen.map(({ kind, who, isSecret }) => ({ kind, who, isSecret })),
      [{ kind: 'password', who: `${bash.name}@127.0.0.1`, isSecret: true }],
    );
    const before = rig.log().length;
    const error = await problem(sshRecipe(rig, bash, rig.config({ key: 'none' })), { ask: answering('canary-wrong') });
    assert.equal(error.code, 'REMOTE_AUTH_FAILED');
    assert.ok(!JSON.stringify(error).includes('canary-wrong') && !error.message.includes('canary-wrong'));
    assert.equal(
      [
        ...rig
          .log()
          .slice(before)
          .matchAll(/Failed password/g),
      ].length,
      1,
    );
    assert.equal(seen.length, 2);
  });

  test('dial asks for the passphrase of a key; refused, ssh goes on and the error names it', async () => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const config = rig.config({ key: 'locked', extra: ['PreferredAuthentications publickey'] });
    const seen: Question[] = [];
    const ask = async (question: Question): Promise<string> => {
      seen.push(question);
      return rig.passphrase;
    };
    await useAndEnd(await dialTest(sshRecipe(rig, dash, config), { ask }));
    assert.deepEqual(
      seen.map(({ kind }) => kind),
      ['passphrase'],
    );
    const error = await problem(sshRecipe(rig, dash, config));
    assert.equal(error.code, 'REMOTE_AUTH_NEEDED');
    assert.match(error.message, /Enter passphrase for key/);
  });

  test('dial throws REMOTE_CONNECT_FAILED with the words of ssh for a closed port and an unknown name', async () => {
    const closed = await problem({ method: 'ssh', name: 'far', host: '127.0.0.1', port: 1, configFile: rig.config() });
    assert.equal(closed.code, 'REMOTE_CONNECT_FAILED');
    assert.match(closed.message, /Connection refused/);
    const unknown = await problem({ method: 'ssh', name: 'far', host: 'no-such-host.invalid', configFile: rig.config() });
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
        await new Promise((resolve) => setTimeout(resolve, 6500));
        return PASSWORD;
      };
      const dialled = await dialTest(sshRecipe(rig, dash, rig.config({ key: 'none' })), { ask, timeoutMs: 6000 });
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

  test('dial asks for each hop of a ProxyJump by its name, and tries a wrong password once', async () => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const jump = `${bash.name}@127.0.0.1:${rig.port}`;
    const hop = ['Host target', '  HostName 127.0.0.1', `  Port ${rig.port}`, `  ProxyJump ${jump}`, 'Host *'];
    const target: Recipe = {
      method: 'ssh',
      name: 'far',
      host: 'target',
      user: dash.name,
      configFile: rig.config({ key: 'none', extra: hop }),
    };
    const seen: Question[] = [];
    const answering =
      (text: string) =>
      async (question: Question): Promise<string> => {
        seen.push(question);
        return question.kind === 'host-key' ? 'yes' : text;
      };
    assert.equal((await useAndEnd(await dialTest(target, { ask: answering(PASSWORD) }))).uid, dash.uid);
    assert.deepEqual(
      seen.map(({ kind, who }) => `${kind} ${who.split('@')[0]}`),
      [`password ${bash.name}`, `password ${dash.name}`],
    );
    const before = rig.log().length;
    const error = await problem(target, { ask: answering('canary-wrong') });
    assert.equal(error.code, 'REMOTE_AUTH_FAILED');
    assert.ok(error.message.includes(bash.name), error.message);
    assert.equal(
      [
        ...rig
          .log()
          .slice(before)
          .matchAll(/Failed password/g),
      ].length,
      1,
    );
    // An expected key is that of the target: the jump host asks for itself.
    seen.length = 0;
    const pinned = { ...target, configFile: rig.config({ key: 'right', known: 'none', extra: hop }), hostKey: rig.fingerprint };
    assert.equal((await useAndEnd(await dialTest(pinned, { ask: answering('') }))).uid, dash.uid);
    assert.deepEqual(
      seen.map(({ kind }) => kind),
      ['host-key'],
    );
  });

  test('every connection method: ssh', async (t) => {
    emptyHome(dash);
    placeNode(dash.home, 'n');
    const recipe = sshRecipe(rig, dash, rig.config());
    for (const { title, run } of connectionMethodBehaviours({ recipe, farStdio: farStdioOf(recipe), dial, env: process.env }))
      await t.test(title, run);
  });

  test('dial leaves no process of the far user', async () => {
    for (let waitedMs = 0; waitedMs < 15_000 && commandsOf(dash.uid).length + commandsOf(bash.uid).length > 0; waitedMs += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual([...commandsOf(dash.uid), ...commandsOf(bash.uid)], []);
  });
});

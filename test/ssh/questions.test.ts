import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Question, Recipe } from '../../src/remote/connect/index.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { dialTest, problem, sshRecipe, useAndEnd } from './support/dialling.ts';
import type { FarUser } from './support/far-user.ts';
import { emptyHome, placeNode } from './support/homes.ts';
import { openTwoShells, PASSWORD, refusedPasswords } from './support/two-shells.ts';

const skip = rigProblem() ?? false;
let rig: Rig;
let dash: FarUser;
let bash: FarUser;

describe('questions of ssh', { skip }, () => {
  before(async () => {
    ({ rig, dash, bash } = await openTwoShells());
  });
  after(async () => {
    await rig.close();
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
    assert.equal(refusedPasswords(rig, before), 1);
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
    assert.equal(refusedPasswords(rig, before), 1);
    // An expected key is that of the target: the jump host asks for itself.
    seen.length = 0;
    const pinned = { ...target, configFile: rig.config({ key: 'right', known: 'none', extra: hop }), hostKey: rig.fingerprint };
    assert.equal((await useAndEnd(await dialTest(pinned, { ask: answering('') }))).uid, dash.uid);
    assert.deepEqual(
      seen.map(({ kind }) => kind),
      ['host-key'],
    );
  });
});

test(
  'dial answers a question of PAM as the password that it is, and tries a wrong one once though the host offers two ways',
  { skip },
  async () => {
    const rig = await openRig([{ shell: '/bin/sh', password: PASSWORD, prepare: (home) => placeNode(home, 'n') }], { usesPam: true });
    try {
      const [user] = rig.users as [FarUser];
      const config = (): string => rig.config({ key: 'none', extra: ['PreferredAuthentications keyboard-interactive,password'] });
      const seen: Question[] = [];
      const answering =
        (text: string) =>
        async (question: Question): Promise<string> => {
          seen.push(question);
          return text;
        };
      assert.equal((await useAndEnd(await dialTest(sshRecipe(rig, user, config()), { ask: answering(PASSWORD) }))).uid, user.uid);
      assert.deepEqual(
        seen.map(({ kind, who, text, isSecret }) => ({ kind, who, text, isSecret })),
        [{ kind: 'password', who: `${user.name}@127.0.0.1`, text: `(${user.name}@127.0.0.1) Password: `, isSecret: true }],
      );
      const before = rig.log().length;
      const error = await problem(sshRecipe(rig, user, config()), { ask: answering('canary-wrong') });
      assert.equal(error.code, 'REMOTE_AUTH_FAILED');
      assert.equal(seen.length, 2);
      const attempts = [
        ...rig
          .log()
          .slice(before)
          .matchAll(/PAM: Authentication failure|Failed password/g),
      ];
      assert.equal(attempts.length, 1, rig.log().slice(before));
    } finally {
      await rig.close();
    }
  },
);

// The command line over a real sshd: what a person is told when a host cannot be reached, does not know the key, or is not known.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import type { FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { untilGone } from '../ssh/support/left-over.ts';
import { Shop, jsonOf, nothingLeft, type Problem } from './support/cli.ts';
import { Pty, noPty } from './support/pty.ts';
import { checkRefusal } from './support/refused.ts';

const skip = rigProblem() ?? false;

const OPS = `
export function hello(name: string) { console.log('greets'); return \`hello \${name} from \${process.env.USER}\`; }
export function fail() {
  throw new Error('the disk is full');
}
`;
const PROGRAM = `
import { connect } from 'resprout';
import { fail, hello } from './ops.ts';
export default async function (event: { data: { target: string; fails: boolean } }) {
  const web = await connect(event.data.target);
  return event.data.fails ? await web.call(fail) : await web.call(hello, 'session');
}
`;

/** A home with a Node and nothing else. */
const prepare = (home: string): void => placeNode(home, 'n');

describe('the command line over ssh', { skip }, () => {
  let rig: Rig;
  let user: FarUser;
  let shop: Shop;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'memory', prepare }]);
    [user] = rig.users as [FarUser];
    shop = new Shop({ 'ops.ts': OPS, 'program.ts': PROGRAM });
  });
  after(async () => {
    shop[Symbol.dispose]();
    await rig.close();
  });

  const target = (): string => `ssh://${user.name}@127.0.0.1:${rig.port}`;

  /** An environment in which `ssh` reads this configuration, as a person's own would be read. */
  const configured = (wish: Parameters<Rig['config']>[0] = {}): { readonly env: Record<string, string> } => {
    const file = rig.config(wish);
    const folder = `${file}.bin`;
    mkdirSync(folder);
    writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${file}' "$@"\n`);
    chmodSync(join(folder, 'ssh'), 0o755);
    return { env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
  };

  /** `call` and `run` of one refusal: the same code, the same exit code. */
  const refusedBoth = async (to: string, code: string, options: { readonly env: Record<string, string> }): Promise<Problem> => {
    const data = JSON.stringify({ target: to, fails: false });
    const [plain, json, run] = await Promise.all([
      shop.run(['call', to, 'ops.ts:hello', '"x"'], options),
      shop.run(['call', to, 'ops.ts:hello', '"x"', '--json'], options),
      shop.run(['run', 'program.ts', '--json', '-d', data], options),
    ]);
    const problem = checkRefusal(plain, json, code);
    const inProgram = jsonOf(run);
    assert.deepEqual([inProgram.problem?.code, run.exit], [code, 4], run.out + run.err);
    assert.match(inProgram.problem?.at ?? '', /program\.ts:5:\d+$/, 'the line of the program that connects');
    assert.match(inProgram.problem?.kept ?? '', /^ses_\w+ failed at event/);
    return problem;
  };

  test('call and run reach the host with arguments and results', async () => {
    const [called, ran] = await Promise.all([
      shop.run(['call', target(), 'ops.ts:hello', '"you"'], configured()),
      shop.run(['run', 'program.ts', '-d', JSON.stringify({ target: target(), fails: false })], configured()),
    ]);
    assert.deepEqual([called.exit, called.out], [0, `hello you from ${user.name}\n`], called.err);
    assert.match(called.err, /^127\.0\.0\.1.* \| greets$/m);
    assert.deepEqual([ran.exit, ran.out], [0, `hello session from ${user.name}\n`], ran.err);
  });

  test('a port that nobody listens on, and a name that does not exist, are REMOTE_CONNECT_FAILED with the last words of ssh', async () => {
    const closed = await refusedBoth(`ssh://${user.name}@127.0.0.1:1`, 'REMOTE_CONNECT_FAILED', configured());
    assert.match(JSON.stringify(closed), /refused/i);
    const unknown = await refusedBoth('ssh://no-such-host.invalid', 'REMOTE_CONNECT_FAILED', configured());
    assert.match(JSON.stringify(unknown), /resolve|not known/i);
  });

  test('a key that the host refuses is REMOTE_AUTH_FAILED; a question that nobody can answer REMOTE_AUTH_NEEDED', async () => {
    await refusedBoth(target(), 'REMOTE_AUTH_FAILED', configured({ key: 'other', extra: ['PasswordAuthentication no'] }));
    await refusedBoth(target(), 'REMOTE_AUTH_NEEDED', configured({ key: 'other' }));
  });

  test('a host key that is not known, and one that has changed, are told with the fingerprint', async () => {
    const unknown = await refusedBoth(target(), 'REMOTE_HOST_KEY_UNKNOWN', configured({ known: 'none' }));
    assert.ok(JSON.stringify(unknown).includes(rig.fingerprint), JSON.stringify(unknown));
    await refusedBoth(target(), 'REMOTE_HOST_KEY_CHANGED', configured({ known: 'other' }));
  });

  test('run: what a far function throws shows the call, and the line there by name only; it keeps the session', async () => {
    const ran = await shop.run(['run', 'program.ts', '-d', JSON.stringify({ target: target(), fails: true })], configured());
    assert.equal(ran.exit, 1, ran.err);
    assert.match(ran.err, /^✖ PROGRAM_FAILED {2}Error: the disk is full$/m);
    assert.match(ran.err, /^ {3}at {5}program\.ts:\d+:\d+ .*await web\.call\(fail\)/m);
    assert.match(ran.err, /^ {3}far {4}127\.0\.0\.1: ops\.ts#fail at ops\.ts:4:9$/m);
  });

  test('a question of ssh has the terminal for itself, and its answer lets the session go on', { skip: noPty }, async () => {
    const args = ['run', 'program.ts', '-d', JSON.stringify({ target: target(), fails: false })];
    using pty = new Pty(shop, args, configured({ known: 'none' }));
    await pty.until(rig.fingerprint);
    await pty.until('(yes/no');
    // The rest of the question may come in a piece of its own.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { length } = pty.raw;
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(pty.raw.length, length, `something was painted over the question: ${JSON.stringify(pty.raw.slice(length))}`);
    pty.keys('yes\r');
    assert.equal(await pty.ended, 0, pty.raw);
    assert.match(pty.screen.lines.at(-1) ?? '', new RegExp(`^hello session from ${user.name}$`));
  });

  test('nothing is left running, here or there', async () => {
    await nothingLeft(shop.folder);
    await untilGone(`${rig.folder}/no-process-names-this`, user.uid);
  });
});

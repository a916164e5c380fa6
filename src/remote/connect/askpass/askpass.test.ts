import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { realRandom } from '../../../platform/random.ts';
import type { AskedText } from '../questions/question.ts';
import type { Reply } from '../questions/questions.ts';
import { ASK_PREFIX, sweepAskFolders } from './folder.ts';
import { openAskServer, type AskServer } from './server.ts';

/** What a helper did: the tool's side. */
interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly answer: string;
  readonly stderr: string;
}

async function withServer(
  reply: (asked: AskedText) => Promise<Reply> | Reply,
  use: (server: AskServer, asked: AskedText[]) => Promise<void>,
  givesBareTexts = false,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const asked: AskedText[] = [];
  const server = await openAskServer({
    random: realRandom,
    asker: 'ssh',
    env,
    givesBareTexts,
    reply: async (text) => {
      asked.push(text);
      return await reply(text);
    },
  });
  try {
    await use(server, asked);
  } finally {
    server.close();
  }
}

/** Runs the helper as ssh does: the program of SSH_ASKPASS with the question as its one argument. */
function ask(server: AskServer, question: string, env: Record<string, string> = {}, cwd = '/'): Promise<Ran> {
  // The shell stands for the tool, which the helper ends when it is told nothing.
  const tool = spawn('sh', ['-c', '"$SSH_ASKPASS" "$0"; echo "rc $?"', question], {
    env: { PATH: '/usr/bin:/bin', ...server.env, ...env },
    cwd,
  });
  let [answer, stderr] = ['', ''];
  tool.stdout.on('data', (piece) => (answer += String(piece)));
  tool.stderr.on('data', (piece) => (stderr += String(piece)));
  return new Promise((resolve) => tool.once('close', (code, signal) => resolve({ code, signal, answer, stderr })));
}

const answer = (text: string): Reply => ({ kind: 'answer', text });

test('openAskServer gives the answer to the helper, and the question comes raw', async () => {
  const question = "The authenticity of host 'a (b)' can't be established.\nkey fingerprint is SHA256:ab//cd/../e+f.\nSure (yes/no)? ";
  await withServer(
    () => answer('sécret'),
    async (server, asked) => {
      for (const cwd of ['/', tmpdir()])
        assert.equal((await ask(server, question, { SSH_ASKPASS_PROMPT: 'confirm' }, cwd)).answer, 'sécret\nrc 0\n');
      assert.deepEqual(asked, [
        { text: question, hint: 'confirm' },
        { text: question, hint: 'confirm' },
      ]);
    },
  );
});

test('openAskServer makes a helper that is refused exit 1, and ends the tool of one that is told nothing', async () => {
  await withServer(
    () => ({ kind: 'refuse' }),
    async (server) => assert.equal((await ask(server, 'Enter passphrase: ')).answer, 'rc 1\n'),
  );
  const isAsked = Promise.withResolvers<void>();
  await withServer(
    () => {
      isAsked.resolve();
      return { kind: 'hold' };
    },
    async (server) => {
      const waiting = ask(server, 'Password: ');
      await isAsked.promise;
      setTimeout(() => server.close(), 100);
      const ran = await waiting;
      assert.deepEqual([ran.answer, ran.signal], ['', 'SIGTERM'], 'the tool went before it could take an empty answer');
    },
  );
});

test('openAskServer answers nobody without the token, and nobody after it was closed', async () => {
  await withServer(
    () => answer('secret'),
    async (server, asked) => {
      const { RESPROUT_ASK = '' } = server.env;
      const [token = '', path = ''] = RESPROUT_ASK.split('|');
      assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
      assert.match(token, /^[0-9a-f]{32}$/);
      for (const wrong of ['0'.repeat(32), token.slice(1), '']) {
        const ran = await ask(server, 'Password: ', { RESPROUT_ASK: `${wrong}|${path}` });
        assert.ok(!ran.answer.includes('secret'));
      }
      assert.deepEqual(asked, []);
      server.close();
      assert.ok(!(await ask(server, 'Password: ')).answer.includes('secret'));
      assert.equal(existsSync(dirname(path)), false);
      assert.deepEqual(asked, []);
    },
  );
});

test('openAskServer drops strangers who talk without end or say nothing, and serves others meanwhile', async () => {
  await withServer(
    () => answer('secret'),
    async (server, asked) => {
      const path = (server.env['RESPROUT_ASK'] ?? '').split('|')[1] ?? '';
      const closes = (send: (socket: ReturnType<typeof connect>) => void): Promise<string> =>
        new Promise((resolve) => {
          const socket = connect(path, () => send(socket));
          let got = '';
          socket.on('data', (piece) => (got += String(piece)));
          socket.on('error', () => {});
          socket.on('close', () => resolve(got));
        });
      const silent = closes(() => {});
      const texts = ['{}\n', 'null\n', '{"token":1}\n', 'x'.repeat(1_000_000), '\n', '[[[[[[\n'];
      for (const text of texts) assert.equal(await closes((socket) => socket.write(text)), '');
      assert.equal((await ask(server, 'Password: ')).answer, 'secret\nrc 0\n');
      assert.equal(await silent, '');
      assert.equal(asked.length, 1);
    },
  );
});

/** What every user of this machine could read at most, of all processes but this one. */
function everyCommandAndEnvironment(): string {
  let all = '';
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    for (const name of ['cmdline', 'environ']) {
      try {
        all += readFileSync(`/proc/${pid}/${name}`, 'latin1');
      } catch {
        // It ended, or it is not ours to look at.
      }
    }
  }
  return all;
}

test('openAskServer shows no secret in the command line or environment of the helper', async () => {
  await withServer(
    () => answer('canary-secret-77'),
    async (server) => {
      let seen = '';
      const scan = setInterval(() => (seen += everyCommandAndEnvironment()), 1);
      for (let i = 0; i < 3; i += 1) assert.equal((await ask(server, 'Password of the scan: ')).answer, 'canary-secret-77\nrc 0\n');
      clearInterval(scan);
      assert.ok(seen.includes('Password of the scan: ') && seen.includes(server.env['RESPROUT_ASK'] ?? ''), 'the scan sees the helper');
      assert.ok(!seen.includes('canary-secret-77'));
    },
  );
});

test('openAskServer keeps a question that looks like an option of Node from being one', async () => {
  await withServer(
    () => answer('x'),
    async (server, asked) => {
      const ran = await ask(server, '--inspect=127.0.0.1:0');
      assert.equal(ran.answer, 'x\nrc 0\n');
      assert.doesNotMatch(ran.stderr, /Debugger/);
      assert.deepEqual(asked, [{ text: '--inspect=127.0.0.1:0', hint: '' }]);
    },
    true,
  );
});

test(
  'openAskServer works where no folder can be made',
  { skip: process.platform !== 'linux' && 'sockets without a file are of Linux' },
  async () => {
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = '/nowhere';
    try {
      await withServer(
        () => answer('secret'),
        async (server, asked) => {
          assert.match(server.env['RESPROUT_ASK'] ?? '', /^[0-9a-f]{32}\|@resprout-ask-/);
          assert.equal((await ask(server, 'Password: ')).answer, 'secret\nrc 0\n');
          assert.equal(asked.length, 1);
        },
        false,
        {},
      );
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  },
);

test('openAskServer does not disturb a Node program that the tool starts for the user', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-proxy-'));
  try {
    const program = join(folder, 'proxy.mjs');
    writeFileSync(program, 'console.log("proxy", process.argv[2])');
    await withServer(
      () => answer('x'),
      async (server, asked) => {
        const env = { PATH: '/usr/bin:/bin', ...server.env };
        assert.equal(spawnSync(process.execPath, [program, 'host'], { env, encoding: 'utf8' }).stdout, 'proxy host\n');
        assert.equal(spawnSync(process.execPath, ['-p', '1+1'], { env, encoding: 'utf8' }).stdout, '2\n');
        assert.deepEqual(asked, []);
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('sweepAskFolders removes what nobody listens in any more, and nothing else', async () => {
  // Not in TMPDIR: where the path of a socket would be too long, another place is taken.
  const parent = mkdtempSync('/tmp/resprout-sweep-');
  const server = await openAskServer({
    random: realRandom,
    asker: 'ssh',
    env: { XDG_RUNTIME_DIR: parent },
    givesBareTexts: false,
    reply: async () => answer(''),
  });
  try {
    const live = dirname((server.env['RESPROUT_ASK'] ?? '').split('|')[1] ?? '');
    for (const name of [`${ASK_PREFIX}dead`, `${ASK_PREFIX}fresh`, 'other']) mkdirSync(join(parent, name));
    for (const path of [join(parent, `${ASK_PREFIX}dead`), join(parent, 'other'), live]) utimesSync(path, 0, 0);
    await sweepAskFolders(parent, Date.now());
    assert.deepEqual(
      [`${ASK_PREFIX}dead`, `${ASK_PREFIX}fresh`, 'other'].map((name) => existsSync(join(parent, name))),
      [false, true, true],
    );
    assert.equal(existsSync(live), true);
    await sweepAskFolders(join(parent, 'nowhere'), Date.now());
  } finally {
    server.close();
    rmSync(parent, { recursive: true, force: true });
  }
});

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { sshFailure } from './ssh-failure.ts';
import { isBareTextVersion } from './ssh-version.ts';
import { plainWord } from './ssh-words.ts';
import { sshArgs } from './ssh.ts';

test('sshArgs gives the options that no configuration may change, then user and port, then the host behind --', () => {
  const text = sshArgs({ method: 'ssh', name: 'a', host: 'web', user: 'deploy', port: 2222, configFile: '/c' }, 'COMMAND').join(' ');
  assert.equal(
    text,
    '-F /c -o IgnoreUnknown=SessionType,StdinNull,ForkAfterAuthentication,RemoteCommand,KnownHostsCommand,LogVerbose -o ControlMaster=no -o ControlPersist=no ' +
      '-o RequestTTY=no -o RemoteCommand=none -o PermitLocalCommand=no -o ForwardAgent=no -o ForwardX11=no -o ClearAllForwardings=yes ' +
      '-o Tunnel=no -o SessionType=default -o StdinNull=no -o ForkAfterAuthentication=no -o EscapeChar=none -o BatchMode=no ' +
      '-o NumberOfPasswordPrompts=1 -o UpdateHostKeys=no -o VisualHostKey=no -o LogLevel=ERROR ' +
      '-o LogVerbose=channels.c:channel_input_open_failure():*,clientloop.c:server_alive_check():* -l deploy -p 2222 -- web COMMAND',
  );
  const bare = sshArgs({ method: 'ssh', name: 'a', host: 'web' }, 'COMMAND');
  assert.deepEqual(bare.slice(-3), ['--', 'web', 'COMMAND']);
  assert.ok(!bare.includes('-l') && !bare.includes('-p') && !bare.includes('-F'));
});

test('sshArgs lets an expected key count and nothing that is known', () => {
  const args = sshArgs({ method: 'ssh', name: 'a', host: 'web', hostKey: `SHA256:${'A'.repeat(43)}` }, 'COMMAND').join(' ');
  for (const option of [
    'StrictHostKeyChecking=ask',
    'UserKnownHostsFile=/dev/null',
    'GlobalKnownHostsFile=/dev/null',
    'KnownHostsCommand=none',
  ]) {
    assert.ok(args.includes(`-o ${option}`), option);
  }
});

test('isBareTextVersion tells the clients that hand over texts of the host as they are', () => {
  for (const line of ['OpenSSH_8.2p1 Ubuntu-4, OpenSSL 1.1.1f', 'OpenSSH_7.4p1', 'dropbear', ''])
    assert.equal(isBareTextVersion(line), true, line);
  for (const line of ['OpenSSH_8.5p1', 'OpenSSH_9.2p1 Debian', 'OpenSSH_10.5p1', 'OpenSSH_10.0p2'])
    assert.equal(isBareTextVersion(line), false, line);
});

test('sshFailure tells the cause from the last words of ssh', () => {
  const needed = new ResproutError('REMOTE_AUTH_NEEDED', 'asked');
  const end = (words: string[], code: number | null = 255, refused = false) =>
    sshFailure('ssh web', {
      exit: { code, signal: code === null ? 'SIGKILL' : null },
      words,
      wasAnswered: false,
      needed: refused ? needed : undefined,
    });
  const changed = end([
    '@@@@@@',
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
    `SHA256:${'b'.repeat(43)}.`,
    'Offending ED25519 key in /k:3',
    'Host key verification failed.',
  ]);
  assert.equal(changed.code, 'REMOTE_HOST_KEY_CHANGED');
  assert.ok(changed.message.includes(`SHA256:${'b'.repeat(43)}`) && changed.message.includes('/k:3'), changed.message);
  const strict = ['No ED25519 host key is known for web and you have requested strict checking.', 'Host key verification failed.'];
  assert.equal(end(strict).code, 'REMOTE_HOST_KEY_UNKNOWN');
  assert.equal(end(['u@web: Permission denied (publickey).']).code, 'REMOTE_AUTH_FAILED');
  assert.equal(end(['u@web: Permission denied (publickey).'], 255, true).code, 'REMOTE_AUTH_NEEDED');
  assert.equal(end(['Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures']).code, 'REMOTE_AUTH_FAILED');
  const unknown = end(['ssh: Could not resolve hostname web: Name or service not known']);
  assert.equal(unknown.code, 'REMOTE_CONNECT_FAILED');
  assert.match(unknown.message, /Could not resolve hostname/);
  assert.match(end([], null).message, /signal SIGKILL/);
  // Cut off from outside, and refused by nobody: it may pass.
  for (const cutOff of [end([], null), end([]), end(['Killed'], 137)]) assert.equal(cutOff.code, 'REMOTE_LOST');
  for (const refused of [end(['sh: not found'], 127), end(['no shell'], 1)]) assert.equal(refused.code, 'REMOTE_CONNECT_FAILED');
  assert.match(end(['sh: not found'], 127).message, /exit code 127.*sh: not found/);
  assert.match(end(['\u001b[2Jx']).message, /\\u\{1b\}\[2Jx/);
  // The reason may stand before what ssh says of the end of its proxy.
  const jump = ['channel 0: no way to web', 'stdio forwarding failed', 'Connection closed by UNKNOWN port 65535'];
  assert.match(end(jump).message, /cannot be reached: stdio forwarding failed/);
  assert.match(end(['Connection closed by UNKNOWN port 65535']).message, /Connection closed by UNKNOWN/);
  const none = end(['channel 0: open failed: administratively prohibited: not today']);
  assert.equal(none.code, 'REMOTE_CONNECT_FAILED');
  assert.match(none.message, /^ssh web is let in and gets no session there: administratively prohibited: not today$/);
  assert.equal(end(['Timeout, server web not responding.']).code, 'REMOTE_LOST');
});

test('plainWord takes the origin from the lines that were asked for, and those that come beside them away', () => {
  const asked = 'channels.c:channel_input_open_failure():3563 (pid=7): channel 0: open failed: connect failed: open failed';
  assert.equal(plainWord(asked), 'channel 0: open failed: connect failed: open failed');
  assert.equal(plainWord(asked.replace(' (pid=7)', '')), 'channel 0: open failed: connect failed: open failed');
  assert.equal(plainWord('debug2: channels.c:channel_input_open_failure():3567 (pid=7): channel 0: callback start'), undefined);
  for (const line of ['debug2: mine', 'main.c:12: error: no', 'x: y']) assert.equal(plainWord(line), line);
});

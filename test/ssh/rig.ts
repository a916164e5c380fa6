import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { nodeLines } from './support/far-nodes.ts';
import { makeUser, sweepUsers, type FarUser, type UserWish } from './support/far-user.ts';
import { run } from './support/run.ts';

// A real sshd on a random loopback port, with host keys, users and homes of its own. Everything it makes goes away with `close`; what a
// killed rig left behind is swept by the next one.

const SSHD = '/usr/sbin/sshd';
const INSTALL = 'apt-get install -y openssh-server openssh-client';
/** The probe of Node looks there too. In the rig's mount namespace nothing is there, so that tests decide what is found. */
const SYSTEM_NODES = ['/usr/bin/node', '/usr/local/bin/node', '/opt/node*/bin/node'];

/** Why the rig cannot run here, with what to do; undefined when it can. In CI that is an error. */
export function rigProblem(): string | undefined {
  const problem = findProblem();
  if (problem !== undefined && process.env['CI'] !== undefined) throw new Error(`the ssh tests must run in CI: ${problem}`);
  return problem;
}

function findProblem(): string | undefined {
  if (process.platform !== 'linux') return 'the ssh rig runs on Linux only';
  if (process.getuid?.() !== 0) return 'the ssh rig makes users: run the tests as root in a container';
  if (!existsSync(SSHD)) return `there is no ${SSHD}: ${INSTALL}`;
  if (spawnSync('ssh', ['-V']).status !== 0) return `there is no ssh: ${INSTALL}`;
  const mayMount = spawnSync('unshare', ['-m', 'true']).status === 0;
  return mayMount ? undefined : 'the ssh rig needs a mount namespace: run the container with CAP_SYS_ADMIN';
}

/** The ssh configuration of one test. */
interface ConfigWish {
  /** `right`: the host's key is known; `other`: a different one is; `none`: none is. Default `right`. */
  readonly known?: 'right' | 'other' | 'none';
  /** `right`: the key that every user accepts; `other`: one that nobody does; `none`: no key. Default `right`. */
  readonly key?: 'right' | 'other' | 'none' | 'locked';
  /** Further lines. */
  readonly extra?: readonly string[];
}

export interface Rig {
  readonly port: number;
  readonly users: readonly FarUser[];
  /** `SHA256:…` of the host's key. */
  readonly fingerprint: string;
  /** Scratch folder of the rig. */
  readonly folder: string;
  /** Passphrase of the key `locked`. */
  readonly passphrase: string;
  /** Writes a configuration for `ssh -F` and gives its path. */
  config(wish?: ConfigWish): string;
  /** What sshd has logged. */
  log(): string;
  close(): Promise<void>;
}

/** How the rig differs from an ordinary machine. */
export interface RigWish {
  /** The places for temporary files cannot be written: /tmp, /var/tmp, /dev/shm. */
  readonly isSealed?: boolean;
  /** Passwords go through the PAM of this machine, and its questions come by keyboard-interactive, before ssh's own. */
  readonly usesPam?: boolean;
  /** Further lines for the configuration of sshd, given the users. */
  readonly daemon?: (users: readonly FarUser[]) => readonly string[];
  /** Further shell lines in the namespace of sshd, given the folder of the rig and its users. */
  readonly namespace?: (folder: string, users: readonly FarUser[]) => readonly string[];
}

/** Shell lines that put an empty read-only file system over a folder, with `kept` folders below it as they were. */
function sealLines(folder: string, kept: readonly string[]): string[] {
  const inside = kept.filter((path) => path.startsWith(`${folder}/`));
  const places = inside.map((path, index) => ({ path, aside: `/run/resprout-rig-${index}` }));
  return [
    'mount -t tmpfs -o mode=0755 resprout-rig /run',
    'mkdir -p /run/sshd',
    ...places.flatMap(({ path, aside }) => [`mkdir -p ${aside}`, `mount --rbind '${path}' ${aside}`]),
    `mount -t tmpfs resprout-rig ${folder}`,
    ...places.flatMap(({ path, aside }) => [`mkdir -p '${path}'`, `mount --rbind ${aside} '${path}'`]),
    `mount -o remount,ro ${folder}`,
  ];
}

/** The namespace in which sshd runs: our Nodes and none of the system, perhaps no place to write. */
function namespaceLines(folder: string, users: readonly FarUser[], { isSealed = false, namespace }: RigWish): string[] {
  // Ours first: one of them may be a Node of the system.
  const hidden = globSync(SYSTEM_NODES).map((path) => `mount --bind /dev/null '${path}'`);
  const lines = [...nodeLines(folder), ...hidden, ...(namespace?.(folder, users) ?? [])];
  if (!isSealed) return lines;
  return [...lines, ...['/tmp', '/var/tmp', '/dev/shm'].flatMap((place) => sealLines(place, [folder]))];
}

const logOf = (folder: string): string => {
  const file = join(folder, 'sshd.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** Waits until sshd says that it listens: whoever answers at its port may be another one. @throws Error with its log when it ends */
async function untilListening(folder: string, daemon: ChildProcess): Promise<void> {
  for (const startedMs = performance.now(); !logOf(folder).includes('Server listening on 127.0.0.1');) {
    if (daemon.exitCode !== null || daemon.signalCode !== null)
      throw new Error(`sshd ended with ${daemon.exitCode ?? daemon.signalCode}: ${logOf(folder)}`);
    if (performance.now() - startedMs > 60_000) throw new Error(`sshd did not open its port within 60 s: ${logOf(folder)}`);
    await sleep(20);
  }
}

function makeKeys(folder: string, passphrase: string): void {
  for (const name of ['host', 'other-host', 'right', 'other', 'locked']) {
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-C', name, '-N', name === 'locked' ? passphrase : '', '-f', join(folder, name)]);
  }
  writeFileSync(join(folder, 'authorized'), ['right', 'locked'].map((name) => readFileSync(join(folder, `${name}.pub`), 'utf8')).join(''));
  chmodSync(join(folder, 'authorized'), 0o644);
}

function daemonConfig(folder: string, port: number, users: readonly FarUser[], { daemon, usesPam = false }: RigWish): string {
  writeFileSync(join(folder, 'banner'), 'Authorised users only. Type your password: now\nroot@host password: \n');
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `Banner ${join(folder, 'banner')}`,
    `AllowUsers ${users.map((user) => user.name).join(' ')}`,
    'PidFile none',
    'StrictModes no',
    `UsePAM ${usesPam ? 'yes' : 'no'}`,
    'PasswordAuthentication yes',
    `KbdInteractiveAuthentication ${usesPam ? 'yes' : 'no'}`,
    'MaxStartups 200:30:300',
    'LoginGraceTime 60',
    // As loose as a sshd can be: what we must not send would arrive.
    'AcceptEnv *',
    ...(daemon?.(users) ?? []),
    '',
  ].join('\n');
}

function writeConfig(folder: string, number: number, port: number, wish: ConfigWish): string {
  const path = join(folder, `config-${number}`);
  const known = `${path}.known`;
  const { known: knows = 'right', key = 'right', extra = [] } = wish;
  const hostKey = readFileSync(join(folder, knows === 'other' ? 'other-host.pub' : 'host.pub'), 'utf8');
  writeFileSync(known, knows === 'none' ? '' : `[127.0.0.1]:${port} ${hostKey}`);
  const identity = key === 'none' ? 'IdentityFile none' : `IdentityFile ${join(folder, key)}`;
  const lines = [
    'Host *',
    ...extra,
    identity,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    `UserKnownHostsFile ${known}`,
    'GlobalKnownHostsFile /dev/null',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** Starts a sshd with these users. */
export async function openRig(wishes: readonly UserWish[], wish: RigWish = {}): Promise<Rig> {
  sweepUsers();
  // Not in TMPDIR: ssh keeps sockets in here, whose paths must be short, and every user goes through.
  const folder = mkdtempSync('/tmp/resprout-rig-');
  chmodSync(folder, 0o755);
  const users: FarUser[] = [];
  const passphrase = 'canary-passphrase-5d11';
  let daemon: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    if (daemon !== undefined && daemon.exitCode === null) {
      const ended = new Promise((resolve) => daemon?.once('exit', resolve));
      daemon.kill('SIGTERM');
      await ended;
    }
    for (const user of users) user.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    wishes.forEach((user, index) => users.push(makeUser(folder, String.fromCharCode(97 + index), user)));
    makeKeys(folder, passphrase);
    const port = await freePort();
    writeFileSync(join(folder, 'sshd.conf'), daemonConfig(folder, port, users, wish));
    mkdirSync('/run/sshd', { recursive: true });
    const script = [...namespaceLines(folder, users, wish), `exec ${SSHD} -D -f '${folder}/sshd.conf' -E '${folder}/sshd.log'`].join(
      ' && ',
    );
    daemon = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: 'ignore' });
    await untilListening(folder, daemon);
    const fingerprint = /SHA256:\S+/.exec(run('ssh-keygen', ['-lf', join(folder, 'host.pub')]))?.[0] ?? '';
    let configs = 0;
    return {
      port,
      users,
      fingerprint,
      folder,
      passphrase,
      config: (wish = {}) => writeConfig(folder, (configs += 1), port, wish),
      log: () => logOf(folder),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

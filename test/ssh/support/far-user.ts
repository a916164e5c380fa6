import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

const LIMIT_MS = 60_000;

/** What a user of the rig should be like. */
export interface UserWish {
  /** Login shell, such as `/bin/sh`. */
  readonly shell: string;
  readonly password?: string;
  /** `memory`: the home is a file system of its own, writable; `read-only`: it cannot be written after `prepare`. */
  readonly home?: 'plain' | 'memory' | 'read-only';
  /** Fills the home; called before it becomes read-only. The files are given to the user afterwards. */
  readonly prepare?: (home: string) => void;
}

/** A user that the rig made. */
export interface FarUser {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
  /** Gives everything in the home to the user, after a test has put files there. */
  own(): void;
  remove(): void;
}

const NAME = /^rs(\d+)[a-z]$/;

/** Removes users of rigs whose process is gone. */
export function sweepUsers(): void {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name = ''] = line.split(':');
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch {
      removeUser(name);
    }
  }
}

const isThere = (name: string): boolean => readFileSync('/etc/passwd', 'utf8').includes(`\n${name}:`);

/** Not while a process of the user has ended and waits for its parent to look, nor while another test changes the users. */
function removeUser(name: string): void {
  for (let waitedMs = 0; ; waitedMs += 50) {
    try {
      run('userdel', [name]);
      return;
    } catch (error) {
      // Another test has swept it.
      if (!isThere(name)) return;
      if (waitedMs >= LIMIT_MS) throw error;
    }
    pause(50);
  }
}

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Makes a user whose home is in `folder`. Root only. */
export function makeUser(folder: string, letter: string, wish: UserWish): FarUser {
  const name = `rs${process.pid}${letter}`;
  const home = join(folder, name);
  mkdirSync(home);
  const isMounted = wish.home === 'memory' || wish.home === 'read-only';
  if (isMounted) run('mount', ['-t', 'tmpfs', '-o', 'noatime,mode=0755,size=16m', 'resprout-rig', home]);
  // A password of * lets keys in and no password; without one, sshd takes the account for locked.
  run('useradd', ['-M', '-d', home, '-s', wish.shell, '-p', '*', name]);
  if (wish.password !== undefined) run('chpasswd', [], `${name}:${wish.password}\n`);
  const uid = Number(run('id', ['-u', name]));
  const own = (): void => void run('chown', ['-hR', `${name}:`, home]);
  wish.prepare?.(home);
  chmodSync(home, 0o755);
  own();
  if (wish.home === 'read-only') run('mount', ['-o', 'remount,ro,noatime', home]);
  const remove = (): void => {
    endProcesses(uid);
    if (isMounted) run('umount', ['-l', home]);
    removeUser(name);
  };
  return { name, uid, home, own, remove };
}

/** Kills all processes of a user and waits until they are gone. @throws Error when some stay for 60 s */
function endProcesses(uid: number): void {
  for (let waitedMs = 0; waitedMs < LIMIT_MS; waitedMs += 20) {
    const left = processesOf(uid);
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    pause(20);
  }
  throw new Error(`processes of the rig do not end: ${commandsOf(uid).join(', ')}`);
}

/** Pids of all living processes of a user, sshd's for its connections among them. */
export function processesOf(uid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return statSync(`/proc/${pid}`).uid === uid && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        // It ended between the listing and the look.
        return false;
      }
    });
}

/** The command lines of those processes, for messages. */
export function commandsOf(uid: number): string[] {
  return processesOf(uid).map((pid) => {
    try {
      return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100)}`;
    } catch {
      return `${pid}`;
    }
  });
}

// A root folder with what a far side needs and no more: Node, a shell, some programs, their libraries. Copies, so that any tool can enter it.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../ssh/support/run.ts';

const PROGRAMS = ['sh', 'sleep', 'setsid', 'uname', 'id', 'cat', 'env', 'head', 'ls', 'mkdir', 'chmod', 'mv', 'rm', 'gzip'];
const PREFIX = 'resprout-root-';

/** Makes it, below /tmp: sockets in it have short paths. What killed tests left there is swept. */
export function makeRootFolder(): string {
  sweep();
  const folder = mkdtempSync(`/tmp/${PREFIX}${process.pid}-`);
  for (const place of ['etc', 'proc', 'dev', 'sys', 'tmp', 'run', 'root', 'var', 'usr/bin', 'usr/lib', 'usr/local/bin'])
    mkdirSync(path.join(folder, place), { recursive: true });
  for (const [name, target] of [
    ['bin', 'usr/bin'],
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib'],
  ] as const)
    symlinkSync(target, path.join(folder, name));
  for (const [device, minor] of Object.entries({ null: 3, zero: 5, random: 8, urandom: 9 }))
    run('mknod', ['-m', '0666', path.join(folder, 'dev', device), 'c', '1', String(minor)]);
  const files = PROGRAMS.map((name) => [run('sh', ['-c', `command -v ${name}`]).trim(), `usr/bin/${name}`] as const);
  for (const [from, to] of [...files, [process.execPath, 'usr/local/bin/node'] as const]) {
    copyFileSync(from, path.join(folder, to));
    for (const library of librariesOf(from)) copyFileSync(library, path.join(folder, 'usr/lib', path.basename(library)));
  }
  writeFileSync(path.join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/tmp:/bin/sh\n');
  writeFileSync(path.join(folder, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
  // systemd-nspawn wants to know that it is a root folder.
  writeFileSync(path.join(folder, 'etc/os-release'), 'ID=resprout-test\n');
  chmodSync(folder, 0o755);
  return folder;
}

function librariesOf(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
}

/** What containers over a root folder of this process are called. */
export const containerName = (pid: number = process.pid): string => `resprout-test-${pid}`;

/** Takes away what tests left that were killed: their daemons and containers, which name the folder or the process, mounts and folders. */
function sweep(): void {
  for (const name of readdirSync('/tmp')) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length)) : undefined;
    if (pid === undefined || isAlive(pid)) continue;
    for (const left of readdirSync('/proc').filter((one) => /^\d+$/.test(one) && Number(one) !== process.pid))
      if (names(left, `/tmp/${name}`) || names(left, containerName(pid))) spawnSync('kill', ['-9', left]);
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
      const place = line.split(' ')[1] ?? '';
      if (place.startsWith(`/tmp/${name}`)) spawnSync('umount', ['-l', place]);
    }
    rmSync(`/tmp/${name}`, { recursive: true, force: true });
  }
}

const isAlive = (pid: number): boolean => spawnSync('kill', ['-0', String(pid)]).status === 0;

function names(pid: string, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
  } catch {
    // It ended.
    return false;
  }
}

// Root folders without Node: what a small machine has, and no more. Each is a mount of its own, so that it can be full, noexec or read-only.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { needs } from '../../support/needs.ts';
import { run } from '../../ssh/support/run.ts';

/** Why they cannot be made here. In CI that is an error. */
export const roomProblem = (): string | false =>
  needs(
    'linux',
    'root',
    { program: 'chroot', debianPackage: 'coreutils' },
    { program: 'unshare', debianPackage: 'util-linux' },
    { program: 'busybox', debianPackage: 'busybox-static' },
  );

/** All that a push uses there, beside `sh`. */
const PROGRAMS = ['sh', 'head', 'ls', 'mkdir', 'chmod', 'mv', 'rm', 'cat', 'uname', 'sleep', 'gzip'];
/** Libraries that Node needs beside those of libc. */
const LIBRARIES = ['libatomic.so.1', 'libstdc++.so.6', 'libgcc_s.so.1'];

export interface Room {
  readonly folder: string;
  /** Options of `chroot`, with an environment of a home and a PATH. */
  readonly options: { readonly directory: string; readonly toolPath: string; readonly toolArgs: readonly string[] };
  /** What lies in a folder of it; empty when it is not there. */
  names(folder: string): string[];
  /** Puts a file system of its own at a folder of it. */
  mount(folder: string, options: string): void;
  /** Puts a script among its programs. */
  script(name: string, text: string): void;
  close(): void;
}

/** Of the user in there. */
const HOME = '/root';

/** Where a push puts what stays. */
export const KEPT = `${HOME}/.cache/resprout/nodes`;

/**
 * `static`: one program that is linked to nothing, as where another libc is. `libc`: programs of this machine with their libraries, and those of
 * Node but the missing ones.
 */
export function makeRoom(
  kind: 'static' | 'libc',
  wish: { readonly missing?: readonly string[]; readonly programs?: readonly string[] } = {},
): Room {
  const folder = mkdtempSync('/tmp/resprout-room-');
  for (const place of ['usr/bin', 'usr/lib', 'root', 'proc', 'dev']) mkdirSync(path.join(folder, place), { recursive: true });
  for (const [name, target] of [
    ['bin', 'usr/bin'],
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib'],
  ] as const)
    symlinkSync(target, path.join(folder, name));
  run('mknod', ['-m', '0666', path.join(folder, 'dev/null'), 'c', '1', '3']);
  run('mknod', ['-m', '0666', path.join(folder, 'dev/urandom'), 'c', '1', '9']);
  const mounts: string[] = [];
  const mount = (place: string, type: string, options: readonly string[]): void => {
    mkdirSync(path.join(folder, place), { recursive: true });
    run('mount', ['-t', type, ...options, 'resprout-room', path.join(folder, place)]);
    mounts.push(path.join(folder, place));
  };
  mount('proc', 'proc', []);
  const programs = [...PROGRAMS, ...(wish.programs ?? [])];
  if (kind === 'static') fillStatic(folder, programs);
  else fillLibc(folder, programs, wish.missing ?? []);
  const env = ['-i', `HOME=${HOME}`, 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'chroot'];
  return {
    folder,
    options: { directory: folder, toolPath: 'env', toolArgs: env },
    names: (place) => (existsSync(path.join(folder, place)) ? readdirSync(path.join(folder, place)) : []),
    mount: (place, options) => mount(place, 'tmpfs', ['-o', options]),
    script: (name, text) => {
      rmSync(path.join(folder, 'usr/bin', name), { force: true });
      writeFileSync(path.join(folder, 'usr/bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    },
    close: () => {
      for (const one of mounts.toReversed()) run('umount', ['-l', one]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pathOf = (program: string): string => run('sh', ['-c', `command -v ${program}`]).trim();

function fillStatic(folder: string, programs: readonly string[]): void {
  copyFileSync(pathOf('busybox'), path.join(folder, 'usr/bin/busybox'));
  for (const name of programs) symlinkSync('busybox', path.join(folder, 'usr/bin', name));
}

function fillLibc(folder: string, programs: readonly string[], missing: readonly string[]): void {
  const place = (library: string): void => {
    const to = path.join(folder, 'usr/lib', path.basename(library));
    if (!existsSync(to)) copyFileSync(library, to);
  };
  for (const name of programs) {
    copyFileSync(pathOf(name), path.join(folder, 'usr/bin', name));
    for (const library of librariesOf(pathOf(name))) place(library);
  }
  for (const library of librariesOf(process.execPath))
    if (!LIBRARIES.includes(path.basename(library)) || !missing.includes(path.basename(library))) place(library);
}

function librariesOf(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file = '']) => file);
}

/** Commands of processes whose root is this folder. */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && rootOf(name) === folder)
    .map((pid) => `${pid} ${commandOf(pid)}`);
}

function rootOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/root`);
  } catch {
    // It ended.
    return '';
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100);
  } catch {
    // It ended.
    return '';
  }
}

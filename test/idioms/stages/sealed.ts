// A replay on a disk that takes nothing but the store, in a network with no interface, with every system call that could leave a trace looked at.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The disk: all that is mounted below it is read only, but for the place; of that, the folder of the program is. */
const SEAL = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
for folder in folder program; do
  [ -d "$1/$folder" ] || continue
  mount --bind "$1/$folder" "$1/$folder"
  mount -o remount,bind,ro "$1/$folder"
done
mount -o remount,bind,ro /
shift
exec "$@"
`;

const CALLS =
  'connect,bind,listen,sendto,sendmsg,execve,kill,open,openat,creat,truncate,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,' +
  'link,linkat,symlink,symlinkat,chmod,fchmodat,chown,fchownat,utimensat,mknod,mknodat';

const logOf = (root: string): string => path.join(root, 'calls.log');

/** Whether this machine can seal a replay: root on Linux, with strace. */
export function canSeal(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return [['strace', '-V'] as const, ['unshare', '--mount', '--net', 'true'] as const].every(
    ([program, ...args]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0,
  );
}

/** What a process is started with so that it is sealed. @param root the place of a program: its folder, its store, what it printed */
export function sealing(root: string): readonly string[] {
  const watched = ['strace', '-f', '-qq', '-s', '200', '-o', logOf(root), '-e', `trace=${CALLS}`];
  return ['unshare', '--mount', '--net', '--', 'sh', '-c', SEAL, 'seal', root, ...watched];
}

/** Places that are no disk. */
const NO_DISK = /^\/(?:dev|proc|sys)\//;
const WRITES = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/;

/** What a call did that a replay must not do; undefined when it may. @param own processes of the replay itself, which end each other */
function faultIn(line: string, root: string, own: ReadonlySet<string>): string | undefined {
  const match = /^\d+\s+(\w+)\((.*)$/.exec(line);
  if (match === null) return undefined;
  const [, call = '', rest = ''] = match;
  const files = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, file = '']) => file);
  // Its own files: the store, and what a stage prints.
  const isOwn = (file: string): boolean => NO_DISK.test(file) || file.startsWith(`${root}/store`) || file.startsWith(`${root}/stage-`);
  switch (call) {
    case 'connect':
    case 'bind':
      return /AF_INET/.test(rest) ? `${call} ${rest.slice(0, 80)}` : undefined;
    case 'listen':
      return `${call} ${rest.slice(0, 80)}`;
    case 'sendto':
    case 'sendmsg':
      return /AF_INET/.test(rest) ? `${call} ${rest.slice(0, 80)}` : undefined;
    case 'kill':
      // Signal 0 only asks whether a process is there.
      return /^-?\d+, 0\b/.test(rest) || own.has(/^-?(\d+)/.exec(rest)?.[1] ?? '') ? undefined : `${call} ${rest.slice(0, 80)}`;
    case 'execve':
      return files[0] === process.execPath ? undefined : `execve ${files[0] ?? ''}`;
    case 'open':
    case 'openat':
      if (!WRITES.test(rest)) return undefined;
      break;
    default:
  }
  const [touched] = files.filter((file) => !isOwn(file));
  return touched === undefined ? undefined : `${call} ${touched}`;
}

/** What was done that a replay must not do, each once. */
export function sealedFaults(root: string): readonly string[] {
  if (!existsSync(logOf(root))) return ['nothing was watched'];
  const lines = readFileSync(logOf(root), 'utf8').split('\n');
  const own = new Set(lines.map((line) => line.slice(0, line.indexOf(' '))));
  return [...new Set(lines.flatMap((line) => faultIn(line, root, own) ?? []))];
}

// Who a process is: a pid alone may belong to another process by the time it is read.
import fs from 'node:fs';
import os from 'node:os';
import { spawnSync } from 'node:child_process';
import { systemCode } from '../problem.ts';

/** A process that can be told apart from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system tells it; `?` when it does not. */
  readonly started: string;
}

/** Asked without /proc, which may be missing or hide the processes of others. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** When a living process started, `?` when the system does not tell; undefined when there is none of this pid (or only a zombie). */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : (fields[19] ?? '?');
    } catch {
      return isThere(pid) ? '?' : undefined;
    }
  }
  const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    timeout: 5000,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (ps.error !== undefined) return '?';
  return ps.status === 0 ? ps.stdout.trim() : undefined;
}

/** This process. */
export function selfIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '?' };
}

/** Whether that very process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const started = startOf(identity.pid);
  return started !== undefined && (started === '?' || identity.started === '?' || started === identity.started);
}

/** Names this machine and its process numbering: pids of another one cannot be asked. */
export function hostIdentity(): string {
  let namespace = '';
  try {
    namespace = `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: the host name is all there is.
  }
  return `${os.hostname()} ${namespace}`.trim();
}

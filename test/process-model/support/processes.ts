// What the system knows of a process: in which system call its main thread waits, how large it was, what it left behind.
import { readdirSync, readFileSync } from 'node:fs';

const LIMIT_MS = 60_000;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `seen` is true. @throws Error after 60 s */
export async function until(what: string, seen: () => boolean): Promise<void> {
  for (const startedMs = performance.now(); !seen(); await pause(2))
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`60 s without: ${what}`);
}

/** The number of a system call and its first argument, of the main thread of a process that waits in one; undefined while it runs. */
function callOf(pid: number): readonly [call: number, first: number] | undefined {
  try {
    const [call = '', first = ''] = readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ');
    return /^\d+$/.test(call) ? [Number(call), Number(first)] : undefined;
  } catch {
    return undefined;
  }
}

/** x86-64 and arm64. */
const NUMBERS = process.arch === 'arm64' ? { read: 63, write: 64 } : { read: 0, write: 1 };

/** Whether the main thread waits in a read or write of a descriptor. */
export function waitsIn(pid: number, call: 'read' | 'write', fd: number): boolean {
  const found = callOf(pid);
  return found?.[0] === NUMBERS[call] && found[1] === fd;
}

/**
 * Stops a process at a moment when another one waits for it in a system call. Stopped elsewhere it goes on and is stopped again.
 * @throws Error after 60 s
 */
export async function stopWhile(pid: number, waiting: number, call: 'read' | 'write', fd: number): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < LIMIT_MS; await pause(7)) {
    process.kill(pid, 'SIGSTOP');
    for (let i = 0; i < 60; i++) {
      await pause(5);
      // Twice in a row: nobody answers any more.
      if (waitsIn(waiting, call, fd) && (await pause(30), waitsIn(waiting, call, fd))) return;
    }
    process.kill(pid, 'SIGCONT');
  }
  throw new Error(`60 s without: process ${waiting} waits to ${call} descriptor ${fd}`);
}

/** Most memory that a process has had so far, MiB; 0 when it is gone. */
export function peakMiB(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Pids of all processes whose command line or environment holds a text; zombies have neither. */
export function mentioning(text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const known = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${name}/${file}`, 'latin1')).join(' ');
      return known.includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Milliseconds until `gone` is true. @throws Error after 60 s */
export async function timeUntil(what: string, gone: () => boolean): Promise<number> {
  const startedMs = performance.now();
  await until(what, gone);
  return performance.now() - startedMs;
}

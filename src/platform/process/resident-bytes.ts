import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

const PS_MS = 2000;

/** Memory of a process that lies in RAM, bytes; undefined when it is gone, or nobody can tell. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    // Gone, or a system without /proc.
    return process.platform === 'linux' ? undefined : await byPs(pid);
  }
}

function byPs(pid: number): Promise<number | undefined> {
  return new Promise((resolve) =>
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: PS_MS }, (error, text) =>
      resolve(error === null && /^\s*\d+\s*$/.test(text) ? Number(text) * 1024 : undefined),
    ),
  );
}

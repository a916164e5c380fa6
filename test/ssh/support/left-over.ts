import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandsOf } from './far-user.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended, or it is not ours to look at.
    return '';
  }
}

/** Processes whose command line or environment names `text`: what a controller started, its helpers among them. This process is not. */
export function processesNaming(text: string): string[] {
  const isMeant = (pid: string): boolean =>
    /^\d+$/.test(pid) && Number(pid) !== process.pid && !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`));
  return readdirSync('/proc')
    .filter(isMeant)
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(text) || read(`/proc/${pid}/environ`).includes(text))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 100)}`);
}

/** Waits until no process names `text` and none is of the user. Gives the milliseconds it took. @throws Error listing them after 60 s */
export async function untilGone(text: string, uid: number): Promise<number> {
  const start = performance.now();
  for (;;) {
    const left = [...processesNaming(text), ...commandsOf(uid)];
    if (left.length === 0) return performance.now() - start;
    if (performance.now() - start > 60_000) throw new Error(`left after 60 s:\n${left.join('\n')}`);
    await sleep(15);
  }
}

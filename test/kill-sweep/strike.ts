// The killing itself: real SIGKILLs to real processes.
import { readFileSync, readdirSync } from 'node:fs';
import type { Way } from './plan.ts';

/** Processes whose parent is `parent`, zombies left out. */
export function childrenOf(parent: number): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(ppid) === parent && state !== 'Z') found.push(Number(name));
    } catch {
      // It ended between the listing and the look.
    }
  }
  return found;
}

function sigkill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already: that is what was wanted.
  }
}

/**
 * Strikes from inside the owner process. For `cli` and `both` this does not return.
 * @returns whether there was something to strike: a context may not be there yet
 */
export function strike(way: Way, runnerPid: number | undefined): boolean {
  if (way === 'context') {
    const [context] = runnerPid === undefined ? [] : childrenOf(runnerPid);
    if (context === undefined) return false;
    sigkill(context);
    return true;
  }
  if (way !== 'cli' && runnerPid !== undefined) sigkill(runnerPid);
  if (way !== 'runner') sigkill(process.pid);
  return runnerPid !== undefined;
}

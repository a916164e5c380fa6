// The killing itself: real SIGKILLs to real processes.
import { childrenOf } from '../support/processes.ts';
import type { Way } from './plan.ts';

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

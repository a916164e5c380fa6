// Processes that carry a variable of ours in the environment they were started with: so those are found that left the group of their parent,
// or whose parent is gone. Linux shows it; elsewhere nothing is found, and the process group alone is what can be ended.
import { readdirSync, readFileSync } from 'node:fs';
import { realClock } from '../time/clock.ts';

/** Kills what a process was: it may have ended since it was seen. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is another user's.
  }
}

/** Bit of a kernel thread in the flags of `/proc/PID/stat` (PF_KTHREAD of linux/sched.h). */
const KERNEL_THREAD = 0x20_00_00;

/** State and flags of a process; undefined when there is no such process. The name in parentheses may hold anything. */
function statOf(pid: number): { readonly state: string; readonly isKernelThread: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', isKernelThread: (Number(fields[6]) & KERNEL_THREAD) !== 0 };
  } catch {
    return undefined;
  }
}

/** Whether there is such a process, zombies left out. */
function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && !'ZX'.includes(stat.state);
}

/**
 * What one look at a process tells. `gone`: it ended since it was listed, or is a zombie; it may have started another process meanwhile.
 * `starting`: it stands in the middle of an exec, where the kernel shows neither command line nor environment.
 */
type Seen = 'marked' | 'other' | 'starting' | 'gone';

function look(pid: number, line: string): Seen {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    if (environment !== '') return environment.split('\0').includes(line) ? 'marked' : 'other';
    const stat = statOf(pid);
    if (stat?.isKernelThread === true) return 'other';
    if (stat === undefined || 'ZX'.includes(stat.state)) return 'gone';
    // One that was started without any environment shows its command line all the same.
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1') === '' ? 'starting' : 'other';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'other' : 'gone';
  }
}

function pids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Time between two looks. */
const LOOK_MS = 10;
/** A process that is killed is gone when the system has come to it; one that the system cannot end is left. */
const MOST_MS = 1000;

/**
 * Kills every process but this one that was started with `name=value` in its environment. Resolves when a whole look has found none, and nothing
 * that could hide one; after a second at most.
 */
export async function endMarked(name: string, value: string): Promise<void> {
  const line = `${name}=${value}`;
  const killed = new Set<number>();
  const gone = new Set<number>();
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    let isClean = true;
    let mustWait = waitedMs > 0;
    for (const pid of pids()) {
      if (pid === process.pid) continue;
      const seen = look(pid, line);
      if (seen === 'other' || (seen === 'gone' && gone.has(pid))) continue;
      // Whatever was killed, or ended, or had not begun while this look went on may have started others behind its back.
      isClean = false;
      if (seen === 'gone') gone.add(pid);
      else mustWait = true;
      if (seen !== 'marked') continue;
      kill(pid);
      killed.add(pid);
    }
    // A process that is ending has no environment any more, and runs on for a moment.
    for (const pid of killed) if (!isRunning(pid)) killed.delete(pid);
    if ((isClean && killed.size === 0) || waitedMs >= MOST_MS) return;
    // What has ended is not waited for: where zombies lie about the second look is the last one, and it comes at once.
    if (mustWait) await realClock.sleep(LOOK_MS);
  }
}

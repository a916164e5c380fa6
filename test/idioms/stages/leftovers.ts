// Processes that a program or a kill has left. Children of a program outlive a runner that is killed, as they do on any machine; they are
// ended before the next stage begins.
import { readdirSync, readlinkSync } from 'node:fs';

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills a process group; one that is gone is as it should be. */
export function killGroup(leader: number | undefined): void {
  if (leader !== undefined && leader > 1) kill(-leader);
}

/** The folder that a process is in; undefined when it is gone, or another user's. */
function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Kills every process that is in this folder: what a program has started in a group of its own is found by nothing else. */
export function killIn(folder: string): void {
  if (process.platform !== 'linux') return;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const at = folderOf(pid);
    if (at === folder || at?.startsWith(`${folder}/`) === true || at === `${folder} (deleted)`) kill(Number(pid));
  }
}

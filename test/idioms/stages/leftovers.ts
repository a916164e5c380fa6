// Processes that a program or a kill has left. Children of a program outlive a runner that is killed, as they do on any machine; they are
// ended before the next stage begins. They are found by the folder they are in and by nothing else: the number of a process that has ended
// is soon that of another one, of anybody's.
import { readdirSync, readlinkSync } from 'node:fs';

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The folder that a process is in; undefined when it is gone, or another user's. */
function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

/** Kills every process that is in this folder. */
export function killIn(folder: string): void {
  if (process.platform !== 'linux') return;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const at = folderOf(pid);
    if (at === folder || at?.startsWith(`${folder}/`) === true || at === `${folder} (deleted)`) kill(Number(pid));
  }
}

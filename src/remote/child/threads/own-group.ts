// What a far process leaves behind when it ends: the processes of its group that it started. Those that made a group of their own stay.
import { readdirSync, readFileSync } from 'node:fs';

interface Place {
  readonly parent: number;
  readonly group: number;
}

/** Parent and group of a process, from /proc; undefined where there is none. The name in parentheses may hold anything. */
function placeOf(pid: number | string): Place | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or is another user's.
  }
}

/** This process and the shells that wait for it: they tell the other side how it ended. */
function aboveUs(): ReadonlySet<number> {
  const above = new Set<number>();
  for (let pid = process.pid; pid > 1 && !above.has(pid); pid = placeOf(pid)?.parent ?? 0) above.add(pid);
  return above;
}

/**
 * Kills whatever else is in the group of this process, so that it ends with its own exit code. Twice, since one may be started meanwhile.
 * @returns false where that cannot be seen: then only the whole group can be killed, this process with it
 */
export function endRestOfGroup(): boolean {
  const group = placeOf(process.pid)?.group;
  if (group === undefined) return false;
  const kept = aboveUs();
  for (let round = 0; round < 2; round++)
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (pid > 1 && !kept.has(pid) && placeOf(pid)?.group === group) kill(pid);
    }
  return true;
}

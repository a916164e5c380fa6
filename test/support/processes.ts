// What Linux knows of running processes. Zombies do not run: they only wait for their parent to look.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Pid of the leader of its process group. */
  readonly group: number;
}

/** Undefined when there is no such process, or a zombie only. */
function factsOf(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 'ZX'.includes(state) ? undefined : { pid, parent: Number(parent), group: Number(group) };
  } catch {
    // It went away, between the listing and the look perhaps.
    return undefined;
  }
}

/** Whether a process runs. */
export const isAlive = (pid: number): boolean => factsOf(pid) !== undefined;

function pidsWhere(isMeant: (facts: ProcessFacts) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => factsOf(Number(name)) ?? [])
    .filter(isMeant)
    .map(({ pid }) => pid);
}

/** Processes whose parent is this one, also those that lead a group of their own. */
export const childrenOf = (parent: number): number[] => pidsWhere((facts) => facts.parent === parent);

/** Processes of the group that this one leads. */
export const groupOf = (leader: number): number[] => pidsWhere((facts) => facts.group === leader);

/** Processes whose working folder is this one or below it. */
export const workingIn = (folder: string): number[] =>
  pidsWhere(({ pid }) => {
    try {
      return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });

/** Command line of a process, cut to 120 characters; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 120);
  } catch {
    return '';
  }
}

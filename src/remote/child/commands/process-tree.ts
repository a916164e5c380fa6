// The processes of a command: its descendants, and whoever left them but still holds one of its outputs.
// Invariant: a process is signalled only while it is the one that was seen (its start time says so), and never this process itself.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** One process. `start` tells it from a later one with the same number. */
interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly start: string;
}

/** From /proc; undefined when it has ended. The name in parentheses may hold anything. */
function readProcess(pid: number): Seen | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent = ''] = fields;
    return state === 'Z' || state === 'X' ? undefined : { pid, parent: Number(parent), start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

const hasProc = ((): boolean => {
  try {
    return readFileSync('/proc/self/stat').length > 0;
  } catch {
    return false;
  }
})();

const PS_LIMIT_MS = 5000;

/** @param roots what is known without looking, where nobody can look */
function allProcesses(roots: readonly number[]): readonly Seen[] {
  if (hasProc) return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  try {
    return fromPs();
  } catch {
    return roots.map((pid) => ({ pid, parent: 0, start: '' }));
  }
}

function fromPs(): readonly Seen[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8', timeout: PS_LIMIT_MS });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', start = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || state.startsWith('Z') ? [] : { pid: Number(pid), parent: Number(parent), start };
  });
}

/** What the outputs of a process that was just started are, so that its heirs can be told by them; nothing where that cannot be seen. */
export function outputsOf(pid: number | undefined): ReadonlySet<string> {
  const links = new Set<string>();
  for (const fd of [1, 2]) {
    const link = linkOf(pid, fd);
    if (link !== undefined && /^(?:socket|pipe):/.test(link)) links.add(link);
  }
  return links;
}

function linkOf(pid: number | undefined, fd: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    // It has ended, belongs to somebody else, or there is no /proc.
    return undefined;
  }
}

function holdsOne(pid: number, outputs: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => outputs.has(linkOf(pid, fd) ?? ''));
  } catch {
    return false;
  }
}

/** All processes of a command that run now: its roots, whoever holds one of its outputs, and what they started. */
function membersOf(roots: readonly number[], outputs: ReadonlySet<string>): readonly Seen[] {
  const all = allProcesses(roots).filter(({ pid }) => pid !== process.pid && pid > 1);
  const isFirst = ({ pid }: Seen): boolean => roots.includes(pid) || (outputs.size > 0 && holdsOne(pid, outputs));
  const members = new Map(all.filter(isFirst).map((one) => [one.pid, one]));
  for (let before = -1; before < members.size;) {
    before = members.size;
    for (const one of all) if (members.has(one.parent)) members.set(one.pid, one);
  }
  return [...members.values()];
}

/** Whether it is still the same process. */
function isThere({ pid, start }: Seen): boolean {
  if (hasProc) return readProcess(pid)?.start === start;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function signal(one: Seen, name: NodeJS.Signals): void {
  if (!isThere(one)) return;
  try {
    process.kill(one.pid, name);
  } catch {
    // It has ended, or belongs to somebody else: whoever waits for it says so.
  }
}

/** Time between two looks. */
const LOOK_MS = 25;
/** Rounds of SIGKILL: a process may start another one meanwhile. */
const ROUNDS = 5;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/**
 * Ends a command and all processes of it: SIGTERM, and SIGKILL for what is left after `graceMs`. Resolves when none is left that can be
 * ended.
 * @param root the process itself; undefined when it has ended already and others are left
 */
export async function endTree(root: number | undefined, outputs: ReadonlySet<string>, graceMs: number): Promise<void> {
  const asked = membersOf(root === undefined ? [] : [root], outputs);
  for (const one of asked) signal(one, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (asked.some(isThere) && performance.now() < deadline) await sleep(LOOK_MS);
  for (let round = 0; round < ROUNDS; round++) {
    const left = membersOf(
      asked.filter(isThere).map(({ pid }) => pid),
      outputs,
    );
    if (left.length === 0) return;
    for (const one of left) signal(one, 'SIGKILL');
    await sleep(LOOK_MS);
  }
}

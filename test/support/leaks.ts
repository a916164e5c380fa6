// Preloaded into every test file: fails the file when it leaves a child process, socket, server, worker or timer behind.
import { after } from 'node:test';
import { readdirSync, readFileSync } from 'node:fs';

const IGNORED = new Set(['TTYWrap', 'PipeWrap', 'FSReqCallback', 'FSReqPromise', 'Immediate', 'CloseReq', 'TickObject']);
const count = (): Map<string, number> => {
  const all = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) if (!IGNORED.has(name)) all.set(name, (all.get(name) ?? 0) + 1);
  return all;
};

/** Processes whose parent is this one, by pid and command, zombies left out. */
const childProcesses = (): string[] => {
  const found: string[] = [];
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) === process.pid && fields[0] !== 'Z')
        found.push(`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 120)}`);
    } catch {
      // The process went away between the listing and the look.
    }
  }
  return found;
};

const before = count();
after(async () => {
  if (process.platform !== 'linux') return;
  let leaks: string[] = [];
  for (let waitedMs = 0; waitedMs <= 2000; waitedMs += 50) {
    leaks = [...count()]
      .filter(([name, n]) => n > (before.get(name) ?? 0) && !(name === 'Timeout' && n === 1))
      .map(([name, n]) => `${name} x${n}`);
    leaks.push(...childProcesses().map((line) => `process ${line}`));
    if (leaks.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`leaked after the tests of this file: ${leaks.join(', ')}`);
});

import { readdirSync, readFileSync } from 'node:fs';

export function add(a: number, b: number): number {
  return a + b;
}

/** Children of the far process that run this program. */
export function pidsOf(name: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return stat.includes(`(${name})`) && Number(parent) === process.pid ? [Number(pid)] : [];
    } catch {
      // No process, or one that has ended.
      return [];
    }
  });
}

import { readdirSync, readFileSync } from 'node:fs';

/**
 * The `sleep` processes of this machine whose one argument fits, as `ARGUMENT:PID`. Tests that look for what was left start such processes with
 * numbers of their own.
 */
export function sleepers(argument: RegExp): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const [file, name = ''] = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      return file === 'sleep' && argument.test(name) ? [`${name}:${pid}`] : [];
    } catch {
      // It ended.
      return [];
    }
  });
}

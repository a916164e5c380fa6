// What a test needs of the machine. On a user's machine a missing thing skips with the reason and the install command; in CI it is a failure.
import { spawnSync } from 'node:child_process';

/** Whether a program can be found on PATH. */
function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
}

/**
 * For `test(name, { skip: needs(…) }, …)`: false when all is there.
 * @throws Error in CI when something is missing
 */
export function needs(
  ...wanted: readonly ({ readonly program: string; readonly debianPackage: string } | 'root' | 'linux')[]
): string | false {
  const missing = wanted.flatMap((need) => {
    if (need === 'root') return process.getuid?.() === 0 ? [] : ['it must run as root'];
    if (need === 'linux') return process.platform === 'linux' ? [] : ['it runs on Linux'];
    return has(need.program) ? [] : [`needs ${need.program}: apt-get install ${need.debianPackage}`];
  });
  if (missing.length === 0) return false;
  const reason = missing.join('; ');
  if (process.env['CI'] === 'true') throw new Error(`a test cannot run in CI: ${reason}`);
  return reason;
}

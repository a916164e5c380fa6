import { startProcess } from '../../../../platform/process/spawner.ts';
import { byteSource, readablePipe } from '../../tool/byte-source.ts';
import { inheritedEnv } from '../../../../platform/process/inherited-env.ts';
import { LastWords } from '../../tool/last-words.ts';
import type { DialSeams } from '../../method.ts';

const LIMIT_MS = 3000;

/** Whether an `ssh -V` line is of a client that gives texts of the host without `(user@host)` before them: OpenSSH before 8.5. */
export function isBareTextVersion(line: string): boolean {
  const version = /OpenSSH_(\d+)\.(\d+)/.exec(line);
  if (version === null) return true;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major < 8 || (major === 8 && minor < 5);
}

/** Asks the system's ssh. A client that does not say is taken for an old one: that costs a file in the askpass folder and nothing else. */
export async function clientGivesBareTexts({ clock, env }: DialSeams): Promise<boolean> {
  const words = new LastWords(() => {});
  try {
    const child = await startProcess({ file: 'ssh', args: ['-V'], env: inheritedEnv(env), stdio: ['null', 'null', 'pipe'] });
    const timer = clock.after(LIMIT_MS, () => child.signal('SIGKILL', 'group'));
    await words.read(byteSource(readablePipe(child.pipes[2])), 'transport');
    timer.clear();
    await child.exited;
  } catch {
    // No ssh at all: starting it for real says so.
    return true;
  }
  return isBareTextVersion(words.lines().join(' '));
}

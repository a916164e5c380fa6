// Functions for the far side in the same file as the program. Run it either way:
//
//   node examples/one-file.ts
//   resprout run examples/one-file.ts
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { local } from 'resprout';

/** Runs in the other process. */
async function whoAmI(greeting: string): Promise<{ text: string; pid: number }> {
  const kernel = (await readFile('/proc/version', 'utf8').catch(() => 'unknown')).split(' ').slice(0, 3).join(' ');
  return { text: `${greeting} from ${os.hostname()}, ${kernel}`, pid: process.pid };
}

export async function main(): Promise<void> {
  await using other = await local({ name: 'other' });
  const { text, pid } = await other.call(whoAmI, 'hello');
  console.log(text);
  console.log(pid === process.pid ? 'one process' : 'another process');
}

if (import.meta.main) await main();

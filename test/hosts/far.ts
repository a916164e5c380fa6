// What the tests of many contexts call there.
import { contextInfo } from 'resprout';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export function whoAmI(): string {
  return contextInfo().name;
}

export function twice(n: number): number {
  return n * 2;
}

export function failOn(...names: string[]): string {
  const { name } = contextInfo();
  if (names.includes(name)) throw new RangeError(`${name} has no disk`);
  return name;
}

/** Says that it runs, and waits until a file says `go`. */
export async function waitFor(folder: string, go: string): Promise<string> {
  const { name, signal } = contextInfo();
  writeFileSync(`${folder}/${name}.begun`, '');
  while (!existsSync(`${folder}/${go}`)) await pause(10, undefined, { signal });
  return name;
}

export function die(name: string): string {
  if (contextInfo().name === name) process.kill(process.pid, 'SIGKILL');
  return contextInfo().name;
}

export async function* count(to: number): AsyncGenerator<number> {
  for (let n = 1; n <= to; n++) {
    await pause(1);
    yield n;
  }
}

/** Takes its time to clean up when its signal fires. */
export async function cleansUp(folder: string, ms: number): Promise<void> {
  const { name, signal } = contextInfo();
  writeFileSync(`${folder}/${name}.begun`, '');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await pause(ms);
  writeFileSync(`${folder}/${name}.clean`, '');
}

/** One ends at once; the others when their signal fires. */
export async function endsFirst(folder: string, first: string): Promise<string> {
  const { name } = contextInfo();
  if (name !== first) await cleansUp(folder, 0);
  return name;
}

// Runs in a far process.
import { appendFileSync } from 'node:fs';
import { sep } from 'node:path';

export interface Mark {
  readonly pid: number;
  readonly text: string;
}

/** Says where it ran, and leaves a line in a file. */
export function mark(file: string, text: string): Mark {
  appendFileSync(file, `${text}\n`);
  console.log(`marked ${text}`);
  return { pid: process.pid, text: `${text}${sep}` };
}

export async function later(specifier: string): Promise<string> {
  const module = (await import(specifier)) as { shout(text: string): string };
  return module.shout('late');
}

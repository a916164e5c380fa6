import { appendFile } from 'node:fs/promises';
import { type Duration, sleep } from 'resprout/durable';

/** Leaves a line before and after a pause. */
export async function main({ data }: { data: { file: string; pause: Duration } }): Promise<number> {
  const began = Date.now();
  await appendFile(data.file, 'before\n');
  await sleep(data.pause);
  await appendFile(data.file, 'after\n');
  return Date.now() - began;
}

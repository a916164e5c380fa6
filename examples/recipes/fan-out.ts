// Many jobs, a few at a time. After a kill only those are made again that were under way; what was done is not done again.
//
//   resprout run examples/recipes/fan-out.ts --data '{"folder":".","atOnce":4}'
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { activity } from 'resprout/durable';

/** One call of the session, however large the file is. */
const hashOf = activity(async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
});

async function map<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

export default async function main(event: { readonly data: { readonly folder: string; readonly atOnce: number } }): Promise<string> {
  const { folder, atOnce } = event.data;
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const hashes = await map(files, atOnce, (name) => hashOf(join(folder, name)));
  await writeFile('SHA256SUMS', files.map((name, index) => `${hashes[index] ?? ''}  ${name}\n`).join(''));
  return `${String(files.length)} files`;
}

import { appendFileSync, createReadStream, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export default async function main() {
  mkdirSync('made');
  writeFileSync('made/one', 'first\nsecond\n');
  appendFileSync('made/one', 'third\n');
  await writeFile('made/two', new Uint8Array([1, 2, 255]));
  const lines = [];
  for await (const line of createInterface({ input: createReadStream('made/one') })) lines.push(line);
  await using handle = await open('made/two', 'r+');
  const { bytesRead, buffer } = await handle.read(new Uint8Array(8), 0, 8, 0);
  const { size } = await stat('made/one');
  const missing = await readFile('missing').catch((error) => [error.code, error.syscall]);
  const names = readdirSync('made').sort();
  await rm('made', { recursive: true });
  return { lines, bytesRead, bytes: [...buffer.subarray(0, bytesRead)], size, missing, names };
}

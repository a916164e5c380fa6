// What tests do with the files of a client, and a start of its primer that is to go well.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Client, Ended } from './client.ts';

/** Writes a file, with the folders above it. @param value a text, or what stands in a file of JSON */
export function write(made: Client, name: string, value: string | object): void {
  mkdirSync(path.dirname(path.join(made.root, name)), { recursive: true });
  writeFileSync(path.join(made.root, name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
}

/** The text of a file. */
export function read(made: Client, name: string): string {
  return readFileSync(path.join(made.root, name), 'utf8');
}

/** `./prime ARGS`, which ends with 0. */
export async function fine(made: Client, ...args: readonly string[]): Promise<Ended> {
  const ended = await made.run('prime', args);
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

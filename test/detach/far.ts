// What the tests of detached contexts call there.
import { contextInfo } from 'resprout';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

let count = 0;
const notes: string[] = [];

export function add(n: number): number {
  return (count += n);
}

/** Counts on in the call that began it. */
export async function countTo(most: number, ms: number): Promise<string> {
  const { signal } = contextInfo();
  while (count < most) {
    await pause(ms, undefined, { signal });
    count++;
  }
  return 'counted';
}

/** Answers when a file is there. */
export async function answerAt(file: string): Promise<string> {
  const { signal } = contextInfo();
  while (!existsSync(file)) await pause(10, undefined, { signal });
  notes.push('answered');
  return 'a late answer';
}

export function echo(text: string): string {
  return text;
}

export function noted(): readonly string[] {
  return notes;
}

/** A child in the group of this process. */
export function sleeper(seconds: number): number {
  return spawn('sleep', [String(seconds)], { stdio: 'ignore' }).pid ?? 0;
}

/** One that prints all the time to what it has from this process. */
export function printer(): number {
  return spawn('sh', ['-c', 'while echo tick && echo tock >&2; do sleep 0.05; done'], { stdio: ['ignore', 'inherit', 'inherit'] }).pid ?? 0;
}

export function print(text: string): void {
  console.log(`log ${text}`);
  process.stdout.write(`out ${text}\n`);
  process.stderr.write(`err ${text}\n`);
}

/** Wants a file of the program when nobody is there to give it, and writes down what came of that. */
export async function readAlone(done: string): Promise<void> {
  await pause(10);
  const beginMs = performance.now();
  let said: string;
  try {
    said = readFileSync(new URL('./late.txt', import.meta.url), 'utf8');
  } catch (error) {
    said = `${(error as NodeJS.ErrnoException).code ?? ''} ${performance.now() - beginMs < 30_000 ? 'at once' : 'late'}`;
  }
  writeFileSync(`${done}.part`, said);
  renameSync(`${done}.part`, done);
}

/** Keeps the main thread from everything else until a file is there. */
export function blockUntil(file: string): void {
  const word = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(file)) Atomics.wait(word, 0, 0, 10);
}

export async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; ; n++) yield n;
}

export async function sum(items: AsyncIterable<number>): Promise<number> {
  let all = 0;
  for await (const item of items) all += item;
  return all;
}

export function large(bytes: Uint8Array): number {
  return bytes.length;
}

export function facts(): { readonly argv: string; readonly name: string; readonly id: number } {
  const { id, name } = contextInfo();
  return { argv: [...process.argv, ...process.execArgv].join(' '), name, id };
}

// Functions that run in far processes: each does one thing that calls must survive.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { contextInfo, type Secret } from 'resprout';

// Not exported: its instances still arrive as instances of it.
class DiskFullError extends Error {
  readonly code = 'E_DISK_FULL';
  readonly freeBytes: number;
  readonly seen: Map<string, Date>;
  constructor(message: string, freeBytes: number, options: ErrorOptions) {
    super(message, options);
    this.name = 'DiskFullError';
    this.freeBytes = freeBytes;
    this.seen = new Map([['/data', new Date(86_400_000)]]);
  }
}

export function isDiskFull(error: unknown): error is DiskFullError {
  return error instanceof DiskFullError;
}

function readBlock(): never {
  throw new RangeError('block 7 is outside of the disk', { cause: 'the cable' });
}

export function fill(path: string): never {
  try {
    readBlock();
  } catch (cause) {
    throw new DiskFullError(`no room on ${path}`, 512, { cause });
  }
}

/** Leaves a line in a file, and says in which process of its context. */
export function mark(file: string, text: string): { pid: number; generation: number; key: string | undefined } {
  const { generation, idempotencyKey } = contextInfo();
  appendFileSync(file, `${text}\n`);
  return { pid: process.pid, generation, key: idempotencyKey };
}

/** A buffer whose bytes say where they are. */
export function block(bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 65_536) buffer.writeUInt32BE(at, at);
  return buffer;
}

export function sizeOf(file: string, bytes: Uint8Array): number {
  appendFileSync(file, `size ${bytes.length}\n`);
  return bytes.length;
}

/** Returns what cannot cross. */
export function disks(): { mounts: { path: string; free: () => number }[] } {
  return { mounts: [{ path: '/', free: () => 1 }] };
}

/** Never ends; says in the file that its signal has fired. */
export function never(file: string): Promise<never> {
  const { signal } = contextInfo();
  signal.addEventListener('abort', () => appendFileSync(file, `aborted: ${String((signal.reason as { code?: unknown }).code)}\n`));
  appendFileSync(file, 'never\n');
  return new Promise(() => {});
}

export function exit(code: number): never {
  console.log('last words');
  process.exit(code);
}

export function print(lines: number): string {
  const line = `${'x'.repeat(99)}\n`;
  for (let n = 0; n < lines; n += 100) process.stdout.write(line.repeat(Math.min(100, lines - n)));
  return 'printed';
}

export async function* count(file: string, upTo: number): AsyncGenerator<number> {
  for (let n = 0; n < upTo; n++) {
    appendFileSync(file, `made ${n}\n`);
    yield n;
  }
}

/** Takes some time, and leaves a line at its beginning and its end. */
export async function step(file: string, name: string, ms: number): Promise<string> {
  appendFileSync(file, `in ${name}\n`);
  await wait(ms);
  appendFileSync(file, `out ${name}\n`);
  if (name.startsWith('bad')) throw new DiskFullError(`${name} failed`, 0, {});
  return name;
}

/** Says that it runs, with its key, then waits for a file to be there. */
export async function hold(file: string, go: string): Promise<number> {
  const { generation, idempotencyKey } = contextInfo();
  appendFileSync(file, `${JSON.stringify({ pid: process.pid, parent: process.ppid, generation, key: idempotencyKey })}\n`);
  while (!existsSync(go)) await wait(20);
  return generation;
}

/** Kills its own process. */
export async function die(file: string): Promise<never> {
  const { generation, idempotencyKey } = contextInfo();
  appendFileSync(file, `${JSON.stringify({ generation, key: idempotencyKey })}\n`);
  process.kill(process.pid, 'SIGKILL');
  return await new Promise(() => {});
}

/** Gives one value, then nothing more. */
export async function* stuck(file: string): AsyncGenerator<number> {
  yield 1;
  appendFileSync(file, `${JSON.stringify({ pid: process.pid })}\n`);
  await new Promise(() => {});
}

export function pidThere(): number {
  return process.pid;
}

export async function sum(file: string, numbers: AsyncIterable<number>): Promise<number> {
  let total = 0;
  for await (const n of numbers) total += n;
  appendFileSync(file, `sum ${total}\n`);
  return total;
}

/** Waits for a signal that was given as an argument. */
export async function reasonOf(file: string, signal: AbortSignal): Promise<string> {
  appendFileSync(file, 'waits\n');
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return String((signal.reason as Error).message);
}

/** What may be told of a secret, on the side that needs it. */
export function lengthOf(secret: Secret): number {
  return secret.reveal().length;
}

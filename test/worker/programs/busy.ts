// What a program may be doing when something happens to it. `data.kind` chooses.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

/** Node's own descriptors. Those of `node:fs` are the program's, and it has none of these numbers. */
const native = (process as unknown as { binding: (name: string) => unknown }).binding('fs') as {
  close(fd: number): void;
  writeBuffer(fd: number, bytes: Uint8Array, offset: number, length: number, position: null, request: undefined, context: object): void;
};
const garbage = Buffer.from('this is not a frame of any kind');

interface Order {
  readonly kind: string;
  /** A file that the program may write. */
  readonly file: string;
  readonly url?: string;
  readonly count?: number;
}

function spin(): never {
  for (;;);
}

async function asyncLoop(file: string): Promise<void> {
  for (let i = 0; ; i++) await writeFile(file, String(i));
}

function syncLoop(file: string): never {
  for (let i = 0; ; i++) fs.writeFileSync(file, String(i));
}

function readLoop(file: string, count: number): number {
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += fs.readFileSync(file).length;
  return bytes;
}

async function waitAndClean(file: string, url: string): Promise<string> {
  try {
    return await (await fetch(url)).text();
  } finally {
    await writeFile(`${file}.cleaned`, 'yes');
  }
}

async function catchEverything(file: string): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      fs.writeFileSync(file, String(i));
    } catch {
      await writeFile(`${file}.after`, 'an effect after the fence');
    }
  }
}

export async function main({ data: { kind, file, url = '', count = 0 } }: { data: Order }): Promise<unknown> {
  console.log(`begins ${kind}`);
  switch (kind) {
    case 'spin':
      return spin();
    case 'async loop':
      return await asyncLoop(file);
    case 'sync loop':
      return syncLoop(file);
    case 'catching loop':
      return await catchEverything(file);
    case 'reads':
      return readLoop(file, count);
    case 'child':
      return execFileSync('sleep', ['30']);
    case 'short child':
      execFileSync('sh', ['-c', 'while [ ! -e "$0.go" ]; do sleep 0.05; done', file]);
      return await readFile(file, 'utf8');
    case 'idle':
      return await (await fetch(url)).text();
    case 'clean':
      return await waitAndClean(file, url);
    case 'background child':
      spawn('sleep', ['777'], { stdio: 'ignore' });
      return await (await fetch(url)).text();
    case 'sockets of children':
      return execFileSync('sh', ['-c', 'ls -l /proc/self/fd | grep -c socket || true'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    case 'closes the channel':
      native.close(5);
      return await asyncLoop(file);
    case 'closes the link':
      native.close(3);
      return await asyncLoop(file);
    case 'garbage on the channel':
      native.writeBuffer(5, garbage, 0, garbage.length, null, undefined, {});
      return await asyncLoop(file);
    case 'large':
      return (await readFile(file)).length + (await readFile(file)).length;
    case 'writes':
      for (let i = 0; i < count; i++) console.log(`line ${i} ${'x'.repeat(1000)}`);
      return count;
    case 'exit':
      console.log('leaves');
      return process.exit(7);
    case 'fails':
      await readFile(file);
      throw new RangeError('the program fails');
    case 'segfault':
      // By another process: a program that sends it to itself has ended by itself.
      execFileSync('sh', ['-c', 'kill -SEGV $PPID']);
      return await asyncLoop(file);
    default:
      throw new Error(`unknown kind ${kind}`);
  }
}

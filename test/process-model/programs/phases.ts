// What a program of a session may be doing when something happens to it. `data.kind` chooses; `data.file` is a file that it may write.
import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { sleep } from 'resprout/durable';

interface Order {
  readonly kind: string;
  readonly file: string;
  readonly count?: number;
  /** For `barriers`: prints how many events are on disk. */
  readonly counter?: readonly string[];
  /** For `wrong bytes`: where they go, in hexadecimal digits. */
  readonly fd?: number;
  readonly bytes?: string;
}

/** Node's own descriptors. Those of `node:fs` are the program's, and it has none of these numbers. */
const native = (process as unknown as { binding: (name: string) => unknown }).binding('fs') as {
  close(fd: number): void;
  writeBuffer(fd: number, bytes: Uint8Array, offset: number, length: number, position: null, request: undefined, context: object): void;
};

/** A child of the program, so that a test can see whether it goes too. */
function child(): void {
  spawn('sleep', ['7777'], { stdio: 'ignore' });
}

function syncLoop(file: string): never {
  for (let i = 1; ; i++) fs.writeFileSync(file, String(i));
}

/** Steps on until nothing works, whatever is thrown at it. */
async function catching(file: string, step: (i: number) => unknown): Promise<never> {
  for (let i = 1; ; i++) {
    try {
      await step(i);
    } catch {
      try {
        fs.writeFileSync(`${file}.caught`, 'went on');
      } catch {
        // Tried, as such programs do.
      }
    }
  }
}

/** Synchronous effects that catch everything and never leave the turn. */
function catchingSync(file: string): never {
  for (let i = 1; ; i++) {
    try {
      fs.writeFileSync(file, String(i));
    } catch {
      fs.writeFileSync(`${file}.caught`, 'went on');
    }
  }
}

/** Effects that say how much of the history was on disk when they were made. */
function barriers(file: string, [command = '', ...args]: readonly string[]): void {
  const onDisk = (): unknown => execFileSync(command, args, { encoding: 'utf8' });
  // Nothing is unsent at the second one; then a result that has left and is not answered; then 20 MiB of them.
  onDisk();
  onDisk();
  fs.readFileSync(`${file}.big`);
  onDisk();
  for (let i = 0; i < 30; i++) fs.readFileSync(`${file}.big`);
  onDisk();
}

/** What children see of the descriptors 3 and up that are sockets. */
async function descriptors(): Promise<unknown> {
  const list = `ls -l /proc/self/fd | sed -n 's/.* \\([0-9]*\\) -> \\(socket:.*\\)/\\1 \\2/p'`;
  const text = { encoding: 'utf8' } as const;
  const own = [3, 4, 5].map((fd) => fs.readlinkSync(`/proc/self/fd/${fd}`));
  const spawned = (options: object): Promise<string> =>
    new Promise((resolve) => {
      const listing = spawn('sh', ['-c', list], options);
      let seen = '';
      listing.stdout?.on('data', (bytes: Buffer) => (seen += String(bytes)));
      listing.on('close', () => resolve(seen));
    });
  const children = [
    execFileSync('sh', ['-c', list], text),
    execSync(list, text),
    spawnSync('sh', ['-c', list], { ...text, stdio: ['pipe', 'pipe', 'pipe'] }).stdout,
    await spawned({}),
    await spawned({ detached: true, stdio: ['ignore', 'pipe', 'inherit'] }),
    await spawned({ stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'ipc'] }),
  ];
  return { own, children };
}

/** Most memory that this process has had so far. */
function peakKiB(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

/** Steps that are seen one by one. */
async function steps(file: string, count: number, isSync: boolean): Promise<number> {
  for (let i = 1; i <= count; i++) {
    if (isSync) fs.writeFileSync(file, String(i));
    else await writeFile(file, String(i));
    console.log(`saw ${i}`);
  }
  return count;
}

export async function main({ data }: { data: Order }): Promise<unknown> {
  const { kind, file, count = 0, fd = 0, bytes = '' } = data;
  if (kind.startsWith('steps')) return await steps(file, count, kind === 'steps sync');
  child();
  await sleep(1);
  console.log(`begins ${kind}`);
  switch (kind) {
    case 'barrier':
    case 'sync loop':
      return syncLoop(file);
    case 'spin':
      for (;;);
    case 'child command':
      return execFileSync('sleep', ['7777']);
    case 'async loop':
      for (let i = 1; ; i++) await writeFile(file, String(i));
    case 'idle':
      return await sleep('7d');
    case 'blocked write': {
      // Results that the socket does not hold while nobody reads it.
      const big = `${file}.big`;
      for (let i = 1; ; i++) {
        fs.readFileSync(big);
        await writeFile(file, String(i));
      }
    }
    case 'barriers':
      return barriers(file, data.counter ?? []);
    case 'descriptors':
      return await descriptors();
    case 'close':
      native.close(fd);
      return syncLoop(file);
    case 'wrong bytes':
      native.writeBuffer(fd, Buffer.from(bytes, 'hex'), 0, bytes.length / 2, null, undefined, {});
      return syncLoop(file);
    case 'signal':
      // By another process: a program that sends it to itself has ended by itself.
      execFileSync('sh', ['-c', 'kill -SEGV $PPID']);
      return syncLoop(file);
    case 'catching sync':
      return catchingSync(file);
    case 'catching async':
      return await catching(file, (i) => writeFile(file, String(i)));
    case 'large results': {
      let bytes = 0;
      for (let i = 0; i < count; i++) bytes += (await readFile(`${file}.big`)).length;
      return bytes;
    }
    case 'reads': {
      const before = peakKiB();
      let total = 0;
      for (let i = 0; i < count; i++) total += fs.readFileSync(file).length;
      return [total, before, peakKiB()];
    }
    default:
      throw new Error(`unknown kind ${kind}`);
  }
}

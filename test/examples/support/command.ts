// Runs programs and the command line as a person does, in a folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export const REPOSITORY: string = path.resolve(import.meta.dirname, '../../..');
export const CLI: string = path.join(REPOSITORY, 'src/cli/main.ts');
const LIMIT_MS = 200_000;

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly closed: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a program; it is killed after 200 s. */
export function start(folder: string, file: string, args: readonly string[]): Running {
  const child = spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const closed = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal });
    }),
  );
  return { child, out: () => out, err: () => err, closed };
}

/** Waits until something is true. @throws Error with what the program said after 100 s, or when it ends before */
export async function until(running: Running, what: string, isThere: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 100_000; waitedMs += 20) {
    if (isThere()) return;
    if (running.child.exitCode !== null || running.child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (!isThere()) throw new Error(`${what} never came:\n${running.out()}\n${running.err()}`);
}

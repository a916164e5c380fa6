// Far functions that start processes and end in every way.
import { spawn, spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';

/**
 * Children of all kinds: a plain one, one behind a shell that goes at once, one in a pipeline, and one that ignores what can be ignored.
 * @param from they sleep so many seconds and 1 to 5 more: tests tell theirs by it
 */
export function leave(from = 6000): number[] {
  const plain = spawn('sleep', [String(from + 1)], { stdio: 'ignore' });
  const stubborn = spawn('sh', ['-c', `trap "" TERM HUP INT; sleep ${from + 2} & wait`], { stdio: 'inherit' });
  spawnSync('sh', ['-c', `sleep ${from + 3} >/dev/null 2>&1 </dev/null &`]);
  const piped = spawn('sh', ['-c', `sleep ${from + 4} | sleep ${from + 5}`], { stdio: 'inherit' });
  return [plain, stubborn, piped].map(({ pid }) => pid ?? 0);
}

/** A daemon that holds our stdout and stderr. */
export function daemon(): void {
  spawn('setsid', ['sleep', '6010'], { stdio: 'inherit', detached: true }).unref();
}

export function exitWith(code: number): never {
  writeSync(1, 'last line without end');
  process.exit(code);
}

export function throwLater(): Promise<never> {
  setTimeout(() => {
    throw new Error('uncaught there');
  }, 10);
  return new Promise(() => {});
}

export function rejectLater(): Promise<never> {
  void Promise.reject(new Error('unhandled there'));
  return new Promise(() => {});
}

export function abortHere(): never {
  process.abort();
}

export function killHere(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSEGV'): Promise<never> {
  process.kill(process.pid, signal);
  return new Promise(() => {});
}

export function exitInHandler(): Promise<never> {
  process.on('exit', () => {
    spawn('sleep', ['6006'], { stdio: 'ignore' });
    writeSync(1, 'printed while it ends\n');
  });
  process.exit(0);
}

export function pidHere(): number {
  return process.pid;
}

export function printTail(): void {
  process.stdout.write('whole line\nlast line without end');
}

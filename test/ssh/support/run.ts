import { spawnSync } from 'node:child_process';

/** Runs a program of the rig to its end. @throws Error with what it said when it fails */
export function run(file: string, args: readonly string[], input?: string): string {
  const done = spawnSync(file, [...args], { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`);
  return done.stdout;
}

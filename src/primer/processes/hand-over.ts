// Where control leaves the primer: to the program in this process, or to the required Node.
import path from 'node:path';
import { spawn } from 'node:child_process';
import { isatty as isTerminal } from 'node:tty';
import Module from 'node:module';
import { cleanEnv } from './clean-env.ts';
import { isExecutable } from '../files.ts';
import { CHAIN } from '../screen/chain-log.ts';

type RunMain = (main?: string) => void;

/** Runs a program in this process as if Node had been started with it: same pid, its own argv, `import.meta.main` is true. */
export function runProgram(main: string, args: readonly string[]): void {
  process.argv.splice(1, process.argv.length, main, ...args);
  const { runMain } = Module as unknown as { readonly runMain: RunMain };
  runMain(main);
}

const RELAYED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGQUIT', 'SIGINT'];

interface Exec {
  execve?: (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => never;
}

/**
 * Goes on with another Node, which was run before and is known to work. In this process where the system can replace it,
 * else as a child: signals are relayed, and its end is ours.
 */
export function goOnWith(node: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const clean = withoutInjection(env);
  const { execve }: Exec = process;
  // A missing file would abort the process in some releases, and nothing could be said.
  if (execve !== undefined && isExecutable(node)) execve.call(process, node, [node, ...args], clean);
  // A child is another process, and what it does belongs to the same log.
  runChild(node, args, { ...clean, [CHAIN]: clean[CHAIN] ?? String(process.pid) });
}

/** Runs a program as a child whose end is ours: signals are relayed, its code or signal is passed on. What ignores SIGPIPE, as Node does, is not handed down. */
export function runChild(file: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const child = spawn(file, args, { stdio: 'inherit', env });
  const relay = (name: NodeJS.Signals): void => {
    // Asked by number: process.stdin must not be touched, or a piped stdin loses bytes. ^C on a terminal reaches the whole group: the child has it already.
    if (name !== 'SIGINT' || !isTerminal(0)) child.kill(name);
  };
  for (const name of RELAYED) process.on(name, relay);
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(4);
  });
  child.on('exit', (code, signal) => {
    for (const name of RELAYED) process.removeListener(name, relay);
    if (signal === null) process.exit(code ?? 4);
    process.kill(process.pid, signal);
  });
}

/** What would make another Node run something else first, or end before its first line. The launcher takes it away as well. */
const INJECTED = ['NODE_OPTIONS', 'NODE_PATH', 'NODE_COMPILE_CACHE', 'NODE_REPL_EXTERNAL_MODULE'];

function withoutInjection(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean = { ...env };
  for (const name of INJECTED) delete clean[name];
  return clean;
}

/** Takes what is the primer's own out of the environment of this process: programs inherit nothing of it. */
export function withoutOurs(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('PRIME_')) delete process.env[name];
}

/** For tasks: the required Node and the tools of the packages come first on PATH, and nothing of ours is left in the environment. */
export function taskEnvironment(root: string): void {
  const clean = cleanEnv(process.env);
  // What a task is told to be for is its own affair.
  for (const name of Object.keys(process.env)) if (clean[name] === undefined && name !== 'NODE_ENV') delete process.env[name];
  const folders = [path.dirname(process.execPath), path.join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''];
  process.env['PATH'] = folders.filter((folder) => folder !== '').join(path.delimiter);
}

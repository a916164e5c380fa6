import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testNode, type TestNodeVersion } from '../../support/nodes.ts';

/** What a program printed and how it ended. */
export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** The Nodes that run plain programs: the one of this test and the older ones of test/nodes. */
export const NODES: readonly (TestNodeVersion | 'this')[] = ['this', '24.18.1', '22.18.0'];

export const PRELOAD: string = fileURLToPath(new URL('./identify.ts', import.meta.url));
const DEADLINE_MS = 300_000;

/** Runs `node ARGS` in a folder with a cache folder of its own, and waits for its end. */
export function runProgram(
  args: readonly string[],
  cwd: string,
  options: { readonly node?: TestNodeVersion | 'this'; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun> {
  const { node = 'this', env } = options;
  return runCommand(node === 'this' ? process.execPath : testNode(node), args, cwd, env);
}

/** As `runProgram`, for any command. */
export function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, XDG_CACHE_HOME: `${cwd}/.cache`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, code });
    });
  });
}

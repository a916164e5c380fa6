// Runs one tool (npm, tsc, …) to its end, under a guard, with a deadline, and keeps the end of what it said.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Interruptions } from './interruptions.ts';
import { startOf, type ProcessIdentity } from './process-identity.ts';
import { GUARD_MODE } from './modes.ts';

const KEPT_BYTES = 4 * 1024 * 1024;

export interface ToolRequest {
  /** The kernel file: it is its own guard. */
  readonly kernel: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
  readonly interruptions: Interruptions;
  /** Gets all output as it comes, of either stream. */
  readonly echo?: ((text: string, stream: 'stdout' | 'stderr') => void) | undefined;
  /** Told when the guard runs. What it gives is called when the guard has ended. An error of either ends the tool, and is that of the run. */
  readonly onGuard?: ((guard: ProcessIdentity) => (() => void) | undefined) | undefined;
}

export interface ToolResult {
  /** Exit code; 127 when it could not be started, 128 + n after a signal. */
  readonly code: number;
  readonly timedOut: boolean;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** The last lines of an output that carry something, for an error. */
export function lastLines(output: string, count: number): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}

/** What npm says went wrong: its error lines without the manual that it appends; all last lines when it has none. */
export function npmComplaint(output: string): string {
  const complaints = output
    .split('\n')
    .map((line) => /^npm (?:error|ERR!)\s+(\S.*)$/.exec(line)?.[1] ?? '')
    .filter((line) => line !== '');
  const manual = complaints.findIndex((line) => /^(?:Clean install a project|Usage:)/.test(line));
  const kept = (manual === -1 ? complaints : complaints.slice(0, manual)).filter((line) => !line.startsWith('A complete log of this run'));
  return kept.length === 0 ? lastLines(output, 12) : kept.slice(0, 12).join('\n');
}

/** Adds to a kept text, forgetting its beginning when it grows too long. */
const keep = (kept: string, more: string): string => (kept + more).slice(-KEPT_BYTES);

/** Runs a tool. Rejects only when the guard itself cannot be started, or with an error of `onGuard`. */
export function runTool(request: ToolRequest): Promise<ToolResult> {
  const child: ChildProcess = spawn(process.execPath, [request.kernel, GUARD_MODE, request.file, ...request.args], {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const endGroup = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
  };
  let stdout = '';
  let output = '';
  let timedOut = false;
  const forget = request.interruptions.cleanup(endGroup);
  const deadline = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, request.deadlineMs);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout = keep(stdout, text);
    output = keep(output, text);
    request.echo?.(text, 'stdout');
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = keep(output, text);
    request.echo?.(text, 'stderr');
  });
  // The pipe is only held; that the guard closes it first is no news.
  child.stdio[3]?.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    let guardGone: (() => void) | undefined;
    let refused: unknown;
    const attempt = (run: () => void): void => {
      try {
        run();
      } catch (error) {
        refused ??= error;
        endGroup();
      }
    };
    const end = (): void => {
      clearTimeout(deadline);
      forget();
      child.stdio[3]?.destroy();
      attempt(() => guardGone?.());
    };
    child.on('error', (error) => {
      end();
      reject(error);
    });
    child.on('close', (code, signal) => {
      end();
      if (refused !== undefined) reject(refused);
      else resolve({ code: code ?? (signal === 'SIGKILL' ? 137 : 143), timedOut, stdout, output });
    });
    attempt(() => {
      if (child.pid !== undefined) guardGone = request.onGuard?.({ pid: child.pid, started: startOf(child.pid) ?? '?' });
    });
  });
}

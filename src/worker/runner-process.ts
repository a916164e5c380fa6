// Starts the process that runs the user's program. It imports nothing but `node:child_process`: the command line calls it before it parses anything,
// so that the runner's Node boots while the rest of the command loads. Channels (process model): fd 3 the link to the broker thread,
// fd 4 owner to main, fd 5 rows and barriers. EOF on any of them ends the runner and its process group.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';

/** A runner that waits for START. Whoever started it closes it or hands it to a run, which then owns it. */
export interface SpawnedRunner {
  readonly child: ChildProcess;
  readonly link: Duplex;
  readonly journal: Duplex;
  readonly rows: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Ends a runner that was not used: the channels are closed and its group is killed. Twice is fine. */
  close(): void;
}

/** How the runner is started. */
export interface RunnerProcessOptions {
  /** Path of Node; default: this process's own. */
  readonly node?: string | undefined;
  /** Environment of the process; default: this process's own. Names that would change how Node or its loader starts are left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** `inherit`: the program reads the standard input of this process. Default: it finds an empty one. */
  readonly stdin?: 'inherit' | 'ignore' | undefined;
}

const DENIED = /^(NODE_OPTIONS|NODE_PATH|NODE_COMPILE_CACHE|NODE_V8_COVERAGE|NODE_CHANNEL_FD|BASH_ENV|LD_.*|DYLD_.*|npm_.*)$/;

// A call of the program takes two frames in a session, its own and the hook's. Twice V8's default, a quarter of the usual 8 MiB of a
// main thread, leaves programs the depth of recursion that they have under plain Node.
const STACK = '--stack-size=1968';

const ASK_MS = 3000;

/**
 * Node 22 loses the async context in iterations that the language makes by itself (`Array.fromAsync`) unless it is told not to; later
 * ones never do, and refuse the flag. The Node of this process is a later one, so only another one is asked.
 */
function contextFlags(node: string | undefined): readonly string[] {
  if (node === undefined || node === process.execPath) return [];
  const { stdout } = spawnSync(node, ['-v'], { encoding: 'utf8', timeout: ASK_MS, stdio: ['ignore', 'pipe', 'ignore'] });
  return typeof stdout === 'string' && stdout.startsWith('v22.') ? ['--experimental-async-context-frame'] : [];
}

/** Starts a runner. Never throws: a Node that cannot be started has no `pid`. */
export function spawnRunner(options: RunnerProcessOptions = {}): SpawnedRunner {
  const own = import.meta.url;
  const entry = new URL(own.endsWith('.ts') ? '../durable/runner/main.ts' : '../durable/runner/main.js', own);
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env ?? process.env)) {
    if (value !== undefined && !DENIED.test(name)) env[name] = value;
  }
  const args = [STACK, ...contextFlags(options.node), decodeURIComponent(entry.pathname)];
  const child = spawn(options.node ?? process.execPath, args, {
    detached: true,
    env,
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, link, journal, rows] = child.stdio as unknown as [null, Readable, Readable, Duplex, Duplex, Duplex];
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const stream of [link, journal, rows, stdout, stderr]) stream.destroy();
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  };
  // A Node that cannot be started has no pid; whoever takes the runner sees that. A runner that dies early shows as EPIPE on a channel.
  child.on('error', () => {});
  for (const stream of [link, journal, rows]) stream.on('error', () => {});
  return { child, link, journal, rows, stdout, stderr, close };
}

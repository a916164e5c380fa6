// One command of the far side, from its start to its end.
// Invariants:
//   F1. It runs in the process group of its context: whatever ends the context ends it too, also what it left running.
//   F2. Its end is told once, also when it cannot be ended.
//   F3. Whatever stops it stops all its processes first.
import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { deferred, type Deferred } from '../../../base/deferred.ts';
import { isSecret } from '../../../base/secret.ts';
import { feed } from './feed.ts';
import type { CommandEnd, CommandEnding, CommandOrder, Text } from './order.ts';
import { Output } from './output.ts';
import { endTree, outputsOf } from './process-tree.ts';

/** How long a command that was killed may take to be gone; another user's may never go. */
const GONE_MS = 2000;

const reveal = (text: Text): string => (isSecret(text) ? text.reveal() : text);

function environment({ env = {}, isEnvExtended }: CommandOrder): NodeJS.ProcessEnv {
  const all: NodeJS.ProcessEnv = isEnvExtended ? { ...process.env } : {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) Reflect.deleteProperty(all, name);
    else all[name] = reveal(value);
  }
  return all;
}

/** Node says the same of a missing program and of a missing folder. */
function whyNot(error: NodeJS.ErrnoException, { argv, cwd }: CommandOrder): string {
  const [file] = argv;
  const name = isSecret(file) ? '[Secret]' : `"${file}"`;
  if (cwd !== undefined) {
    try {
      if (!statSync(cwd).isDirectory()) return `"${cwd}" is not a folder`;
    } catch (folderError) {
      return `the folder "${cwd}" cannot be entered (${(folderError as NodeJS.ErrnoException).code ?? String(folderError)})`;
    }
  }
  if (error.code === 'ENOENT') return `there is no program ${name}`;
  if (error.code === 'EACCES') return `${name} may not be run`;
  if (error.code === 'E2BIG') return 'its arguments and variables are too long for the system';
  return error.message;
}

/** The end of a command that the system refused to start. */
export function unstarted(error: unknown, order: CommandOrder): CommandEnd {
  return { ending: 'unstarted', exitCode: null, signal: null, problem: whyNot(error as NodeJS.ErrnoException, order), durationMs: 0 };
}

/** How a process ended; both null when it never ran, or cannot be ended. */
interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A command that runs. */
export class FarCommand {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #order: CommandOrder;
  readonly #child: ChildProcess;
  readonly #outputs: ReadonlySet<string>;
  readonly #startMs = performance.now();
  readonly #exit: Deferred<Exit> = deferred();
  #ending: CommandEnding = 'exited';
  #problem: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(order: CommandOrder) {
    this.#order = order;
    const [file = '', ...args] = order.argv.map(reveal);
    const { cwd, input, timeoutMs } = order;
    const child = spawn(file, args, {
      env: environment(order),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#child = child;
    child.on('error', (error) => {
      if (child.pid === undefined) this.#unstarted(error);
    });
    // Node makes none when it can open nothing more.
    if (!child.stdout || !child.stderr) throw new Error('the far process can open no more files');
    this.#outputs = outputsOf(child.pid);
    this.stdout = new Output(child.stdout, this.#exit.promise);
    this.stderr = new Output(child.stderr, this.#exit.promise);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => void this.stop('timeout'), timeoutMs);
    child.on('exit', (exitCode, signal) => this.#exit.resolve({ exitCode, signal }));
    void this.#exit.promise.then(() => clearTimeout(timer));
    if (child.stdin !== null && input !== undefined)
      feed(child.stdin, input).catch((error: unknown) => {
        this.#problem ??= `what it reads did not come to its end: ${String(error)}`;
        void this.stop('stopped');
      });
  }

  /** Ends it with all its processes. Twice is fine. @param graceMs at most so long between SIGTERM and SIGKILL */
  stop(why: CommandEnding, graceMs: number = this.#order.killGraceMs): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return Promise.resolve();
    if (this.#stopping === undefined) {
      if (!this.#hasExited) this.#ending = why;
      this.#stopping = endTree(this.#hasExited ? undefined : pid, this.#outputs, Math.min(graceMs, this.#order.killGraceMs));
      void this.#stopping.then(() => setTimeout(() => this.#stays(), GONE_MS).unref());
    }
    return this.#stopping;
  }

  /** How it ended, once it has. Never rejects. */
  async end(): Promise<CommandEnd> {
    const { exitCode, signal } = await this.#exit.promise;
    await this.#stopping;
    this.#child.stdin?.destroy();
    return {
      ending: this.#ending,
      exitCode,
      signal,
      problem: this.#problem,
      durationMs: Math.round(performance.now() - this.#startMs),
    };
  }

  get #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #unstarted(error: Error): void {
    this.#ending = 'unstarted';
    this.#problem = whyNot(error, this.#order);
    this.#exit.resolve({ exitCode: null, signal: null });
  }

  #stays(): void {
    if (this.#hasExited) return;
    this.#problem ??= `process ${String(this.#child.pid)} did not end after SIGKILL, it may belong to another user`;
    this.#exit.resolve({ exitCode: null, signal: null });
  }
}

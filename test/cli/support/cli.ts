// Runs the command line as a user does: a process of its own, in a project folder of its own, with an environment that holds nothing of ours.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stageProgram, type StagedProgram } from '../../support/programs.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));

/** The built command, which is what users run; the sources while they are newer than it. */
export const CLI: string = path(isBuilt() ? 'dist/cli/main.js' : 'src/cli/main.ts');

function isBuilt(): boolean {
  const built = ['dist/cli/main.js', 'dist/durable/runner/main.js'].map(
    (name) => statSync(path(name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  const newest = readdirSync(path('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.min(...built) > Math.max(...newest);
}

/** Below the limit of a test file's runner. */
const LIMIT_MS = 300_000;

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Text on standard input, which is closed after it; without it standard input is empty. null: it stays open. */
  readonly stdin?: string | null;
  /** Folder below the project. */
  readonly cwd?: string;
}

/** What a command did. */
export interface Ended {
  /** -1 when a signal ended it. */
  readonly exit: number;
  readonly signal: NodeJS.Signals | null;
  readonly bytes: Buffer;
  readonly out: string;
  readonly err: string;
}

/** A project folder with commands that run in it. */
export class Shop implements Disposable {
  readonly program: StagedProgram = stageProgram();
  readonly #running = new Set<ChildProcess>();

  /** @param files name to text, written below the folder */
  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.program.write(name, text);
  }

  get folder(): string {
    return this.program.folder;
  }

  get store(): string {
    return join(this.folder, '.resprout');
  }

  /** Ids of the sessions whose folders exist, sorted by time. */
  ids(): string[] {
    const runs = join(this.store, 'runs');
    return existsSync(runs) ? readdirSync(runs).sort() : [];
  }

  /** The one session. */
  onlyId(): string {
    const [id, ...others] = this.ids();
    if (id === undefined || others.length > 0) throw new Error(`${others.length + (id === undefined ? 0 : 1)} sessions instead of one`);
    return id;
  }

  env(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      LANG: 'C.UTF-8',
      XDG_CACHE_HOME: join(this.folder, '.cache'),
      ...more,
    };
  }

  start(args: readonly string[], { env, stdin, cwd = '.' }: RunOptions = {}): Started {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: join(this.folder, cwd),
      env: this.env(env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#running.add(child);
    child.stdin.on('error', () => {});
    if (stdin !== null) child.stdin.end(stdin ?? '');
    return new Started(child, () => this.#running.delete(child));
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return await this.start(args, options).ended;
  }

  /** Waits until a program has made a file. */
  async until(file: string): Promise<void> {
    for (let waitedMs = 0; !existsSync(join(this.folder, file)); waitedMs += 20) {
      if (waitedMs > 60_000) throw new Error(`no program has made ${file} within 60 s`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  [Symbol.dispose](): void {
    for (const child of this.#running) child.kill('SIGKILL');
    this.program.remove();
  }
}

/** A command that runs. */
export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out = '';
  err = '';
  readonly #bytes: Buffer[] = [];
  readonly #waits = new Set<() => void>();

  constructor(child: ChildProcess, onEnd: () => void) {
    this.child = child;
    child.stdout?.on('data', (bytes: Buffer) => {
      this.#bytes.push(bytes);
      this.out += bytes.toString();
      this.#wake();
    });
    child.stderr?.on('data', (bytes: Buffer) => {
      this.err += bytes.toString();
      this.#wake();
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        clearTimeout(limit);
        onEnd();
        this.#wake();
        resolve({ exit: code ?? -1, signal, bytes: Buffer.concat(this.#bytes), out: this.out, err: this.err });
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until stdout or stderr has this text. */
  async until(text: string | RegExp): Promise<void> {
    const seen = (): boolean => [this.out, this.err].some((all) => (typeof text === 'string' ? all.includes(text) : text.test(all)));
    while (!seen()) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.ended;
        if (seen()) return;
        throw new Error(`the command ended without ${String(text)}\nstdout: ${this.out}\nstderr: ${this.err}`);
      }
      await new Promise<void>((resolve) => this.#waits.add(resolve));
    }
  }

  #wake(): void {
    for (const wake of this.#waits) wake();
    this.#waits.clear();
  }
}

/** The one JSON value that a command printed. @throws when stdout is anything else */
export function jsonOf({ out, err }: Ended): { ok: boolean; value?: never; problem?: Problem; exit?: number } {
  if (!out.endsWith('\n') || out.indexOf('\n') !== out.length - 1) throw new Error(`not one line on stdout: ${out}\nstderr: ${err}`);
  return JSON.parse(out) as never;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly causes?: readonly string[];
  readonly at?: string;
  readonly tried?: string;
  readonly saw?: string;
  readonly kept?: string;
  readonly do: string;
}

/** Processes whose folder is this one or below it, by pid and command line. */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      if (cwd !== folder && !cwd.startsWith(`${folder}/`)) return [];
      return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 100)}`];
    } catch {
      // It went away, or it is a zombie without a folder.
      return [];
    }
  });
}

/** Waits until nothing runs in the folder any more. @throws with what still runs after 30 s */
export async function nothingLeft(folder: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const left = processesIn(folder);
    if (left.length === 0) return;
    if (waitedMs > 30_000) throw new Error(`still running in ${folder}: ${left.join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

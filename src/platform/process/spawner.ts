import { spawn, type StdioOptions } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { ChildHandle, ExitReport, SpawnSpec } from '../../base/seams/spawner.ts';

/** One end of a pipe to a child: descriptor 0 is written, 1 and 2 are read, those above may be both. */
export type PipeEnd = Readable | Writable;

/** A child with its pipes, in the order of `stdio`; undefined where there is none. */
export interface StartedProcess extends ChildHandle {
  readonly pipes: readonly (PipeEnd | undefined)[];
  /** From here on neither the child nor its pipes keep this process alive. */
  unref(): void;
}

const STDIO = { null: 'ignore', pipe: 'pipe', inherit: 'inherit' } as const;

/** Errors of the pipes of a child show as their end: the process that owns the other end is gone. */
function endQuietly(pipe: PipeEnd): void {
  pipe.on('error', () => pipe.destroy());
}

/** Sends a signal; nothing happens when there is nobody to take it. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone: nothing is left to signal.
  }
}

/**
 * Starts a process that leads its own session and process group. Resolves once it runs; `exited` does not wait for its pipes to end.
 * When it ends, whatever is left of its group is killed; processes that made a session of their own stay. No signal is sent after that,
 * since its number may belong to another process.
 *
 * @throws the system's error, such as ENOENT or EACCES
 */
export async function startProcess(spec: SpawnSpec): Promise<StartedProcess> {
  const stdio: StdioOptions = spec.stdio.map((kind) => (typeof kind === 'number' ? kind : STDIO[kind]));
  const child = spawn(spec.file, [...spec.args], {
    detached: true,
    env: { ...spec.env },
    stdio,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.argv0 === undefined ? {} : { argv0: spec.argv0 }),
  });
  let isOver = false;
  const exited = new Promise<ExitReport>((resolve) =>
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) send(-child.pid, 'SIGKILL');
      isOver = true;
      resolve({ code, signal });
    }),
  );
  const pipes = child.stdio.map((pipe) => pipe ?? undefined);
  for (const pipe of pipes) if (pipe !== undefined) endQuietly(pipe);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  child.on('error', () => {});
  const { pid } = child;
  if (pid === undefined) throw new Error(`${spec.file} has no pid`);
  return {
    pid,
    exited,
    pipes,
    signal(name, to) {
      if (!isOver) send(to === 'group' ? -pid : pid, name);
    },
    unref() {
      child.unref();
      for (const pipe of pipes) if (pipe instanceof Socket) pipe.unref();
    },
  };
}

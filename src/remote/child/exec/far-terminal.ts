// A command of the far side on a terminal of its own.
// Invariants:
//   T1. The relay runs in the process group of its context: whatever ends the context ends it, and the system hangs up the command.
//   T2. Its end is told once.
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { deferred, type Deferred } from '../../../base/deferred.ts';
import { feed } from '../commands/feed.ts';
import { Output } from '../commands/output.ts';
import { endTree } from '../commands/process-tree.ts';
import type { ExecEnd, ExecOrder } from './order.ts';
import { relays, type Relay } from './terminal-relay.ts';

const KILL_GRACE_MS = 2000;

function isThere({ file }: Relay): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, file), constants.X_OK);
      return folder !== '';
    } catch {
      // Another folder may have it.
      return false;
    }
  });
}

/** Undefined when nothing here can make a terminal. */
export function openTerminal(order: ExecOrder): FarTerminal | undefined {
  const relay = relays(process.platform).find(isThere);
  return relay === undefined ? undefined : new FarTerminal(relay, order);
}

export class FarTerminal {
  readonly outputs: readonly (readonly ['stdout' | 'stderr', Output])[];
  readonly #child: ChildProcess;
  readonly #exit: Deferred<ExecEnd> = deferred();
  #stopping: Promise<void> | undefined;

  constructor({ file, args }: Relay, { argv, input, terminal }: ExecOrder) {
    const { columns = 80, rows = 24, sizes, type = 'xterm' } = terminal ?? {};
    const child = spawn(file, [...args, String(rows), String(columns), ...argv], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, TERM: type },
    });
    this.#child = child;
    child.on('error', (error) => this.#exit.resolve({ exitCode: null, signal: null, problem: error.message }));
    child.on('exit', (exitCode, signal) => this.#exit.resolve({ exitCode, signal }));
    this.outputs = [
      ['stdout', new Output(child.stdout as Readable, this.#exit.promise)],
      ['stderr', new Output(child.stderr as Readable, this.#exit.promise)],
    ];
    // Without anything to read it is a terminal at which nobody types.
    if (child.stdin !== null && input !== undefined) feed(child.stdin, input).catch(() => void this.stop());
    const control = child.stdio[3] as Writable;
    control.on('error', () => {});
    if (sizes !== undefined) void resize(control, sizes);
  }

  /** Ends it with all its processes. Twice is fine. */
  stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return Promise.resolve();
    return (this.#stopping ??= endTree(pid, new Set(), KILL_GRACE_MS));
  }

  async end(): Promise<ExecEnd> {
    const end = await this.#exit.promise;
    await this.#stopping;
    this.#child.stdin?.destroy();
    (this.#child.stdio[3] as Writable).destroy();
    return end;
  }
}

/** The sizes come from the other side: numbers in their range, or nothing. */
async function resize(control: Writable, sizes: NonNullable<ExecOrder['terminal']>['sizes']): Promise<void> {
  const isSize = (value: number): boolean => Number.isInteger(value) && value > 0 && value < 65_536;
  try {
    for await (const { columns, rows } of sizes) if (isSize(columns) && isSize(rows)) control.write(`${rows} ${columns}\n`);
  } catch {
    // The call has ended.
  }
}

// Starts owner processes for tests, waits for what they say, kills them, and knows what they left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent, RunResult } from '../../../src/worker.ts';
import type { Order } from './owner-process.ts';
import { groupOf } from '../../support/processes.ts';

export const PROGRAMS: string = path.resolve(import.meta.dirname, '../programs');
const LIMIT_MS = 300_000;

export type Result = Omit<RunResult, 'problem'> & { readonly problem?: { readonly code: string; readonly message: string } };
export interface Thrown {
  readonly code: string;
  readonly message: string;
  readonly problem: { readonly saw?: string; readonly do?: string };
}

interface Line {
  readonly event?: RunEvent;
  readonly result?: Result;
  readonly thrown?: Thrown;
}

/** A folder for one test, removed at its end. */
export function workFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'resprout-worker-'));
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An owner process. */
export class Owner {
  readonly child: ChildProcess;
  readonly events: RunEvent[] = [];
  /** What the program wrote. */
  output = '';
  result: Result | undefined;
  thrown: Thrown | undefined;
  readonly closed: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #waits = new Set<() => void>();

  constructor(order: Order, folder: string, node: string = process.execPath) {
    const file = path.join(folder, `order-${Math.random().toString(36).slice(2)}.json`);
    writeFileSync(file, JSON.stringify(order));
    this.child = spawn(node, [path.join(import.meta.dirname, 'owner-process.ts'), file], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.output += bytes.toString();
      this.#wake();
    });
    this.child.stdin?.on('error', () => {});
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.event !== undefined) this.events.push(line.event);
      this.result ??= line.result;
      this.thrown ??= line.thrown;
      this.#wake();
    });
    const limit = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
    this.closed = once(this.child, 'close').then(([code, signal]: (number | string | null)[]) => {
      clearTimeout(limit);
      this.#wake();
      return { code: code as number | null, signal: signal as string | null };
    });
  }

  /** Waits until `seen` is true. Throws with everything that was said when the process ends before. */
  async until(seen: () => boolean, what: string): Promise<void> {
    for (;;) {
      if (seen()) return;
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.closed;
        if (seen()) return;
        throw new Error(`${what} never came: ${JSON.stringify(this.events)} ${JSON.stringify(this.thrown ?? this.result)} ${this.output}`);
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waits.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        this.#waits.add(wake);
      });
    }
  }

  /** Waits until the program has written a text. The news of its start comes by another channel, perhaps a little later. */
  async wrote(text: string): Promise<void> {
    await this.until(() => this.output.includes(text) && this.#started !== undefined, JSON.stringify(text));
  }

  get runnerPid(): number {
    if (this.#started === undefined) throw new Error('the runner has not started');
    return this.#started.runnerPid;
  }

  get #started(): (RunEvent & { readonly type: 'started' }) | undefined {
    return this.events.find((event) => event.type === 'started');
  }

  send(request: 'park' | 'cancel'): void {
    this.child.stdin?.write(`${request}\n`);
  }

  #wake(): void {
    for (const wake of this.#waits) wake();
  }
}

/** Runs an order to its end. */
export async function run(order: Order, folder: string): Promise<Owner> {
  const owner = new Owner(order, folder);
  await owner.closed;
  return owner;
}

/** How long until a group is empty, ms; throws after `limitMs`. */
export async function groupGone(leader: number, limitMs = 60_000): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const tookMs = performance.now() - startedMs;
    const left = groupOf(leader);
    if (left.length === 0) return tookMs;
    if (tookMs > limitMs) throw new Error(`processes ${left.join(', ')} of group ${leader} are left`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

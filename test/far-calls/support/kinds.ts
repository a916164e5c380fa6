// Runs the cases in a plain program, and in a session that is replayed afterwards.
import { spawn } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import assert from 'node:assert/strict';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import { newSessionId, openStore, readSession } from '../../../src/worker/index.ts';
import { realClock } from '../../../src/platform/time/clock.ts';
import { realRandom } from '../../../src/platform/random.ts';
import { Owner, run } from '../../worker/support/harness.ts';
import type { Order } from '../../worker/support/owner-process.ts';

const PROGRAMS = path.resolve(import.meta.dirname, '../programs');

/** A session of one case: its folder, and the orders to run, resume and replay it. */
export class CaseSession {
  readonly folder: string;
  /** Where far functions leave lines. */
  readonly file: string;
  readonly id: string = newSessionId(realClock, realRandom);
  readonly #exportName: string;
  readonly #program: string;
  readonly #data: object;

  constructor(folder: string, program: string, exportName: string, data: object = {}) {
    this.folder = folder;
    this.file = path.join(folder, 'lines.txt');
    this.#program = path.join(PROGRAMS, program);
    this.#exportName = exportName;
    this.#data = { file: this.file, ...data };
  }

  order(mode: Order['mode'], more: Partial<Order> = {}): Order {
    const storeFolder = path.join(this.folder, 'store');
    const { folder, id: sessionId } = this;
    const options = { file: this.#program, exportName: this.#exportName, folder, storeFolder, sessionId, data: this.#data, graceMs: 500 };
    return { mode, options, ...more };
  }

  run(mode: Order['mode'], more?: Partial<Order>): Promise<Owner> {
    return run(this.order(mode, more), this.folder);
  }

  start(mode: Order['mode'], more?: Partial<Order>): Owner {
    return new Owner(this.order(mode, more), this.folder);
  }

  async events(): Promise<readonly JournalEvent[]> {
    return (await readSession(openStore({ folder: path.join(this.folder, 'store'), create: false }), this.id)).events;
  }

  /** All lines that far functions left, in files whose names begin with that of `file`. */
  lines(): string[] {
    const names = readdirSync(this.folder).filter((name) => name.startsWith(path.basename(this.file)));
    return names.flatMap((name) => linesOf(path.join(this.folder, name)));
  }

  /** Replays it: the same value, no event more, no line more in the file. */
  async replays(value: unknown): Promise<void> {
    const before = { events: (await this.events()).length, lines: this.lines() };
    const replayed = await this.run('replay');
    assert.deepEqual(replayed.result?.value, value, JSON.stringify([replayed.thrown, replayed.result, replayed.output]));
    assert.deepEqual({ events: (await this.events()).length, lines: this.lines() }, before, 'a replay has no effects');
    assert.ok(!replayed.events.some((event) => event.type === 'log'), 'a replay has no context that could print');
  }
}

/** What one case gave in one kind of program. */
export interface Seen {
  readonly value: unknown;
  /** Lines that far functions left. */
  readonly lines: readonly string[];
  /** Events of the session's journal; absent for a plain program. */
  readonly events: readonly JournalEvent[] | undefined;
}

/** All cases in both kinds of program, with what was printed. */
export interface Kinds {
  of(name: string): readonly Seen[];
  /** All files of the store but its builds, which hold the program's text. */
  readonly storedBytes: Buffer;
  /** Lines of far contexts: what the plain program printed, and what the session was told. */
  readonly printed: readonly { readonly context: string; readonly text: string }[][];
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/** Runs `cases.ts` in a plain program. */
async function inPlain(file: string): Promise<{ value: Record<string, unknown>; stderr: string }> {
  const child = spawn(process.execPath, [path.join(PROGRAMS, 'plain.ts'), file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, stderr.slice(-4000));
  return { value: JSON.parse(stdout) as Record<string, unknown>, stderr };
}

/** Runs all cases in a plain program, then in a session, which is replayed. */
export async function runCases(folder: string): Promise<Kinds> {
  const file = path.join(folder, 'plain.txt');
  const plain = await inPlain(file);
  const session = new CaseSession(folder, 'cases.ts', 'all');
  const owner = await session.run('run');
  assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
  const value = owner.result.value as Record<string, unknown>;
  await session.replays(value);
  const events = await session.events();
  const stored = globSync(path.join(folder, 'store/runs/**/*'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const plainLines = plain.stderr.split('\n').filter(Boolean);
  // The folder may be gone when somebody looks.
  const seen = Object.keys(value).map((name): [string, Seen[]] => [
    name,
    [
      { value: plain.value[name], lines: linesOf(`${file}.${name}`), events: undefined },
      { value: value[name], lines: linesOf(`${session.file}.${name}`), events },
    ],
  ]);
  return {
    of: (name) => new Map(seen).get(name) ?? assert.fail(`there is no case ${name}`),
    storedBytes: Buffer.concat(stored.map((name) => readFileSync(name))),
    printed: [
      plainLines.map((line) => ({ context: /^\[(.*?)\] /.exec(line)?.[1] ?? '', text: line.replace(/^\[.*?\] /, '') })),
      owner.events.flatMap((event) => (event.type === 'log' ? [event.line] : [])),
    ],
  };
}

/** Calls of one context that ended with an error. */
export function failedCalls(events: readonly JournalEvent[], context: string): number {
  const ids = new Set(events.flatMap((event) => (event.t === 'call' && event.context === context ? [event.id] : [])));
  return events.filter((event) => event.t === 'done' && ids.has(event.id) && event.outcome.kind === 'error').length;
}

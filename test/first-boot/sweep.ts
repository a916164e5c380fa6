// Strikes the first boot of a repository at its Nth call that changes a file, and looks at what the next start makes of it.
import { hash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Ended } from '../primer/support/client.ts';
import { ACTIONS, type Action, type Call, type Rig } from './rig.ts';
import { start, type Subject } from './subject.ts';

/** What the user's cache has when the boot begins. */
export type Cache = 'empty' | 'filled';

export interface Point {
  readonly cache: Cache;
  readonly action: Action;
  readonly call: Call;
}

export interface Tried extends Point {
  /** Exit code of the struck boot, null when all was killed. */
  readonly exit: number | null;
  /** The code of its error. */
  readonly code: string;
  readonly faults: readonly string[];
}

const RESTARTED_MS = 60_000;

/** Unpacking and npm's own caches: thousands of calls of one kind. */
const isBulk = ({ path: file }: Call): boolean => /\/staging\/[^/]+\/(?:package|node_modules|npm-cache)\/|\/compile-cache\//.test(file);

/** Its own times, names and numbers, and what was found out about other Nodes: not looked at. */
const VARIES = /^clone\/(?:builds\.log$|\.git\/|\.prime\/(?:logs(?:\/|$)|facts$))|^home\/\.cache\/prime\/(?:npm-cache|compile-cache)\//;
/** Notes of times and places of files: only that they are there. */
const NOTES = /\/\.prime\/|\/\.proof\.json$|\/\.prime-stamp$|\.lock\.N$/;

/** So many of a list, evenly spread. @param part of the way from one to the next where the first lies */
function spread<T>(list: readonly T[], wanted: number, part: number): T[] {
  const count = Math.min(list.length, wanted);
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + part) * list.length) / count)]).filter((item) => item !== undefined);
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

/** The sweep of one repository, which knows how it and its user's cache look after a boot that nothing happened to. */
export class Sweep {
  readonly #subject: Subject;
  readonly #rig: Rig;
  readonly #filled: string;
  #clean = new Map<string, string>();

  constructor(subject: Subject, rig: Rig) {
    this.#subject = subject;
    this.#rig = rig;
    this.#filled = `${subject.home}-filled`;
  }

  /** Boots twice without a fault: all calls that change files, without a cache and with one. */
  async begin(): Promise<Readonly<Record<Cache, readonly Call[]>>> {
    const calls: Partial<Record<Cache, readonly Call[]>> = {};
    for (const cache of ['empty', 'filled'] as const) {
      this.#clear(cache);
      const counted = await this.#rig.count(this.#subject);
      const faults = this.#wrongs(counted.ended);
      if (faults.length > 0) throw new Error(`without a fault: ${faults.join('; ')}\n${counted.ended.stderr}`);
      calls[cache] = counted.calls;
      if (cache === 'empty') copy(path.join(this.#subject.home, '.cache'), this.#filled);
    }
    this.#clean = this.#look();
    const { empty = [], filled = [] } = calls;
    return { empty, filled };
  }

  /** Strikes one boot and starts it again. */
  async try(point: Point): Promise<Tried> {
    const { action, cache, call } = point;
    this.#clear(cache);
    const struck = await this.#rig.strike(this.#subject, call.nth, action);
    const code = /\bPRIME_\w+/.exec(struck.stderr)?.[0] ?? '';
    const faults: string[] = [];
    if (!struck.struck) faults.push(`it made ${struck.count} calls only`);
    else if (action !== 'kill all') {
      if (struck.code === 0) faults.push(...this.#wrongs(struck).map((wrong) => `it ended with 0, and ${wrong}`));
      else if (code === '' && action !== 'kill one') faults.push(`it ended with ${struck.code} and no code: ${struck.stderr.slice(-300)}`);
    }
    faults.push(...(await this.#restarts()));
    return { ...point, exit: action === 'kill all' ? null : struck.code, code, faults };
  }

  /** What is wrong with the next start, the one after it and what they leave. */
  async #restarts(): Promise<string[]> {
    const healed = await start(this.#subject, RESTARTED_MS);
    const faults = this.#wrongs(healed).map((wrong) => `the next start: ${wrong}`);
    if (faults.length > 0) return faults;
    const again = await start(this.#subject, RESTARTED_MS);
    faults.push(...this.#wrongs(again).map((wrong) => `the one after it: ${wrong}`));
    if (again.stderr !== '') faults.push(`the one after it had something to do: ${again.stderr}`);
    const now = this.#look();
    for (const name of new Set([...this.#clean.keys(), ...now.keys()])) {
      const [before, after] = [this.#clean.get(name), now.get(name)];
      if (before !== after)
        faults.push(`${name}: ${after === undefined ? 'missing' : before === undefined ? 'left over' : 'not what it was'}`);
    }
    return faults;
  }

  #clear(cache: Cache): void {
    const { home, makes, root } = this.#subject;
    for (const name of ['.prime', 'node_modules', ...makes]) rmSync(path.join(root, name), { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    if (cache === 'filled') copy(this.#filled, path.join(home, '.cache'));
  }

  /** Every file of the clone and of the home by name and content; names without what differs between two good boots. */
  #look(): Map<string, string> {
    const found = new Map<string, string>();
    for (const [label, folder] of [
      ['clone', this.#subject.root],
      ['home', this.#subject.home],
    ] as const)
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name);
        const name = `${label}/${path.relative(folder, file)}`.replace(/\.lock\.\d+$/, '.lock.N');
        if (VARIES.test(name)) continue;
        if (entry.isDirectory()) found.set(name, 'folder');
        else if (entry.isSymbolicLink()) found.set(name, readlinkSync(file));
        else found.set(name, NOTES.test(name) ? 'note' : hash('sha1', readFileSync(file)));
      }
    return found;
  }

  /** What is wrong with a start that should have run the program. */
  #wrongs({ code, signal, stdout, stderr }: Ended): string[] {
    if (code !== 0) return [`it ended with ${signal ?? code}: ${stderr.slice(-600)}`];
    return this.#subject.prints.test(stdout) ? [] : [`it printed ${JSON.stringify(stdout)}`];
  }
}

/** How many calls are struck with each action; those of one kind with thousands of others have a number of their own. */
export interface Extent {
  readonly single: number;
  readonly bulk: number;
}

/** Points of a sweep, evenly spread over the calls of a boot. */
export function pointsOf(calls: Readonly<Record<Cache, readonly Call[]>>, extents: Readonly<Record<Cache, Extent>>): Point[] {
  const points: Point[] = [];
  for (const cache of ['filled', 'empty'] as const)
    for (const [i, action] of ACTIONS.entries()) {
      // Each action has points of its own when not all are taken.
      const part = (i + 0.5) / ACTIONS.length;
      const single = spread(
        calls[cache].filter((call) => !isBulk(call)),
        extents[cache].single,
        part,
      );
      const bulk = spread(calls[cache].filter(isBulk), extents[cache].bulk, part);
      for (const call of [...single, ...bulk]) points.push({ cache, action, call });
    }
  return points;
}

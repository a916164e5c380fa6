import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDisk } from '../../platform/disk/disk.ts';
import type { RuntimeObject } from '../../supervisor/index.ts';

/**
 * The Runtimes of the suite: they have to be a file of the program, since those of packages travel by another way. What ran is told by what
 * `teardown` throws: it comes back from every place.
 */
const TEXT = `
const never = () => new Promise(() => {});
const aborted = (signal) => new Promise((resolve) => { if (signal.aborted) resolve(); else signal.addEventListener('abort', () => resolve(), { once: true }); });

/** Does in each step what its arguments say. */
export class Steps {
  constructor(given) {
    this.given = given;
    this.trace = ['new'];
    if (given.new === 'throw') throw new RangeError('no instance', { cause: new Error('the cause') });
  }
  async setup(given, unit) {
    this.trace.push('setup');
    if (given.setup === 'throw') throw Object.assign(new TypeError('no setup'), { code: 'E_SETUP' });
    if (given.setup === 'slow') await new Promise((resolve) => setTimeout(resolve, 5000));
    if (given.setup === 'extend') { unit.extend(20000); await new Promise((resolve) => setTimeout(resolve, 4500)); }
  }
  async run(signal, unit) {
    this.trace.push('run');
    switch (this.given.run) {
      case 'throw': await new Promise((resolve) => setTimeout(resolve, 50)); throw new Error('no run');
      case 'return': return;
      case 'uncaught': setTimeout(() => { throw new Error('nobody catches me'); }, 20); break;
      case 'rejection': setTimeout(() => void Promise.reject(new Error('nobody handles me')), 20); break;
      case 'exit': setTimeout(() => process.exit(3), 50); break;
      case 'exit 0': setTimeout(() => process.exit(0), 50); break;
      case 'loop': setTimeout(() => { for (;;); }, 50); break;
      case 'ignore': await never(); break;
      case 'reason': await aborted(signal); throw signal.reason;
      case 'other': await aborted(signal); throw new Error('not the reason');
      case 'told': setTimeout(() => { this.trace.push('ready'); unit.ready(); }, 300); break;
      case 'memory': setTimeout(() => { const all = []; for (;;) all.push({ n: all.length }); }, 50); break;
      case 'alive': { const timer = setInterval(() => unit.alive(), 50); setTimeout(() => clearInterval(timer), 1000); break; }
    }
    await aborted(signal);
    this.trace.push('aborted');
  }
  teardown() {
    this.trace.push('teardown');
    if (this.given.teardown === 'quiet') return;
    throw new Error(this.trace.join(' '));
  }
}

/** Has work to end before it is cancelled, and methods that are called. */
export class Works {
  constructor(given) {
    this.given = given;
    this.trace = ['new'];
  }
  async run(signal) {
    this.trace.push('run');
    await aborted(signal);
    this.trace.push('aborted');
  }
  async drain() {
    this.trace.push('drain');
    if (this.given.drain === 'throw') throw new Error('no drain');
    await (this.given.drain === 'hang' ? never() : new Promise((resolve) => setTimeout(resolve, 50)));
    this.trace.push('drained');
  }
  teardown() {
    throw new Error(this.trace.join(' '));
  }
  async add(a, b) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return a + b;
  }
  refuse() {
    throw Object.assign(new TypeError('not that'), { code: 'E_NOT' });
  }
}

/** Tells what it was given, and what it finds around itself. */
export const teller = {
  setup(given, unit) {
    this.told = [given.value, process.env.SUITE_VALUE, unit.name, unit.life];
    this.count = (this.count ?? 0) + 1;
  },
  async run(signal) {
    await aborted(signal);
    throw Object.assign(new Error(JSON.stringify(this.told, (_key, value) => value instanceof Map ? [...value] : typeof value === 'bigint' ? String(value) : value)), { code: this.count });
  },
};
`;

/** What the steps of the suite's Runtime do. */
export interface StepsGiven {
  readonly new?: 'throw';
  readonly setup?: 'throw' | 'slow' | 'extend';
  readonly run?:
    | 'throw'
    | 'return'
    | 'uncaught'
    | 'rejection'
    | 'exit'
    | 'exit 0'
    | 'loop'
    | 'ignore'
    | 'reason'
    | 'other'
    | 'told'
    | 'memory'
    | 'alive';
  readonly teardown?: 'quiet';
}

/** The file of the suite, loaded. */
export interface SuiteRuntimes {
  readonly Steps: new (given: StepsGiven) => { run(signal: AbortSignal): Promise<void> };
  readonly Works: new (given: { readonly drain?: 'throw' | 'hang' }) => {
    run(signal: AbortSignal): Promise<void>;
    add(a: number, b: number): Promise<number>;
    refuse(): never;
  };
  readonly teller: RuntimeObject & { setup(given: { readonly value: unknown }): void };
}

/** Writes the file, where it is not there yet, and loads it. */
export async function loadRuntimes(folder: string): Promise<SuiteRuntimes> {
  const file = join(folder, 'place-suite-runtimes.mjs');
  const disk = createDisk({ sync: false });
  if (disk.readText(file) !== TEXT) disk.writeAtomic(file, TEXT);
  return (await import(pathToFileURL(file).href)) as SuiteRuntimes;
}

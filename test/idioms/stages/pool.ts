// Examines many programs side by side: each worker has an owner process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { examine, type Examination, type ExamineOptions } from './examine.ts';
import { UnsoundProgram } from './plain-answers.ts';
import { writeInside } from './inside.ts';
import { Owners } from './owners.ts';
import type { PackageUnderTest } from './package-under-test.ts';
import type { Program } from '../tables/program.ts';
import { Workplace } from './workplace.ts';

export type Outcome =
  | { readonly program: Program; readonly tookMs: number; readonly examination: Examination }
  /** The program is not fit for the suite. */
  | { readonly program: Program; readonly tookMs: number; readonly unsound: string };

export interface PoolOptions extends Omit<ExamineOptions, 'inside' | 'owners' | 'killsOf'> {
  readonly package: PackageUnderTest;
  readonly workers: number;
  killsOf(program: Program, events: number): readonly number[];
  /** Folder for everything that is written; a temporary one by default. */
  readonly workFolder?: string | undefined;
  readonly keep?: boolean | undefined;
  onOutcome?(outcome: Outcome): void;
}

async function outcomeOf(program: Program, workFolder: string, options: ExamineOptions, keep: boolean): Promise<Outcome> {
  const startedMs = performance.now();
  const took = (): number => Math.round(performance.now() - startedMs);
  using place = new Workplace(workFolder, program, keep);
  try {
    const examination = await examine(program, place, options);
    return { program, tookMs: took(), examination };
  } catch (error) {
    if (error instanceof UnsoundProgram) return { program, tookMs: took(), unsound: error.message };
    throw error;
  }
}

/** One worker's tools; for tests that examine one program at a time. */
export class Bench implements AsyncDisposable {
  readonly #workFolder: string;
  readonly #options: PoolOptions;
  readonly #owners: Owners;
  readonly #inside;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#workFolder = mkdtempSync(path.join(options.workFolder ?? os.tmpdir(), 'idioms-'));
    this.#inside = writeInside(path.join(this.#workFolder, 'inside'));
    this.#owners = new Owners(this.#inside, options.package);
  }

  /** @param options other ones for this program; package and folders stay */
  async examine(program: Program, options: PoolOptions = this.#options): Promise<Outcome> {
    const killsOf = (events: number): readonly number[] => options.killsOf(program, events);
    const given = { ...options, inside: this.#inside, owners: this.#owners, killsOf };
    return await outcomeOf(program, this.#workFolder, given, this.#options.keep === true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owners[Symbol.asyncDispose]();
    if (this.#options.keep !== true) rmSync(this.#workFolder, { recursive: true, force: true });
  }
}

export async function examineAll(programs: readonly Program[], options: PoolOptions): Promise<Outcome[]> {
  const queue = [...programs];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    await using bench = new Bench(options);
    for (let program = queue.shift(); program !== undefined; program = queue.shift()) {
      const outcome = await bench.examine(program);
      outcomes.push(outcome);
      options.onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers, programs.length) }, work));
  return outcomes;
}

// What every state works with. Made once per process; nothing is written before a state has work to do.
import fs from 'node:fs';
import path from 'node:path';
import { chooseCache } from './cache/cache.ts';
import { cleanEnv } from './processes/clean-env.ts';
import type { PrimeConfig } from './config.ts';
import type { Interruptions } from './processes/interruptions.ts';
import { takeLock, type Lock } from './processes/lock.ts';
import type { Progress } from './screen/progress.ts';
import { runTool, type ToolResult } from './processes/tool.ts';

const LOCK_WAIT_MS = 30 * 60_000;

/** How the user wants it done. */
export interface PrimeOptions {
  readonly offline: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface ToolSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
}

/** One run of the primer in one process. */
export class PrimeContext {
  readonly config: PrimeConfig;
  readonly kernel: string;
  readonly env: NodeJS.ProcessEnv;
  readonly options: PrimeOptions;
  readonly progress: Progress;
  readonly interruptions: Interruptions;
  /** `.prime` in the root: stamps, lock, staging. */
  readonly stateFolder: string;
  readonly cache: string;
  readonly #say: (text: string) => void;
  #lock: Lock | undefined;

  constructor(given: {
    readonly config: PrimeConfig;
    readonly kernel: string;
    readonly env: NodeJS.ProcessEnv;
    readonly options: PrimeOptions;
    readonly progress: Progress;
    readonly interruptions: Interruptions;
    readonly say: (text: string) => void;
  }) {
    this.config = given.config;
    this.kernel = given.kernel;
    this.env = given.env;
    this.options = given.options;
    this.progress = given.progress;
    this.interruptions = given.interruptions;
    this.#say = given.say;
    this.stateFolder = path.join(given.config.root, '.prime');
    const { folder, note } = chooseCache(given.env, this.stateFolder);
    this.cache = folder;
    if (note !== undefined && given.options.verbose) given.say(`${note}\n`);
  }

  /** Makes this process the one that prepares the folder, until `release`. Waits for another one that does. */
  async own(): Promise<void> {
    if (this.#lock !== undefined) return;
    fs.mkdirSync(this.stateFolder, { recursive: true });
    this.#lock = await takeLock({
      folder: this.stateFolder,
      name: 'prime',
      what: this.config.root,
      waitMs: LOCK_WAIT_MS,
      interruptions: this.interruptions,
      onWait: (owner) => this.progress.line(`waiting for ${owner}, which is preparing ${this.config.root}`),
    });
  }

  /** Gives the folder back. */
  release(): void {
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** Takes the lock of one item of the cache. */
  lockItem(item: string): Promise<Lock> {
    return takeLock({
      folder: this.cache,
      name: item,
      what: `${item} in ${this.cache}`,
      waitMs: LOCK_WAIT_MS,
      interruptions: this.interruptions,
      onWait: (owner) => this.progress.line(`waiting for ${owner}, which is fetching ${item}`),
    });
  }

  /** Runs a tool to its end. `lock`: whose next owner must wait for it; the folder's own when absent. */
  tool(spec: ToolSpec, lock: Lock | undefined = this.#lock): Promise<ToolResult> {
    return runTool({
      ...spec,
      env: spec.env ?? cleanEnv(this.env),
      kernel: this.kernel,
      interruptions: this.interruptions,
      echo: this.options.verbose ? this.#say : undefined,
      onGuard: (guard) => lock?.noteTool(guard),
    });
  }
}

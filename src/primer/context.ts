// What every state works with. Made once per process; nothing is written before a state has work to do.
import path from 'node:path';
import { chooseCache } from './cache/cache.ts';
import { lstat, makeFolder, namesIn, removeTree, writeAtomic } from './files.ts';
import { toolEnv } from './machine/machine-npm.ts';
import type { PrimeConfig } from './config/config.ts';
import type { Interruptions } from './processes/interruptions.ts';
import { ChainLog, logged } from './screen/chain-log.ts';
import { lineOf, type Line } from './screen/line.ts';
import type { ShellRequest } from '../primer-api/state-context.ts';
import { takeLock, type Lock } from './processes/lock.ts';
import type { Progress } from './screen/progress.ts';
import { withoutCredentials } from './screen/render-problem.ts';
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
  /** Texts that stand in no log and no message. */
  readonly hidden?: readonly string[];
}

/** Hands a text on in whole lines: what must not be shown may come in two pieces. */
function wholeLines(take: (text: string) => void): { readonly add: (text: string) => void; readonly end: () => void } {
  let rest = '';
  return {
    add(text) {
      const all = rest + text;
      const end = all.lastIndexOf('\n') + 1;
      rest = all.slice(end);
      if (end > 0) take(all.slice(0, end));
    },
    end() {
      if (rest !== '') take(`${rest}\n`);
      rest = '';
    },
  };
}

/** One run of the primer in one process. */
export class PrimeContext {
  readonly config: PrimeConfig;
  readonly kernel: string;
  /** Whether this process runs on a Node that the launcher unpacked for this hop only. */
  readonly isPassing: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly options: PrimeOptions;
  readonly progress: Progress;
  readonly interruptions: Interruptions;
  /** `.prime` in the root: stamps, lock, staging. */
  readonly stateFolder: string;
  readonly cache: string;
  /** What is done in this chain, and what tools said. */
  readonly log: ChainLog;
  /** The shell to become when the target is reached. */
  shell: ShellRequest | undefined;
  readonly #say: (text: string) => void;
  #lock: Lock | undefined;
  #owning: Promise<void> | undefined;
  #names = 0;

  constructor(given: {
    readonly config: PrimeConfig;
    readonly kernel: string;
    readonly isPassing: boolean;
    readonly env: NodeJS.ProcessEnv;
    readonly options: PrimeOptions;
    readonly progress: Progress;
    readonly interruptions: Interruptions;
    readonly say: (text: string) => void;
    /** Process that names the chain of hops. */
    readonly chain: number;
  }) {
    this.config = given.config;
    this.kernel = given.kernel;
    this.isPassing = given.isPassing;
    this.env = given.env;
    this.options = given.options;
    this.interruptions = given.interruptions;
    this.#say = given.say;
    this.stateFolder = path.join(given.config.root, '.prime');
    const words = `prime in ${given.config.root}, kernel ${path.basename(given.kernel)}, Node ${process.versions.node} (${process.execPath})`;
    this.log = new ChainLog(
      this.stateFolder,
      given.chain,
      words,
      () => this.makeStateFolder(),
      (text) => given.options.verbose && given.say(`${text}\n`),
    );
    this.progress = logged(given.progress, this.log);
    const { folder, note } = chooseCache(given.env, this.stateFolder);
    this.cache = folder;
    if (note !== undefined && given.options.verbose) given.say(`${note}\n`);
  }

  /** Makes the folder, which hides itself from version control. */
  makeStateFolder(): void {
    makeFolder(this.stateFolder);
    const hidden = path.join(this.stateFolder, '.gitignore');
    if (lstat(hidden) === undefined) writeAtomic(hidden, '*\n');
  }

  /** Makes this process the one that prepares the folder, until `release`. Waits for another one that does, and removes what dead ones left. */
  own(): Promise<void> {
    // States that run side by side ask at the same time.
    this.#owning ??= this.#take();
    return this.#owning;
  }

  async #take(): Promise<void> {
    this.makeStateFolder();
    this.#lock = await takeLock({
      folder: this.stateFolder,
      name: 'prime',
      what: this.config.root,
      waitMs: LOCK_WAIT_MS,
      interruptions: this.interruptions,
      onWait: (owner) => this.progress.line(`waiting for ${owner}, which is preparing ${this.config.root}`),
    });
    this.sweep();
  }

  /** A name below `.prime` for a tree on its way in or out; states that work side by side get names of their own. */
  newName(kind: 'staging' | 'old'): string {
    this.#names += 1;
    return path.join(this.stateFolder, `${kind}-${process.pid}-${this.#names}`);
  }

  /** Makes an empty folder of such a name. */
  newFolder(kind: 'staging'): string {
    const folder = this.newName(kind);
    makeFolder(folder);
    return folder;
  }

  /** Removes trees that were on their way in or out. Only the owner of the folder may. */
  sweep(): void {
    for (const name of namesIn(this.stateFolder))
      if (/^(?:staging|old)(?:-|$)/.test(name) || (name.endsWith('.tmp') && !name.includes('.lock.')))
        removeTree(path.join(this.stateFolder, name));
  }

  /** Gives the folder back. */
  release(): void {
    this.#lock?.release();
    this.#lock = undefined;
    this.#owning = undefined;
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

  /** The line of a state, for when it has something to say. */
  line(name: string): Line {
    return lineOf(this.progress, name);
  }

  /** The environment of tools. */
  toolEnv(): NodeJS.ProcessEnv {
    return toolEnv(this.env, this.cache);
  }

  /** Runs a tool to its end. `lock`: whose next owner must wait for it; the folder's own when absent. */
  async tool(spec: ToolSpec, lock: Lock | undefined = this.#lock): Promise<ToolResult> {
    const name = path.basename(spec.file);
    this.log.write(`run ${[spec.file, ...spec.args].join(' ')} in ${spec.cwd}`);
    const hide = (text: string): string => (spec.hidden ?? []).reduce((all, one) => (one === '' ? all : all.split(one).join('***')), text);
    const show = (text: string): void => {
      this.log.write(hide(text).replace(/^(?=.)/gm, '  '));
      if (this.options.verbose) this.#say(withoutCredentials(hide(text)));
    };
    // Pieces of the two come as they like: a line is of one of them.
    const lines = { stdout: wholeLines(show), stderr: wholeLines(show) };
    const ran = await runTool({
      ...spec,
      env: spec.env ?? this.toolEnv(),
      kernel: this.kernel,
      interruptions: this.interruptions,
      echo: (text, stream) => lines[stream].add(text),
      onGuard: (guard) => lock?.noteTool(guard),
    });
    lines.stdout.end();
    lines.stderr.end();
    this.log.write(ran.timedOut ? `${name}: ended after ${spec.deadlineMs / 1000} s` : `${name}: exit code ${ran.code}`);
    return { ...ran, output: hide(ran.output) };
  }
}

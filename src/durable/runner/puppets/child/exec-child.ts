// The child that exec and execFile return. Nobody touches it, mostly: then the whole is one call, which is made again when a crash cuts it.
// 1. Used in the turn of the call (a listener, a pipe, its id, a kill) it is a conversation from the start, as `spawn` gives one.
// 2. After that turn it is a call. A kill, or what is written then, still reaches it; its output comes when it ends.
import type { ChildProcess } from 'node:child_process';
import type { Session } from '../../../replay/session/session-api.ts';
import type { Site } from '../../../../base/site.ts';
import { natives } from '../natives.ts';
import { collect, type CollectedChild, type CollectOptions, type ExecCallback } from './collect.ts';
import { LatePipes } from './late-pipes.ts';
import { PuppetChild, killOfNode, showAsChild, type ChildSpec } from './puppet-child.ts';
import { limit } from './spawn.ts';
import type { GivenOptions } from './spawn-options.ts';

/** What a program asked for. */
export interface ExecSpec extends ChildSpec {
  readonly site: Site;
  /** As an error shows it. */
  readonly command: string;
  readonly options: CollectOptions & GivenOptions;
  readonly callback: ExecCallback | undefined;
  /** Runs all of it, outside. */
  runAll(done: (error: Error | null, stdout: string | Buffer, stderr: string | Buffer) => void): ChildProcess;
}

interface ExecOutcome {
  readonly error: Error | null;
  readonly stdout: string | Buffer;
  readonly stderr: string | Buffer;
  readonly pid?: number | undefined;
}

type Signal = NodeJS.Signals | number | undefined;

const LISTENING = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const;
const FIELDS = ['pid', 'stdin', 'stdout', 'stderr', 'stdio'] as const;

/** One such child. */
export class ExecChild extends PuppetChild {
  readonly #session: Session;
  readonly #spec: ExecSpec;
  #mode: 'undecided' | 'conversation' | 'call' | 'over' = 'undecided';
  #native: ChildProcess | undefined;
  #pipes: LatePipes | undefined;
  readonly #written: (Buffer | undefined)[] = [];
  #killed: { readonly signal: Signal } | undefined;
  #aborted: Error | undefined;
  #pid: number | undefined;

  constructor(session: Session, spec: ExecSpec) {
    super(session, spec, true);
    this.#session = session;
    this.#spec = spec;
    for (const name of FIELDS) this.#watch(name);
    for (const name of LISTENING) this.#watchListening(name);
    // After the ticks and microtasks of this turn.
    process.nextTick(() => queueMicrotask(() => this.#decide()));
  }

  #watch(name: (typeof FIELDS)[number]): void {
    Object.defineProperty(this, name, {
      configurable: true,
      enumerable: true,
      get: () => {
        this.#use();
        return this.#mode === 'conversation' ? (Reflect.get(this, name) as unknown) : this.#late(name);
      },
    });
  }

  #watchListening(name: (typeof LISTENING)[number]): void {
    const original = Reflect.get(this, name) as (...args: unknown[]) => unknown;
    Object.defineProperty(this, name, {
      configurable: true,
      writable: true,
      value: (...args: unknown[]) => {
        this.#use();
        return Reflect.apply(original, this, args);
      },
    });
  }

  #use(): void {
    if (this.#mode !== 'undecided') return;
    this.#mode = 'conversation';
    this.#unwatch();
    this.begin();
    const { command, options, callback } = this.#spec;
    // The time limit is that of the collector, which drops the output too.
    limit(this.#session, this, { ...options, timeout: 0 });
    collect(this as unknown as CollectedChild, command, options, callback, (ms, run) => {
      const timer = this.#session.world.timer(ms);
      timer.fired.then(run, () => undefined);
      return () => timer.clear();
    });
  }

  #unwatch(): void {
    for (const name of [...FIELDS, ...LISTENING]) Reflect.deleteProperty(this, name);
  }

  #late(name: (typeof FIELDS)[number]): unknown {
    if (name === 'pid') return this.#pid;
    this.#pipes ??= new LatePipes((bytes) => this.#write(bytes));
    const { stdin, stdout, stderr } = this.#pipes;
    return name === 'stdio' ? [stdin, stdout, stderr] : this.#pipes[name];
  }

  #write(bytes: Buffer | undefined): void {
    if (this.#mode !== 'call') return;
    this.#written.push(bytes);
    this.conversation.effect(bytes === undefined ? 'end' : 'write', bytes?.length ?? 0, () => this.#writeOutside(bytes));
  }

  #writeOutside(bytes: Buffer | undefined): void {
    const stdin = this.#native?.stdin;
    if (stdin === null || stdin === undefined || stdin.destroyed || stdin.writableEnded) return;
    if (bytes === undefined) stdin.end();
    else stdin.write(bytes);
  }

  #decide(): void {
    if (this.#mode !== 'undecided') return;
    this.#mode = 'call';
    this.#followSignal();
    const { fn, args, site } = this.#spec;
    this.#session.world.callBack<ExecOutcome>({ fn, args, site, run: () => this.#run() }, (error, outcome) =>
      this.#finished(error, outcome),
    );
  }

  /** Outside. What the program did to it before a crash is done to the new one too. */
  #run(): Promise<ExecOutcome> {
    return new Promise((resolve) => {
      const native = this.#spec.runAll((error, stdout, stderr) =>
        resolve({ error, stdout, stderr, ...(native.pid === undefined ? {} : { pid: native.pid }) }),
      );
      this.#native = native;
      native.stdin?.on('error', () => undefined);
      for (const bytes of this.#written) this.#writeOutside(bytes);
      if (this.#killed !== undefined) native.kill(this.#killed.signal);
    });
  }

  #followSignal(): void {
    const { signal, killSignal } = this.#spec.options;
    if (signal === undefined) return;
    const onAbort = (): void => {
      if (!this.kill(killSignal)) return;
      this.#aborted = Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
        name: 'AbortError',
        code: 'ABORT_ERR',
        cmd: this.#spec.command,
      });
      this.#spec.callback?.(this.#aborted, '', '');
    };
    if (signal.aborted) process.nextTick(onAbort);
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  #finished(error: unknown, outcome: ExecOutcome | undefined): void {
    this.#mode = 'over';
    this.conversation.over();
    const { callback } = this.#spec;
    const found: ExecOutcome = outcome ?? { error: error as Error, stdout: '', stderr: '' };
    const { code, signal } = (found.error ?? { code: 0, signal: null }) as { code?: unknown; signal?: unknown };
    this.fields.exitCode = typeof code === 'number' ? code : null;
    this.fields.signalCode = typeof signal === 'string' ? signal : null;
    this.#pid = found.pid;
    this.#pipes?.end(found.stdout, found.stderr);
    if (this.#aborted === undefined) callback?.(found.error, found.stdout, found.stderr);
    this.emit('exit', this.fields.exitCode, this.fields.signalCode);
    this.emit('close', this.fields.exitCode, this.fields.signalCode);
  }

  override kill(signal?: NodeJS.Signals | number): boolean {
    this.#use();
    if (this.#mode === 'conversation') return super.kill(signal);
    killOfNode(this, signal);
    if (this.#mode !== 'call') return false;
    this.#killed ??= { signal };
    this.fields.killed = true;
    this.conversation.effect('kill', 0, () => this.#native?.kill(signal));
    return true;
  }

  override wake(): undefined {
    return this.#mode === 'conversation' ? super.wake() : undefined;
  }

  override dispose(): void {
    if (this.#mode === 'conversation') super.dispose();
    else if (this.#native !== undefined && this.#native.exitCode === null && this.#native.signalCode === null) this.#native.kill('SIGKILL');
  }
}

showAsChild(ExecChild);

/** Node's own for what it refuses. */
export const refuseExec = (...args: unknown[]): unknown => Reflect.apply(natives.execFile, undefined, args) as unknown;

// A program that is not ours as a unit: its process is its life. It is asked to end by a signal, and what it leaves behind is ended with it.
import type { Readable } from 'node:stream';
import { deferred } from '../../base/deferred.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { ExitReport } from '../../base/seams/spawner.ts';
import { RotatingFile } from '../../platform/disk/rotating-file.ts';
import { endMarked } from '../../platform/process/marked-processes.ts';
import { startProcess, type StartedProcess } from '../../platform/process/spawner.ts';
import { realRandom } from '../../platform/random.ts';
import { drained } from '../places/drained.ts';
import { guard } from '../places/guard.ts';
import type { Death, Place, PlaceListener, PlaceSettings, Spawned } from '../places/place.ts';
import { LineWatch, readOutput } from './output.ts';

/** Where the output of a program is kept. */
export interface LogOptions {
  readonly file: string;
  /** Of one file. @default 10485760 */
  readonly maxBytes?: number | undefined;
  /** Files that are kept besides. @default 5 */
  readonly keep?: number | undefined;
}

/** The same with all of its fields. */
export interface KeptLog {
  readonly file: string;
  readonly maxBytes: number;
  readonly keep: number;
}

/** Signals that ask a program to end. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

/** What a program is. */
export interface ProgramSpec {
  readonly command: readonly [string, ...string[]];
  readonly readyLine: RegExp | undefined;
  readonly log: KeptLog | undefined;
  readonly stopSignal: StopSignal;
}

const MARK = 'RESPROUT_UNIT';

/** The place of one program. */
export function programPlace(spec: ProgramSpec): Place {
  return {
    name: 'a program',
    async spawn(begin, settings, listener, signal) {
      signal.throwIfAborted();
      const log = spec.log === undefined ? undefined : new RotatingFile(spec.log.file, spec.log.maxBytes, spec.log.keep);
      const mark = Buffer.from(realRandom.bytes(12)).toString('hex');
      try {
        const child = await start(spec, settings, mark);
        const life = new ProgramLife(begin.name, spec, child, mark, log, listener);
        await guard.add(child.pid).catch(async (error: unknown) => {
          life.kill();
          await life.ended;
          throw error;
        });
        listener.onReport({ kind: 'phase', phase: 'run' });
        if (!begin.tellsReady) listener.onReport({ kind: 'ready' });
        return life;
      } catch (error) {
        log?.close();
        throw error;
      }
    },
  };
}

async function start({ command, log, readyLine }: ProgramSpec, { argv0, cwd, env }: PlaceSettings, mark: string): Promise<StartedProcess> {
  const [file, ...args] = command;
  const output = log === undefined && readyLine === undefined ? 'inherit' : 'pipe';
  const own = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return await startProcess({
    file,
    args,
    env: { ...Object.fromEntries(own), ...env, [MARK]: mark },
    stdio: ['null', output, output],
    ...(argv0 === undefined ? {} : { argv0 }),
    ...(cwd === undefined ? {} : { cwd }),
  });
}

class ProgramLife implements Spawned {
  readonly pid: number;
  readonly ended: Promise<Death>;
  readonly #spec: ProgramSpec;
  readonly #child: StartedProcess;
  #isAsked = false;
  #isKilled = false;

  // oxlint-disable-next-line max-params -- what one process is made of
  constructor(
    name: string,
    spec: ProgramSpec,
    child: StartedProcess,
    mark: string,
    log: RotatingFile | undefined,
    listener: PlaceListener,
  ) {
    this.pid = child.pid;
    this.#spec = spec;
    this.#child = child;
    const ended = deferred<Death>();
    this.ended = ended.promise;
    let diskError: unknown;
    const watch =
      spec.readyLine === undefined ? undefined : () => new LineWatch(spec.readyLine as RegExp, () => listener.onReport({ kind: 'ready' }));
    const pipes = [child.pipes[1], child.pipes[2]] as (Readable | undefined)[];
    for (const [at, pipe] of pipes.entries())
      if (pipe !== undefined)
        readOutput(
          pipe,
          {
            log: log === undefined ? undefined : (bytes) => log.append(bytes),
            watch: watch?.(),
            own: at === 0 ? process.stdout : process.stderr,
          },
          (error) => {
            diskError ??= error;
          },
        );
    void child.exited.then(async (report) => {
      listener.onGone();
      await Promise.all(pipes.flatMap((pipe) => (pipe === undefined ? [] : drained(pipe))));
      log?.close();
      await endMarked(MARK, mark);
      await guard.remove(child.pid);
      if (this.#isAsked && !this.#isKilled) listener.onReport({ kind: 'over', how: 'cancelled', isTornDown: true });
      ended.resolve(deathOf(report, this.#isKilled, diskError, name));
    });
  }

  send(order: Parameters<Spawned['send']>[0]): void {
    if (order.kind === 'drain') return;
    this.#isAsked = true;
    this.#child.signal(order.kind === 'cancel' ? this.#spec.stopSignal : 'SIGTERM', 'process');
  }

  call(): Promise<never> {
    return Promise.reject(new ResproutError('INTERNAL', 'a program has no methods'));
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.signal('SIGKILL', 'group');
  }
}

function deathOf({ code, signal }: ExitReport, isKilled: boolean, diskError: unknown, name: string): Death {
  const error = diskError === undefined ? undefined : new Error(`the log of ${name} could not be written`, { cause: diskError });
  if (signal === null) return { how: 'exited', reason: `ended with code ${code ?? 'none'}`, exitCode: code, signal: null, error };
  return { how: 'killed', reason: isKilled ? 'was ended' : `was killed by ${signal}`, exitCode: null, signal, error };
}

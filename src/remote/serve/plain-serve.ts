import type { ModuleServer } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import type { IdentifiedFunction } from '../../base/recorder.ts';
import type { ExportedValue } from '../calls/plain-calls.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';

/** What the plain process gives: all from the root, nothing is read from the process here. */
export interface PlainServeOptions {
  readonly disk: Disk;
  /** `process.argv[1]`: the program file; undefined under `-e` and in a REPL. */
  readonly entryFile: string | undefined;
  /** `$XDG_CACHE_HOME/resprout/builds`; undefined or unwritable keeps builds in memory. */
  readonly cacheFolder: string | undefined;
  /** Wall-clock milliseconds at which the process started; files changed later are compared with what runs. */
  readonly startedMs: number;
}

/** A function that makes errors of one class. */
export type ErrorClass = abstract new (...args: never) => Error;

/** Addresses of functions in a process without brands, and the modules that the far side asks for. */
export interface PlainServe {
  readonly server: ModuleServer;
  /**
   * Which function is this? The answer is kept per function.
   * @param fn a function or the result of `fnRef`
   * @param frames taken by `callFrames()` synchronously where call() was called
   * @throws ResproutError REMOTE_NOT_A_FUNCTION, REMOTE_FUNCTION_NOT_TOP_LEVEL, REMOTE_FUNCTION_MISSING, REMOTE_MAIN_UNGUARDED, REMOTE_SOURCE_CHANGED,
   *   REMOTE_MODULE_MISSING, REMOTE_MODULE_DENIED, TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED
   */
  identify(fn: unknown, frames: readonly CallFrame[]): Promise<IdentifiedFunction>;
  /** The answer of `identify` for a function that was asked for before; undefined for others. */
  known(fn: unknown): IdentifiedFunction | undefined;
  /**
   * The error class that the module scope of a called function knows under a name, exported or not, so that `instanceof` holds for
   * errors from the far side; undefined when there is none.
   */
  errorClass(fn: unknown, name: string): ErrorClass | undefined;
  /**
   * Where a class or object is exported.
   * @param via the class itself, or a function that is written as a member of the object
   * @throws ResproutError RUNTIME_INVALID when it is not exported, and those of `identify`
   */
  exported(value: object, via: (...args: never) => unknown, frames: readonly CallFrame[]): Promise<ExportedValue>;
  /** Lets go of the inspector session. Twice is fine. */
  close(): void;
}

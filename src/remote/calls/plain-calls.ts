// The hook through which plain processes find functions. The public entry registers a loader, so that `remote/serve` (with parser,
// resolver and lowering) is loaded at the first plain call and never in a runner.
import type { ModuleServer } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { IdentifiedFunction } from '../../base/recorder.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';

/** What `remote/serve` gives: the same shape as its `PlainServe`, which this layer may not import. One per process. */
export interface PlainCalls {
  /** Serves the builds that `identify` made. */
  readonly server: ModuleServer;
  /**
   * The address of a function or `fnRef` of this program; builds on first use.
   * @throws ResproutError REMOTE_FUNCTION_NOT_TOP_LEVEL, REMOTE_FUNCTION_MISSING, REMOTE_NOT_A_FUNCTION, REMOTE_MAIN_UNGUARDED, REMOTE_SOURCE_CHANGED
   */
  identify(fn: unknown, frames: readonly CallFrame[]): Promise<IdentifiedFunction>;
  /** The address of a function that `identify` has found before; undefined for others. */
  known(fn: unknown): IdentifiedFunction | undefined;
  /** The error class of this name that the file of `fn` sees; undefined when there is none. */
  errorClass(fn: unknown, name: string): (abstract new (...args: never) => Error) | undefined;
  /**
   * Where a class or object is exported, for a supervisor. @param via the class itself, or a function written in the object
   * @throws ResproutError RUNTIME_INVALID when it is not exported, and those of `identify`
   */
  exported?(value: object, via: (...args: never) => unknown, frames: readonly CallFrame[]): Promise<ExportedValue>;
}

/** A value by the name under which its file exports it. */
export interface ExportedValue {
  readonly build: string;
  /** Real path of the file. */
  readonly file: string;
  /** Names from the namespace of the file on. */
  readonly path: readonly string[];
  /** Such as `ops.ts#Web`. */
  readonly label: string;
}

let load: (() => Promise<PlainCalls>) | undefined;
let loaded: Promise<PlainCalls> | undefined;
let calls: PlainCalls | undefined;

/** Says how plain calls are served. Called by the public entry; a later registration counts from the next first use on. */
export function setPlainCalls(loader: () => Promise<PlainCalls>): void {
  load = loader;
  loaded = undefined;
  calls = undefined;
}

/** The plain calls of this process, loaded at the first use. */
export function plainCalls(): Promise<PlainCalls> {
  if (load === undefined) {
    const how = { do: 'Import the package by its public entry' };
    return Promise.reject(new ResproutError('INTERNAL', 'no module server is registered in this process', how));
  }
  return (loaded ??= load().then((made) => (calls = made)));
}

/** The same when they are loaded already. */
export function loadedCalls(): PlainCalls | undefined {
  return calls;
}

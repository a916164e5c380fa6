import type { TargetVars } from '../../base/inventory/inventory.ts';
import type { Shell } from '../commands/shell.ts';
import type { Files } from '../files/files.ts';
import type { Crossed, Sendable } from '../../base/crossed.ts';
import type { ContextFacts } from '../hosts/host.ts';
import type { Secret } from '../../base/secret.ts';
import type { DetachOptions } from '../detached/options.ts';
import type { CloseOptions } from '../calls/close-options.ts';
import type { CallOptions } from '../calls/call-options.ts';

/** Calls with fixed options. */
export interface Caller {
  /**
   * Runs `fn(...args)` in the far process and resolves with a copy of what it returns.
   * @param fn a function at the top level of a file (exported or not), a static method, an export of a package or builtin, or `fnRef(…)`
   * @throws ResproutError REMOTE_FUNCTION_NOT_TOP_LEVEL, REMOTE_VALUE_UNSENDABLE, REMOTE_CALL_ABORTED, REMOTE_CALL_TIMEOUT, REMOTE_CALL_LIMIT,
   * REMOTE_EXITED, REMOTE_LOST, REMOTE_CLOSED; and whatever the function itself throws, with class name, message, code, cause and both stacks
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>): Promise<Crossed<Awaited<R>>>;
}

/** A process under our control. Equal recipes give the same object. */
export interface Context extends Caller, AsyncDisposable {
  readonly name: string;
  /** The variables of the target that it was opened by (`targets`, `connect('@NAME')`); none when it was opened otherwise. */
  readonly vars: TargetVars;
  /** Facts of the far process. In a session they come from recorded events only, so that a replay sees the same. */
  readonly info: ContextFacts;
  /**
   * The same context with options for its calls. A `chain` belongs to the object that is returned: after its first failure all later
   * calls of this object fail the same way; `with` again begins a new one.
   */
  with(options: CallOptions): Caller;
  /**
   * Runs a program there: ``await web.$`uname -r` ``. Words are split at spaces outside of `${…}`, no shell is in between. Options come first:
   * ``web.$({ cwd: '/srv', timeoutMs: 60_000 })`git pull` ``. Awaited it gives the result, iterated with `for await` its lines as they come.
   * @throws ResproutError COMMAND_FAILED, COMMAND_INVALID, COMMAND_NOT_STARTED, COMMAND_OUTPUT_LIMIT, COMMAND_TIMEOUT, and those of `call`
   */
  readonly $: Shell;
  /** Moves files and folders to and from there: `put`, `get`, `sync`; `read` and `write` for small ones. */
  readonly files: Files;
  /**
   * Ends the far process and all below it: the signals of running calls fire, and what has not ended within `graceMs` is killed.
   * Calls that still run reject with REMOTE_CLOSED. Twice is fine.
   */
  close(options?: CloseOptions): Promise<void>;
  /**
   * Lets the far process live on without this program, with the calls that run there and what it keeps in memory, for `leaseMs` at most: then it ends as
   * `close` ends it. The context is gone from here; calls that run reject with REMOTE_DETACHED, and what they return is lost.
   * @returns the token for `attach`. Whoever has it has the process: keep it as you would keep a key.
   * @throws ResproutError REMOTE_DETACH_REFUSED (in a session, opened through another context or with one opened through it, streams that are open, a
   * method other than `local` and `ssh`), REMOTE_LOST
   */
  detach(options: DetachOptions): Promise<Secret>;
}

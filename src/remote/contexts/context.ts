import type { Crossed, Sendable } from './crossed.ts';
import type { ContextFacts } from '../hosts/host.ts';
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
  /** Facts of the far process. In a session they come from recorded events only, so that a replay sees the same. */
  readonly info: ContextFacts;
  /**
   * The same context with options for its calls. A `chain` belongs to the object that is returned: after its first failure all later
   * calls of this object fail the same way; `with` again begins a new one.
   */
  with(options: CallOptions): Caller;
  /** Ends the far process and all below it, within 5 s. Calls that still run reject with REMOTE_CLOSED. Twice is fine. */
  close(): Promise<void>;
}

import type { Crossed, Sendable } from '../../base/crossed.ts';
import type { Runtime, RuntimeHooks } from '../contract/runtime.ts';

/** What a replica is: the instance of a class, or the object itself. */
type InstanceOf<R> = R extends abstract new (...args: never) => infer Instance ? Instance : R;

type Steps = keyof RuntimeHooks | 'prepare' | 'cancel';

/** The methods of a Runtime that a group calls: all but the steps of its life. */
export type MethodsOf<R> = {
  [
    Name in Exclude<keyof InstanceOf<R>, Steps> as InstanceOf<R>[Name] extends (...args: never) => unknown ? Name & string : never
  ]: InstanceOf<R>[Name];
};

type Arguments<F> = F extends (...args: infer A) => unknown ? A : never;
type Result<F> = F extends (...args: never) => infer T ? Crossed<Awaited<T>> : never;

/** Calls with fixed options. */
export interface GroupCaller<R extends Runtime> {
  /**
   * Calls a method of a replica, and resolves with a copy of what it returns. It is sent once: whatever ends the replica, the call is not made
   * again by itself.
   * @throws ResproutError GROUP_QUEUE_FULL, GROUP_CLOSED, GROUP_CALL_LATE, GROUP_CALL_ABORTED, UNIT_LOST, REMOTE_VALUE_UNSENDABLE; and what
   * the method throws, with class name, message, code, cause and stack
   */
  call<Name extends keyof MethodsOf<R>>(
    method: Name,
    ...args: Sendable<Arguments<MethodsOf<R>[Name]>>
  ): Promise<Result<MethodsOf<R>[Name]>>;
}

/** Options of calls to a group. */
export interface GroupCallOptions {
  /** Gives the calls up: they reject at once, and `unit.callSignal` fires in the replica. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from the call to its answer, its waiting included. The `callMs` of the group when absent. */
  readonly timeoutMs?: number | undefined;
}

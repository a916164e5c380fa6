import { ResproutError } from '../../../base/errors/errors.ts';
import type { Recorder } from '../../../base/recorder.ts';
import type { PlainCalls } from '../../../remote/calls/plain-calls.ts';

type ErrorClass = ReturnType<PlainCalls['errorClass']>;

/**
 * How contexts that an activity opens find functions: by the brands of the session's build, as the session's own contexts do. Nothing of
 * it is recorded. What the far sides need is asked of the owner.
 */
export function activityCalls(recorder: Recorder, classNamed: (name: string) => unknown): PlainCalls {
  return {
    server: {
      serve: () => Promise.reject(new ResproutError('INTERNAL', 'the owner of a session serves its modules, not its runner')),
    },
    // A refusal is thrown where the call is made, and never kept.
    identify: async (fn) => await Promise.resolve(recorder.identify(fn)),
    known: () => undefined,
    errorClass: (_fn, name) => {
      const value = classNamed(name);
      return typeof value === 'function' ? (value as ErrorClass) : undefined;
    },
  };
}

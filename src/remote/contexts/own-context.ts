import { ResproutError } from '../../base/errors/errors.ts';
import type { OwnCaller } from '../calls/own-calls.ts';
import type { Context } from './context.ts';
import { PlainContext } from './plain-context.ts';
import { SessionContext } from './session-context.ts';

/** What the functions of this package see of a Context. @throws ResproutError REMOTE_TARGET_INVALID for anything else */
export function ownContext(context: Context): PlainContext | SessionContext {
  if (context instanceof PlainContext || context instanceof SessionContext) return context;
  throw new ResproutError('REMOTE_TARGET_INVALID', 'this is not a context of this package', { do: 'Give what an opener has returned' });
}

/** A Context as one that calls functions of ours. @throws ResproutError REMOTE_TARGET_INVALID */
export function ownCaller(context: Context): OwnCaller {
  return ownContext(context);
}

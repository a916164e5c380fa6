import type { ContextInfo } from '../child/core/calls/context-info.ts';
import { currentHostId } from '../hosts/current-host.ts';

const never = new AbortController().signal;

/**
 * The process and the call that the calling function runs in. On the far side it tells the context; here it tells the program itself,
 * whose signal never fires.
 */
export function contextInfo(): ContextInfo {
  return { name: 'controller', id: currentHostId(), generation: 1, signal: never, idempotencyKey: undefined };
}

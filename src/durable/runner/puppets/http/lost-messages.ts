// A message over a connection that was lost breaks off: Node says `aborted`, in an error of its own that does not know why. The connection knows.
import http from 'node:http';
import { codeOf } from '../../../../base/errors/errors.ts';
import type { Patcher } from '../../globals/patch.ts';

type Destroy = (this: http.IncomingMessage, error: unknown, callback: (error?: Error | null) => void) => void;

/** Gives such errors their cause. */
export function patchLostMessages(patcher: Patcher): void {
  const prototype = http.IncomingMessage.prototype as unknown as { _destroy: Destroy };
  const original = prototype._destroy;
  patcher.replace(prototype, '_destroy', 'language', function (this: http.IncomingMessage, error, callback) {
    const cause: unknown = this.socket?.errored?.cause;
    if (error instanceof Error && error.cause === undefined && codeOf(cause) === 'LIVE_OBJECT_LOST')
      Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true });
    Reflect.apply(original, this, [error, callback]);
  } satisfies Destroy);
}

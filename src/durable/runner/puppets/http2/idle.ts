import type { EventEmitter } from 'node:events';
import { received } from '../../globals/received.ts';
import type { IdleTimer } from '../socket/idle-timer.ts';

interface WithTimeout extends EventEmitter {
  timeout?: number;
  readonly destroyed: boolean;
}

function wrong(name: string, kind: string, value: unknown): Error {
  const text = `The "${name}" argument must be of type ${kind}. Received ${received(value)}`;
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** `setTimeout` of a session or a stream. @throws in the words of Node */
export function setTimeoutOf(owner: WithTimeout, timer: IdleTimer, ms: number, callback: (() => void) | undefined): void {
  if (owner.destroyed && ms !== 0) return;
  if (typeof ms !== 'number') throw wrong('msecs', 'number', ms);
  if (callback !== undefined && typeof callback !== 'function') throw wrong('callback', 'function', callback);
  owner.timeout = ms;
  timer.set(Number.isFinite(ms) && ms > 0 ? ms : 0);
  if (callback === undefined) return;
  if (ms === 0) owner.removeListener('timeout', callback);
  else owner.once('timeout', callback);
}

// `process` as an emitter. Listeners of a program are the session's: so its end is the same on replay, and nothing of it reaches the process,
// whose signals and end belong to whoever runs the session.
import { EventEmitter } from 'node:events';
import type { Session } from '../../replay/session/session-api.ts';
import type { Patcher } from '../globals/patch.ts';
import { processOf } from './session-process.ts';
import { showWarning } from './warnings.ts';

const METHODS = [
  'on',
  'once',
  'addListener',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'setMaxListeners',
  'getMaxListeners',
] as const;

/** Node tells these of what it found itself: whoever runs the session hears them first, and gives them to the session. */
const OF_NODE: ReadonlySet<string> = new Set(['unhandledRejection', 'rejectionHandled', 'uncaughtException', 'uncaughtExceptionMonitor']);

/** The session whose listeners count: packages that load listen for it too. */
export function listeningSession(patcher: Patcher): Session | undefined {
  const scope = patcher.realm.context.current();
  return scope === undefined || scope.kind === 'activity' ? undefined : scope.session;
}

/** Listeners on `process` of a program are listeners of its session. */
export function patchEvents(patcher: Patcher): void {
  for (const name of METHODS) {
    const method = EventEmitter.prototype[name] as (this: unknown, ...args: unknown[]) => unknown;
    patcher.replace(process, name, 'language', function (this: unknown, ...args: unknown[]): unknown {
      const session = listeningSession(patcher);
      if (session === undefined || this !== process) return Reflect.apply(method, this, args);
      const { emitter } = processOf(session);
      const result = Reflect.apply(method, emitter, args);
      return result === emitter ? process : result;
    });
    hide(process, name, method);
  }
  const { emit } = EventEmitter.prototype;
  patcher.replace(process, 'emit', 'language', function (this: unknown, name: string, ...args: unknown[]): boolean {
    const session = listeningSession(patcher);
    if (session === undefined || this !== process || OF_NODE.has(name)) return Reflect.apply(emit, this, [name, ...args]) as boolean;
    const own = processOf(session);
    if (name === 'warning') showWarning(own, args[0]);
    return own.emit(name, ...args);
  });
  hide(process, 'emit', emit);
}

/** As the inherited method that it stands for: not enumerable, of the same name and length. */
function hide(holder: object, name: string, original: { readonly length: number }): void {
  Object.defineProperty(holder, name, { enumerable: false });
  const fn: unknown = Reflect.get(holder, name);
  if (typeof fn !== 'function') return;
  Object.defineProperty(fn, 'name', { value: name, configurable: true });
  Object.defineProperty(fn, 'length', { value: original.length, configurable: true });
}

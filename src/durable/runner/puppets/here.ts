import { AsyncLocalStorage } from 'node:async_hooks';
import type { Session } from '../../replay/session/session-api.ts';

let find: () => Session | undefined = () => undefined;
let mark: (fn: object) => void = () => undefined;

/** Says how the session is found whose program runs, and how a function of ours is marked that a program is given. Once per process. */
export function setSessionFinder(finder: () => Session | undefined, marker: (fn: object) => void): void {
  find = finder;
  mark = marker;
}

/** A function of ours that the program is given: it calls it directly, and nothing is recorded of that. */
export function given<T extends object>(fn: T): T {
  mark(fn);
  return fn;
}

/** The session whose program runs here; undefined in activities, while packages load and outside of sessions. */
export const currentSession = (): Session | undefined => find();

/** The session of a puppet that is being made. */
export function requireSession(): Session {
  const session = find();
  if (session === undefined) throw new TypeError('made outside of a session');
  return session;
}

/** Runs code of ours outside of all sessions, such as a native timer of a puppet. */
export const outside: <R>(run: () => R) => R = AsyncLocalStorage.snapshot();

// One thing that a program asks of the file system, in the three ways in which Node lets it ask. What comes back goes through `take` in record
// and replay alike: that is where buffers of the program are filled and positions move.
import type { Session } from '../../../replay/session/session-api.ts';

/** What is asked. */
export interface Request<T> {
  /** As the journal and messages show it, such as `node:fs.readSync`. */
  readonly fn: string;
  /** Compared on replay by their hash. */
  readonly args: readonly unknown[];
  /** Whether it changes nothing outside. */
  readonly isRead: boolean;
  /** Does it where it stands. Runs outside of the session. */
  now(): unknown;
  /** Does it on other threads. Runs outside of the session. */
  later(): Promise<unknown>;
  /** Makes of the recorded value what the program gets. Runs in the program. */
  take(value: unknown): T;
}

/** Whoever waits, in Node's way. */
export type Callback<T> = (error: unknown, value?: T) => void;

/** @throws what Node throws, as its recorded copy */
export function askNow<T>({ world }: Session, request: Request<T>): T {
  return request.take(world.callSync(request.fn, request.args, !request.isRead, () => request.now()));
}

/** Calls `callback` from the delivery itself: with an error, or with `null` and the value. */
export function askBack<T>({ world }: Session, request: Request<T>, callback: Callback<T>): void {
  const { fn, args, isRead } = request;
  world.callBack<unknown>({ fn, args, effect: !isRead, run: () => request.later() }, (error, value) => {
    if (error !== null) callback(error);
    else callback(null, request.take(value));
  });
}

/** As a promise. */
export async function askLater<T>(session: Session, request: Request<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    askBack(session, request, (error, value) => (error === null ? resolve(value as T) : reject(error as Error)));
  });
}

/** Tells a Node callback of an outcome as Node does: without a second argument where there is nothing to say. */
export function tell(callback: (...args: unknown[]) => void): Callback<unknown> {
  return (error, value) => {
    if (error !== null) callback(error);
    else if (value === undefined) callback(null);
    else callback(null, value);
  };
}

/** Where the callback of a call in Node's way stands: the last function. -1 when there is none. */
export const callbackAt = (args: readonly unknown[]): number => args.findLastIndex((arg) => typeof arg === 'function');

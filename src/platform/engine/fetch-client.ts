/** Where Node's client of HTTP, and every copy of undici, puts the dispatcher of the process when it is loaded, newest first. */
export const DISPATCHERS: readonly symbol[] = [Symbol.for('undici.globalDispatcher.2'), Symbol.for('undici.globalDispatcher.1')];

let isLoaded = false;
const waiting: (() => void)[] = [];

/**
 * Whether Node's client of HTTP has been loaded, with the classes `Headers`, `FormData`, `Response` and `Request`. Node loads it with the first of
 * them that is looked at, a descriptor counts, which takes 25 ms and 19 MiB. While it is not loaded no object of them can exist.
 */
export function isFetchLoaded(): boolean {
  if (isLoaded || !DISPATCHERS.some((key) => Object.hasOwn(globalThis, key))) return isLoaded;
  isLoaded = true;
  for (const then of waiting.splice(0)) then();
  return true;
}

/** Calls `then` when `isFetchLoaded` first finds that it is, at once when it is already. */
export function whenFetchLoaded(then: () => void): void {
  if (isFetchLoaded()) then();
  else waiting.push(then);
}

/** The classes that it brings, by their global names. */
export interface FetchObjects {
  readonly Headers: Headers;
  readonly FormData: FormData;
  readonly Response: Response;
  readonly Request: Request;
}

/** Whether a value is an object of one of these classes. Loads nothing. */
export const isFetchObject = <Name extends keyof FetchObjects>(name: Name, value: unknown): value is FetchObjects[Name] =>
  isFetchLoaded() && value instanceof (Reflect.get(globalThis, name) as unknown as abstract new () => FetchObjects[Name]);

// glob. An `exclude` that is a function is the program's: a first search says what it would be asked, in the program it is asked, and a second
// search goes by its answers.
import fs from 'node:fs';
import path from 'node:path';
import type { Session } from '../../../../replay/session/session-api.ts';
import type { Patcher } from '../../../globals/patch.ts';
import { real, realFs, realPromises, type FsFunction } from '../real-fs.ts';
import { askBack, askLater, askNow, callbackAt, tell, type Request } from '../request.ts';

type Exclude = (candidate: unknown) => unknown;

interface Options {
  readonly exclude?: unknown;
}

/** A candidate, as text: where it lies. */
function placeOf(candidate: unknown): string {
  if (typeof candidate === 'string') return candidate;
  const { parentPath, name } = candidate as fs.Dirent;
  return path.join(parentPath, name);
}

function search(pattern: unknown, options: Options): unknown[] {
  return real.globSync(pattern as string, options as fs.GlobOptionsWithoutFileTypes);
}

async function searchLater(pattern: unknown, options: Options): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const one of real.promises.glob(pattern as string, options as fs.GlobOptionsWithoutFileTypes)) found.push(one);
  return found;
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function excludeOf(options: Options): Exclude | undefined {
  return typeof options.exclude === 'function' ? (options.exclude as Exclude) : undefined;
}

/** What a search of the file system gives. */
function found(fn: string, pattern: unknown, options: Options): Request<unknown[]> {
  return {
    fn,
    args: [pattern, options],
    isRead: true,
    now: () => search(pattern, options),
    later: async () => await searchLater(pattern, options),
    take: asList,
  };
}

/** What the exclusion would be asked. */
function candidates(fn: string, pattern: unknown, options: Options): Request<unknown[]> {
  const asked = new Map<string, unknown>();
  const exclude = (candidate: unknown): boolean => {
    asked.set(placeOf(candidate), candidate);
    return false;
  };
  const everything = found(`${fn} (list)`, pattern, { ...options, exclude });
  return {
    ...everything,
    now() {
      everything.now();
      return [...asked.values()];
    },
    async later() {
      await everything.later();
      return [...asked.values()];
    },
  };
}

/** A search by the program's answers. */
function decided(fn: string, pattern: unknown, options: Options, asked: readonly unknown[], exclude: Exclude): Request<unknown[]> {
  const excluded = new Set<string>();
  for (const candidate of asked) {
    const place = placeOf(candidate);
    const isBelow = [...excluded].some((other) => place.startsWith(other + path.sep));
    if (!isBelow && Boolean(exclude(candidate))) excluded.add(place);
  }
  return found(fn, pattern, { ...options, exclude: (candidate: unknown) => excluded.has(placeOf(candidate)) });
}

async function globLater(session: Session, fn: string, pattern: unknown, options: Options): Promise<unknown[]> {
  const exclude = excludeOf(options);
  if (exclude === undefined) return await askLater(session, found(fn, pattern, options));
  const asked = await askLater(session, candidates(fn, pattern, options));
  return await askLater(session, decided(fn, pattern, options, asked, exclude));
}

async function* oneByOne(session: Session, pattern: unknown, options: Options): AsyncGenerator {
  yield* await globLater(session, 'node:fs/promises.glob', pattern, options);
}

const optionsOf = (value: unknown): Options => (typeof value === 'object' && value !== null ? value : {});

/** Patches `glob`, `globSync` and `promises.glob`. */
export function patchGlob(patcher: Patcher): void {
  const now = realFs('globSync');
  const later = realFs('glob');
  const promised = realPromises('glob');
  if (now === undefined || later === undefined || promised === undefined) return;
  patcher.replace(fs, 'globSync', 'own', (pattern: unknown, given?: unknown): unknown => {
    const session = patcher.session();
    if (session === undefined) return now(pattern, given);
    const options = optionsOf(given);
    const exclude = excludeOf(options);
    const fn = 'node:fs.globSync';
    if (exclude === undefined) return askNow(session, found(fn, pattern, options));
    const asked = askNow(session, candidates(fn, pattern, options));
    return askNow(session, decided(fn, pattern, options, asked, exclude));
  });
  patcher.replace(fs, 'glob', 'own', (...args: unknown[]): void => {
    const session = patcher.session();
    const at = callbackAt(args);
    if (session === undefined || at < 1) return void later(...args);
    const callback = tell(args[at] as FsFunction);
    const options = at === 1 ? {} : optionsOf(args[1]);
    const exclude = excludeOf(options);
    const fn = 'node:fs.glob';
    if (exclude === undefined) return askBack(session, found(fn, args[0], options), callback);
    askBack(session, candidates(fn, args[0], options), (error, asked) => {
      if (error !== null) callback(error);
      else askBack(session, decided(fn, args[0], options, asked ?? [], exclude), callback);
    });
    return undefined;
  });
  patcher.replace(fs.promises, 'glob', 'own', (pattern: unknown, options?: unknown): unknown => {
    const session = patcher.session();
    return session === undefined ? promised(pattern, options) : oneByOne(session, pattern, optionsOf(options));
  });
}

// cp with a filter. The filter is the program's: what there is to copy is read first, then the filter is asked in the program, in Node's order,
// and Node copies what it let through.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Patcher } from '../../../globals/patch.ts';
import { real, type FsFunction } from '../real-fs.ts';
import { askLater, askNow, callbackAt, tell, type Request } from '../request.ts';

/** A path below the source, with what is in it when it is a folder. */
interface Tree {
  readonly name: string;
  readonly inside?: readonly Tree[] | undefined;
}

type Filter = (source: string, destination: string) => unknown;

interface Options {
  readonly filter?: unknown;
  readonly dereference?: boolean;
  readonly recursive?: boolean;
}

const textOf = (given: unknown): string => (given instanceof URL ? fileURLToPath(given) : String(given));

function treeOf(place: string, name: string, options: Options): Tree {
  const found = options.dereference === true ? real.statSync(place) : real.lstatSync(place);
  if (!found.isDirectory() || options.recursive !== true) return { name };
  const names: string[] = [];
  const folder = real.opendirSync(place);
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) names.push(entry.name);
  } finally {
    folder.closeSync();
  }
  return { name, inside: names.map((one) => treeOf(path.join(place, one), one, options)) };
}

function treeRequest(fn: string, source: string, options: Options): Request<Tree | undefined> {
  const now = (): Tree | undefined => (real.existsSync(source) ? treeOf(source, '', options) : undefined);
  return {
    fn,
    args: [source],
    isRead: true,
    now,
    later: async () => await Promise.resolve(now()),
    take: (value) => value as Tree | undefined,
  };
}

/** Everything below, in the order in which Node comes to it. */
function* below(tree: Tree, source: string, destination: string): Generator<readonly [string, string], void, boolean> {
  const isWanted: boolean = yield [source, destination];
  if (!isWanted) return;
  for (const one of tree.inside ?? []) yield* below(one, path.join(source, one.name), path.join(destination, one.name));
}

function copyRequest(fn: string, args: readonly unknown[], copied: readonly string[]): Request<unknown> {
  const wanted = new Set(copied);
  const options = { ...(args[2] as Options), filter: (source: string) => wanted.has(source) };
  return {
    fn,
    args: [args[0], args[1], copied],
    isRead: false,
    now: () => real.cpSync(args[0] as string, args[1] as string, options),
    later: async () => await real.promises.cp(args[0] as string, args[1] as string, options),
    take: () => undefined,
  };
}

function filterOf(options: unknown): Filter | undefined {
  const filter: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'filter') : undefined;
  return typeof filter === 'function' ? (filter as Filter) : undefined;
}

/** Patches `cp`, `cpSync` and `promises.cp`, over what they are for calls without a filter. */
export function patchCopy(patcher: Patcher): void {
  const cpSync = fs.cpSync as FsFunction;
  const cp = fs.cp as FsFunction;
  const promised = fs.promises.cp as FsFunction;
  patcher.replace(fs, 'cpSync', 'own', (...args: unknown[]): unknown => {
    const session = patcher.session();
    const filter = filterOf(args[2]);
    if (session === undefined || filter === undefined) return cpSync(...args);
    const source = textOf(args[0]);
    const tree = askNow(session, treeRequest('node:fs.cpSync (list)', source, args[2] as Options));
    const copied: string[] = [];
    const walk = below(tree ?? { name: '' }, source, textOf(args[1]));
    for (let at = walk.next(); at.done !== true;) {
      const isWanted = Boolean(filter(...at.value));
      if (isWanted) copied.push(at.value[0]);
      at = walk.next(isWanted);
    }
    return askNow(session, copyRequest('node:fs.cpSync', args, copied));
  });
  const later = async (fn: string, args: readonly unknown[], filter: Filter): Promise<unknown> => {
    const session = patcher.session();
    if (session === undefined) return undefined;
    const source = textOf(args[0]);
    const tree = await askLater(session, treeRequest(`${fn} (list)`, source, args[2] as Options));
    const copied: string[] = [];
    const walk = below(tree ?? { name: '' }, source, textOf(args[1]));
    for (let at = walk.next(); at.done !== true;) {
      const isWanted = Boolean(await filter(...at.value));
      if (isWanted) copied.push(at.value[0]);
      at = walk.next(isWanted);
    }
    return await askLater(session, copyRequest(fn, args, copied));
  };
  patcher.replace(fs.promises, 'cp', 'own', async (...args: unknown[]): Promise<unknown> => {
    const filter = filterOf(args[2]);
    if (patcher.session() === undefined || filter === undefined) return await promised(...args);
    return await later('node:fs/promises.cp', args, filter);
  });
  patcher.replace(fs, 'cp', 'own', (...args: unknown[]): void => {
    const filter = filterOf(args[2]);
    const at = callbackAt(args);
    if (patcher.session() === undefined || filter === undefined || at < 3) return void cp(...args);
    const callback = tell(args[at] as FsFunction);
    later('node:fs.cp', args, filter).then(
      () => process.nextTick(callback, null),
      (error: unknown) => process.nextTick(callback, error),
    );
    return undefined;
  });
}

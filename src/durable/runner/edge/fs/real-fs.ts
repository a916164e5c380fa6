// node:fs as it was when this file loaded: before anything is patched.
import fs from 'node:fs';

/** A function of node:fs, whatever its arguments. */
export type FsFunction = (...args: unknown[]) => unknown;

type Table = Readonly<Record<string, unknown>>;

const sync: Table = { ...fs };
const promises: Table = { ...fs.promises };
const natives: Table = { realpath: fs.realpath.native, realpathSync: fs.realpathSync.native };

const isFunction = (value: unknown): value is FsFunction => typeof value === 'function';

function named(table: Table, name: string): FsFunction | undefined {
  const value = table[name];
  return isFunction(value) ? value : undefined;
}

/** The original of `fs[name]`; undefined when this Node has none. */
export const realFs = (name: string): FsFunction | undefined => named(sync, name);

/** The original of `fs.promises[name]`. */
export const realPromises = (name: string): FsFunction | undefined => named(promises, name);

/** The original of `fs.realpath.native` and its kin. */
export const realNative = (name: string): FsFunction | undefined => named(natives, name);

/** The originals that are called by name. */
export const real: typeof fs = { ...fs };

/** Calls an original with a Node callback and gives its values: none, one, or a list of several. */
export async function called(fn: FsFunction, args: readonly unknown[]): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    fn(...args, (error: unknown, ...values: unknown[]) => {
      if (error === null || error === undefined) resolve(values[0]);
      else reject(error as Error);
    });
  });
}

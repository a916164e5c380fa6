import { ResproutError } from '../base/errors.ts';

/** A store: a folder that only its user can enter, with sessions, builds and the key of environment hashes. */
export interface Store {
  /** Absolute path, links resolved. */
  readonly folder: string;
  readonly runsFolder: string;
  readonly buildsFolder: string;
  /** 32 bytes, for keyed hashes of environment values. Never leaves the process. */
  readonly key: Uint8Array;
}

export interface StoreOptions {
  /** Absolute path. */
  readonly folder: string;
  /** False: @throws SESSION_MISSING when there is no store, and nothing is made. Default true. */
  readonly create?: boolean | undefined;
}

/** Opens a store, making it when it is missing. @throws ResproutError STORE_UNSAFE when others own it or may write to it, STORE_IO */
export function openStore(options: StoreOptions): Store {
  throw new ResproutError('STORE_IO', `${options.folder} cannot be opened yet`);
}

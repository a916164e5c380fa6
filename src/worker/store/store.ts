import { ResproutError, toError } from '../../base/errors/errors.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { hostFacts } from '../../platform/process/host-facts.ts';
import { createPrivateFile, readPrivateFile } from '../../platform/disk/private-file.ts';
import { closeFolder, folderFacts, makePrivateFolder, realFolder, type FolderFacts } from '../../platform/disk/private-folder.ts';
import { realRandom } from '../../platform/random.ts';
import { createFolderStore } from '../../durable/engines/index.ts';
import { printKey } from '../program/secret-key.ts';
import { sealOptions } from './seal-key.ts';
import type { SessionStore } from '../../durable/journal/sessions/session-store.ts';

/** A store: a folder that only its user can enter, with sessions, builds and the key of environment hashes. */
export interface Store {
  /** Absolute path, links resolved. */
  readonly folder: string;
  readonly sessions: SessionStore;
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

const KEY_BYTES = 32;
const IGNORE_ALL = '*\n';
const WRITABLE_BY_OTHERS = 0o022;
const OPEN_TO_OTHERS = 0o077;

/** Opens a store, making it when it is missing. @throws ResproutError STORE_UNSAFE when others own it or may enter it, STORE_IO */
export function openStore(options: StoreOptions): Store {
  try {
    return open(options);
  } catch (thrown) {
    if (thrown instanceof ResproutError) throw thrown;
    const error = toError(thrown);
    throw new ResproutError(
      'STORE_IO',
      `the store ${options.folder} cannot be opened: ${error.message}`,
      { tried: `open the store ${options.folder}`, saw: error.message },
      { cause: error },
    );
  }
}

function open({ folder: given, create = true }: StoreOptions): Store {
  const existing = realFolder(given);
  if (existing === undefined) {
    if (!create) {
      throw new ResproutError('SESSION_MISSING', `there is no store in ${given}`, {
        tried: `open the store ${given}`,
        saw: 'no such folder',
        do: 'Name the store with --store, or start a session with resprout run',
      });
    }
    makePrivateFolder(given);
  }
  const folder = realFolder(given) ?? given;
  const facts = folderFacts(folder);
  checkFolder(folder, facts);
  const key = `${folder}/key`;
  if (facts?.isEmpty === true) {
    closeFolder(folder);
    createPrivateFile(`${folder}/.gitignore`, new TextEncoder().encode(IGNORE_ALL));
    createPrivateFile(key, realRandom.bytes(KEY_BYTES));
  } else if (readPrivateFile(key) === undefined) {
    if (!looksLikeStore(folder))
      throw unsafe(folder, 'the folder exists and is not a store', `Name an empty folder or one that does not exist with --store`);
    createPrivateFile(key, realRandom.bytes(KEY_BYTES));
  }
  const runsFolder = `${folder}/runs`;
  const buildsFolder = `${folder}/builds`;
  makePrivateFolder(runsFolder);
  makePrivateFolder(buildsFolder);
  const storeKey = readKey(folder, key);
  return {
    folder,
    sessions: createFolderStore(folder, { printKey: printKey({ key: storeKey }), seal: sealOptions(folder, storeKey) }),
    buildsFolder,
    key: storeKey,
  };
}

/** Names of files while a store is made, with the process that makes them: nobody else's folder holds nothing but these. */
const IN_THE_MAKING = /^(?:\.gitignore|key)(?:\.\d+)?$/;

/**
 * A start that was cut off after its first file, or another process that makes this store in this moment: everything is as we make it,
 * and only the key is missing.
 */
function looksLikeStore(folder: string): boolean {
  const ignore = readPrivateFile(`${folder}/.gitignore`);
  if (ignore !== undefined) return new TextDecoder().decode(ignore.bytes) === IGNORE_ALL;
  return (
    createDisk()
      .list(folder)
      ?.every((name) => IN_THE_MAKING.test(name)) === true
  );
}

function checkFolder(folder: string, facts: FolderFacts | undefined): void {
  if (facts === undefined || !facts.isFolder) throw unsafe(folder, 'it is no folder', 'Name a folder with --store');
  if (facts.uid !== hostFacts().uid) {
    throw unsafe(
      folder,
      `it belongs to user ${facts.uid}, and this process is user ${hostFacts().uid}`,
      'Name a folder of your own with --store',
    );
  }
  const forbidden = facts.isEmpty ? WRITABLE_BY_OTHERS : OPEN_TO_OTHERS;
  if ((facts.mode & forbidden) !== 0) throw unsafe(folder, `others may enter it (mode ${octal(facts.mode)})`, `chmod 700 ${folder}`);
}

function readKey(folder: string, path: string): Uint8Array {
  const file = readPrivateFile(path);
  if (file === undefined || file.bytes.length !== KEY_BYTES) {
    throw unsafe(folder, `its key file is not ${KEY_BYTES} bytes long`, `Restore ${path} from a copy of the store`);
  }
  if (file.uid !== hostFacts().uid)
    throw unsafe(folder, `its key file belongs to user ${file.uid}`, `Restore ${path} from a copy of the store`);
  if ((file.mode & OPEN_TO_OTHERS) !== 0)
    throw unsafe(folder, `others may read its key file (mode ${octal(file.mode)})`, `chmod 600 ${path}`);
  return file.bytes;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function unsafe(folder: string, saw: string, cure: string): ResproutError {
  return new ResproutError('STORE_UNSAFE', `the store ${folder} is not safe: ${saw}`, { tried: `open the store ${folder}`, saw, do: cure });
}

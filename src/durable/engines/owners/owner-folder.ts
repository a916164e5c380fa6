import path from 'node:path';
import { ResproutError } from '../../../base/errors/errors.ts';
import { hostFacts } from '../../../platform/process/host-facts.ts';
import { shortHash } from '../../../platform/keyed-hash.ts';
import { processEnv } from '../../../platform/process/process-life.ts';
import { folderFacts, makePrivateFolder, realFolder } from '../../../platform/disk/private-folder.ts';

/** A socket's path may have 107 bytes; the file names here have 37 with their temporary suffix. */
const LONGEST_FOLDER_BYTES = 68;

/**
 * Folder of the sockets of all owners of this user: `$XDG_RUNTIME_DIR/resprout`, or `/tmp/resprout-<uid>`. Made when it is missing.
 * @param runtime in place of that variable; empty: as where it is not set
 * @throws ResproutError STORE_UNSAFE when somebody else has that name or may enter it
 */
export function ownerFolder(runtime: string | undefined = processEnv()['XDG_RUNTIME_DIR']): string {
  return safeOwnerFolder(runtime, `/tmp/resprout-${hostFacts().uid}`);
}

/** As `ownerFolder`. @param runtime the user's runtime folder @param fallback the folder to use when there is none that can be used */
export function safeOwnerFolder(runtime: string | undefined, fallback: string): string {
  const { uid } = hostFacts();
  const wanted = runtime === undefined || !runtime.startsWith('/') ? undefined : `${runtime}/resprout`;
  const usable = wanted !== undefined && wanted.length <= LONGEST_FOLDER_BYTES && realFolder(runtime ?? '') !== undefined;
  const folder = usable ? wanted : fallback;
  makePrivateFolder(folder);
  const facts = folderFacts(folder);
  if (facts === undefined || !facts.isFolder || facts.uid !== uid || (facts.mode & 0o077) !== 0) {
    const saw = facts?.uid === uid ? `others may enter it` : `it is not a folder of user ${uid}`;
    throw new ResproutError('STORE_UNSAFE', `the folder of owner sockets ${folder} is not safe: ${saw}`, {
      tried: `make the folder ${folder} with mode 0700`,
      saw,
      do: `Remove ${folder}, or set XDG_RUNTIME_DIR to a folder of your own`,
    });
  }
  return folder;
}

/** Path of the socket at which the owner of a folder answers, also before the folder is there. */
export function ownerSocketPath(folder: string, ownedFolder: string): string {
  return `${folder}/${shortHash(realFolder(ownedFolder) ?? pathInReal(ownedFolder), 24)}.sock`;
}

function pathInReal(ownedFolder: string): string {
  const parent = path.dirname(ownedFolder);
  return path.join(realFolder(parent) ?? parent, path.basename(ownedFolder));
}

// `secrets.log` in the folder of a run: prints of what must not be shown of it, a list a line. No text stands in it.
import { readPrint, type SecretPrint } from '../../../base/secret-print.ts';
import type { Disk } from '../../../base/seams/disk.ts';
import { replaced } from '../../../platform/secrets/known-secrets.ts';
import { finderOf } from '../../../platform/secrets/secret-prints.ts';
import { AppendedFile } from '../../../platform/disk/appended-file.ts';
import type { SessionSeal } from '../seal/session-seal.ts';
import { storeFailed } from '../journal-errors.ts';

const fileIn = (folder: string): string => `${folder}/secrets.log`;

/** @param seal of a sealed session @throws ResproutError STORE_IO */
export function addPrints(folder: string, prints: readonly SecretPrint[], seal: SessionSeal | undefined): void {
  try {
    const file = new AppendedFile(fileIn(folder));
    try {
      // In a line of its own, also behind one that was cut.
      const line = JSON.stringify(prints);
      file.append(`\n${seal?.sealText('prints', line) ?? line}\n`);
    } finally {
      file.close();
    }
  } catch (error) {
    throw storeFailed(`the prints of secrets in ${folder}`, error);
  }
}

/** A line that is none, such as one that a full disk cut or one that is sealed where there is no seal, counts as nothing. */
export function readPrints(disk: Disk, folder: string, seal: SessionSeal | undefined): readonly SecretPrint[] {
  const lines = (disk.readText(fileIn(folder)) ?? '').split('\n');
  return lines.flatMap((line) =>
    listIn(seal?.openText('prints', line) ?? line)
      .map(readPrint)
      .filter((print) => print !== undefined),
  );
}

/** What takes the secrets of a session out of a text. @param key of the prints; without it nothing is found */
export function scrubIn(disk: Disk, folder: string, key: Uint8Array | undefined, seal: SessionSeal | undefined): (text: string) => string {
  return (text) => {
    const prints = key === undefined ? [] : readPrints(disk, folder, seal);
    return key === undefined || prints.length === 0 ? text : replaced(text, finderOf(key, prints)(text));
  };
}

function listIn(line: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(line);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

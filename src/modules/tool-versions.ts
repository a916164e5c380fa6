import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Disk } from '../base/seams/disk.ts';
import { shortHash } from '../platform/keyed-hash.ts';
import { OWN_NAME, type OwnPackage } from './resolve/own-package.ts';

/** Layout of `builds/`: raised when a reader of the old one could not read the new one. */
export const BUILD_FORMAT = 2;

function versionOf(disk: Disk, folder: string, name: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const text = disk.readText(`${at}/node_modules/${name}/package.json`);
    const version = text === undefined ? undefined : /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (version !== undefined) return version;
    if (at === dirname(at)) return 'unknown';
  }
}

/** Name, size and time of each file below a folder. */
function factsBelow(disk: Disk, folder: string): string[] {
  return (disk.list(folder) ?? []).toSorted().flatMap((name) => {
    const stat = disk.stat(`${folder}/${name}`);
    if (stat?.isFolder === true) return factsBelow(disk, `${folder}/${name}`);
    return [`${name}:${stat?.bytes ?? 0}:${stat?.modifiedMs ?? 0}`];
  });
}

/** While this package itself is being changed its version says nothing: then the facts of its files do. */
function developmentStamp(disk: Disk, own: OwnPackage): string {
  if (disk.list(`${own.folder}/src/modules`) === undefined) return '';
  const here = dirname(fileURLToPath(import.meta.url));
  const facts = [here, `${here}/../durable/transform`].flatMap((folder) => factsBelow(disk, folder));
  return `+${shortHash(facts.join('\n'), 12)}`;
}

/** Versions that decide what a build's texts look like: part of every key, and in the manifest. */
export function toolVersions(disk: Disk, own: OwnPackage, extension: string | undefined): Readonly<Record<string, string>> {
  return {
    format: String(BUILD_FORMAT),
    [OWN_NAME]: own.version + developmentStamp(disk, own),
    'oxc-transform': versionOf(disk, own.folder, 'oxc-transform'),
    acorn: versionOf(disk, own.folder, 'acorn'),
    'es-module-lexer': versionOf(disk, own.folder, 'es-module-lexer'),
    extension: extension ?? '',
  };
}

import type { BuildManifest } from '../../base/builds/build.ts';
import { shortHash } from '../../platform/keyed-hash.ts';

/**
 * The id of a build: of everything that makes it another one. Versions of the tools are in the keys of its files, and names that a file does
 * not export follow from the files.
 */
export function manifestId(manifest: Omit<BuildManifest, 'id' | 'versions'>): string {
  const { format, root, entry, files, resolution, lockHash, problems, packages } = manifest;
  const missing = problems.filter(({ code }) => code === 'BUILD_MODULE_MISSING');
  return shortHash(JSON.stringify([format, root, entry, files, resolution, lockHash, missing, packages]), 24);
}

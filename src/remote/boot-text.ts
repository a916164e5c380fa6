import { ResproutError } from '../base/errors.ts';
import type { Disk } from '../base/disk.ts';

const TEXTS = new URL('../../dist/texts/', import.meta.url);

/** Reads the built texts once. @throws ResproutError INTERNAL when the package is not built */
export function bootTexts(disk: Disk): (stdio: 'duplex' | 'split') => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (stdio) => {
    const kept = known.get(stdio);
    if (kept !== undefined) return kept;
    const path = decodeURIComponent(new URL(`child.${stdio}.br`, TEXTS).pathname);
    const bytes = disk.read(path);
    if (bytes === undefined)
      throw new ResproutError('INTERNAL', `the built text ${path} is missing`, { do: 'Run npm run build in the folder of the package' });
    known.set(stdio, bytes);
    return bytes;
  };
}

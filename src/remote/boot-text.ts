import { ResproutError } from '../base/errors/errors.ts';
import type { Disk } from '../base/seams/disk.ts';

const TEXTS = new URL('../../dist/texts/', import.meta.url);

/** What there is: the core's first part for each form of descriptors, its second part, and the text of an intermediary. */
export type TextPart = 'duplex' | 'split' | 'second' | 'broker';

/** Reads the built texts once. @throws ResproutError INTERNAL when the package is not built */
export function bootTexts(disk: Disk): (part: TextPart) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (part) => {
    const kept = known.get(part);
    if (kept !== undefined) return kept;
    const path = decodeURIComponent(new URL(part === 'broker' ? 'broker.br' : `child.${part}.br`, TEXTS).pathname);
    const bytes = disk.read(path);
    if (bytes === undefined)
      throw new ResproutError('INTERNAL', `the built text ${path} is missing`, { do: 'Run npm run build in the folder of the package' });
    known.set(part, bytes);
    return bytes;
  };
}

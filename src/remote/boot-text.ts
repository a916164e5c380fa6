import { ResproutError } from '../base/errors/errors.ts';
import type { Disk } from '../base/seams/disk.ts';

const TEXTS = new URL('../../dist/texts/', import.meta.url);

/**
 * What there is: the core's first part for each form of descriptors, its second part, the texts of an intermediary and of a process that is detached, and the modules that travel
 * when they are used.
 */
export type TextPart = 'duplex' | 'split' | 'second' | 'broker' | 'commands' | 'files' | 'exec' | 'doctor' | 'unit' | 'detach';

const FILES: Readonly<Record<TextPart, string>> = {
  duplex: 'child.duplex.br',
  split: 'child.split.br',
  second: 'child.second.br',
  broker: 'broker.br',
  detach: 'detach.br',
  commands: 'commands.js',
  files: 'files.js',
  exec: 'exec.js',
  doctor: 'doctor.js',
  unit: 'unit.js',
};

/** Reads the built texts once. @throws ResproutError INTERNAL when the package is not built */
export function bootTexts(disk: Disk): (part: TextPart) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (part) => {
    const kept = known.get(part);
    if (kept !== undefined) return kept;
    const path = decodeURIComponent(new URL(FILES[part], TEXTS).pathname);
    const bytes = disk.read(path);
    if (bytes === undefined)
      throw new ResproutError('INTERNAL', `the built text ${path} is missing`, { do: 'Run npm run build in the folder of the package' });
    known.set(part, bytes);
    return bytes;
  };
}

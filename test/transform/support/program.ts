import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableExtension } from '../../../src/durable/transform/index.ts';
import { createBuilder } from '../../../src/modules/index.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';

/** A build of a program in a folder of its own. */
export interface BuiltProgram {
  readonly folder: string;
  readonly id: string;
  [Symbol.dispose](): void;
}

/** Builds a program with module functions. */
export function buildProgram(entry: string, root?: string): BuiltProgram {
  const folder = mkdtempSync(join(tmpdir(), 'transform-'));
  const builder = createBuilder({ disk: createDisk({ sync: false }), cacheFolder: folder, root, extend: durableExtension() });
  const { id } = builder.build(entry);
  return { folder, id, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Absolute path of a file in test/fixtures/transform. */
export function fixture(...parts: readonly string[]): string {
  return fileURLToPath(new URL(`../../fixtures/transform/${parts.join('/')}`, import.meta.url));
}

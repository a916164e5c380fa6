// The files of ../inside run in other processes, hundreds of times: their types are stripped once.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'oxc-transform';

const SOURCES = path.join(import.meta.dirname, '..', 'inside');

/** Paths of what is started. */
export interface Inside {
  readonly preload: string;
  readonly plainMain: string;
  readonly ownerMain: string;
}

/** @param folder where the stripped files are written */
export function writeInside(folder: string): Inside {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(SOURCES)) {
    const { code } = transformSync(name, readFileSync(path.join(SOURCES, name), 'utf8'));
    writeFileSync(path.join(folder, name.replace(/\.ts$/, '.mjs')), code.replace(/(from ["']\.\/[\w-]+)\.ts(["'])/g, '$1.mjs$2'));
  }
  const built = (name: string): string => path.join(folder, `${name}.mjs`);
  return { preload: built('plain-preload'), plainMain: built('plain-main'), ownerMain: built('owner-main') };
}

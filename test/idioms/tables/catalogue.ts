// All tables, by theme: a folder of programs/ is a theme, a document in it is a concern.
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Program } from './program.ts';
import { readTable } from './read-table.ts';

const FOLDER = path.join(import.meta.dirname, '..', 'programs');

export const themes = (): string[] => readdirSync(FOLDER).sort();

/** Programs of one theme, or of all. */
export function catalogue(theme = '*'): Program[] {
  return globSync(`${theme}/*.md`, { cwd: FOLDER })
    .sort()
    .flatMap((file) => readTable(path.basename(file, '.md'), readFileSync(path.join(FOLDER, file), 'utf8')));
}

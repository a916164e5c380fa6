// Programs of test/fixtures/programs, laid out in a folder of their own as a user has them: with packages, and this package linked in.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY: string = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const FIXTURES = join(REPOSITORY, 'test/fixtures/programs');

/** A program's folder. It goes away with `remove`. */
export interface StagedProgram {
  /** Real path. */
  readonly folder: string;
  path(file: string): string;
  /** Writes a file below the folder; gives its path. */
  write(file: string, text: string): string;
  remove(): void;
}

/** Copies a fixture, or makes an empty ES module project; links packages and this one into its node_modules. */
export function stageProgram(fixture?: string): StagedProgram {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'resprout-program-')));
  if (fixture === undefined) writeFileSync(join(folder, 'package.json'), '{ "name": "program", "type": "module" }');
  else cpSync(join(FIXTURES, fixture), folder, { recursive: true });
  cpSync(join(FIXTURES, 'packages'), join(folder, 'node_modules'), { recursive: true });
  symlinkSync(REPOSITORY, join(folder, 'node_modules', 'resprout'));
  return {
    folder,
    path: (file) => join(folder, file),
    write(file, text) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

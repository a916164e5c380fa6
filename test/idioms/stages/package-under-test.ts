// The package that is measured: its built files, never older than its sources.
import { globSync, statSync } from 'node:fs';
import path from 'node:path';

export interface PackageUnderTest {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Absolute path of the module with the worker API: its own, or one that is wrong on purpose. */
  readonly worker: string;
}

export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

/** What every build writes last. */
const NEWEST_OUTPUT = 'dist/durable/runner/main.js';

export function packageIn(folder: string): PackageUnderTest {
  return { folder, worker: path.join(folder, 'dist', 'worker.js') };
}

/** A source file that is newer than the build; undefined when the build is as new as its sources. */
export function newerSource(folder: string): string | undefined {
  const built = statSync(path.join(folder, NEWEST_OUTPUT), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync('src/**/*.{ts,sh}', { cwd: folder, exclude: ['**/*.test.ts'] }).find(
    (file) => statSync(path.join(folder, file)).mtimeMs > built,
  );
}

/** What is measured must be what is written. @throws Error when the build is older than a source */
export function checkBuilt({ folder }: PackageUnderTest): void {
  const newer = newerSource(folder);
  if (newer !== undefined) throw new Error(`${newer} is newer than the build of ${folder}: npm run build`);
}

// Finds the test runners of test/testers, under which tests of a user call far functions.
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Where the packages are. */
export const TESTERS: string = path.resolve(import.meta.dirname, '../testers/node_modules');

/** For the `skip` option of a test: false when the runners are there, else the reason with the install command. In CI always false. */
export function missingTesters(): string | false {
  if (process.env['CI'] === 'true' || existsSync(path.join(TESTERS, 'vitest'))) return false;
  return 'vitest and jest missing; install with: ./prime --target testPackages';
}

/** Links a runner into the packages of a project. */
export function linkTester(name: string, project: string): void {
  symlinkSync(path.join(TESTERS, name), path.join(project, 'node_modules', name));
}

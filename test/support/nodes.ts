// Finds the Node releases of test/nodes, for tests that run programs on more than one of them.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Releases that `npm ci` in test/nodes installs: the primer's floor, an ordinary old one, the far side's floor, the controller's floor. */
export type TestNodeVersion = '12.22.12' | '20.20.2' | '22.18.0' | '24.18.1';

const INSTALL = './prime --target testPackages';
const FOLDERS: Readonly<Record<TestNodeVersion, string>> = {
  '12.22.12': 'node-12',
  '20.20.2': 'node-20',
  '22.18.0': 'node-22',
  '24.18.1': 'node-24',
};

const pathOf = (version: TestNodeVersion): string =>
  fileURLToPath(new URL(`../nodes/node_modules/${FOLDERS[version]}/bin/node`, import.meta.url));

/**
 * Absolute path of the `node` binary of a release.
 * @throws Error that names the install command, when it is not there
 */
export function testNode(version: TestNodeVersion): string {
  const path = pathOf(version);
  if (!existsSync(path)) throw new Error(`Node ${version} for tests is missing; install it with: ${INSTALL}`);
  return path;
}

/**
 * For the `skip` option of a test: false when all these releases are there, else the reason with the install command.
 * With CI=true it is always false, so that a missing one fails the test instead of hiding it.
 */
export function missingNodes(...versions: readonly TestNodeVersion[]): string | false {
  if (process.env['CI'] === 'true') return false;
  const missing = versions.filter((version) => !existsSync(pathOf(version)));
  return missing.length === 0 ? false : `Node ${missing.join(', ')} missing; install with: ${INSTALL}`;
}

import type { OwnPackage } from './own-package.ts';

/**
 * Whether a real path is a user file: not below a `node_modules` folder and no source of this package. By real path, so that
 * `npm link` and workspaces are right. Examples and tests of this repository are user code.
 */
export function isUserFile(realPath: string, own: OwnPackage): boolean {
  return !realPath.includes('/node_modules/') && !own.holds(realPath);
}

// Which package manager a folder is for, by its lockfile: that of npm, or that of pnpm. Others are refused.
import path from 'node:path';
import { lstat, readText } from '../files.ts';

/** Lockfile of each. */
export const LOCKFILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml' } as const;

/** A package manager. */
export type Manager = keyof typeof LOCKFILES;

/** The pnpm that a manifest names in `packageManager`, with its hash when it has one. */
export interface DeclaredPnpm {
  readonly version: string;
  /** `sha512-…` as the registry gives it; undefined without a hash of that kind. */
  readonly integrity: string | undefined;
}

/** Reads `packageManager`, as corepack writes it: `pnpm@10.34.8+sha512.…`. Undefined when it names no pnpm. */
export function declaredPnpm(folder: string): DeclaredPnpm | undefined {
  const text = readText(path.join(folder, 'package.json'));
  const [, version, hex] = /"packageManager":\s*"pnpm@(\d+\.\d+\.\d+)(?:\+sha512\.([0-9a-f]{128}))?"/.exec(text ?? '') ?? [];
  if (version === undefined) return undefined;
  return { version, integrity: hex === undefined ? undefined : `sha512-${Buffer.from(hex, 'hex').toString('base64')}` };
}

/** The manager of a folder. Where both lockfiles are there, `packageManager` decides, else npm. */
export function managerOf(folder: string): Manager {
  const has = (manager: Manager): boolean => lstat(path.join(folder, LOCKFILES[manager])) !== undefined;
  if (has('npm')) return has('pnpm') && declaredPnpm(folder) !== undefined ? 'pnpm' : 'npm';
  return has('pnpm') ? 'pnpm' : 'npm';
}

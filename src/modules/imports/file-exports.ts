import type { Disk } from '../../base/seams/disk.ts';
import { dirname } from 'node:path';
import { lower } from '../text/lower.ts';
import { TsOptionsReader } from '../text/ts-options.ts';
import { commonJsExports, moduleExports } from './imports.ts';

/** Names that one file exports itself, without types; empty for a file that cannot be read. Nothing of it runs, no other file is read. */
export function fileExports(file: string, disk: Disk): readonly string[] {
  const source = disk.readText(file);
  if (source === undefined) return [];
  const format = /\.c[jt]s$/.test(file) ? 'commonjs' : 'module';
  const { code } = lower({ file, path: file, format, source, options: new TsOptionsReader(disk).forFolder(dirname(file)) });
  return format === 'module' ? moduleExports(code) : commonJsExports(code).names;
}

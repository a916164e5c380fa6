import { ResproutError } from '../base/errors.ts';
import type { Build } from '../modules/index.ts';

const DEFAULTS = ['default', 'main'];

/**
 * Name of the export that a program begins with; empty for a file that has none: its body is the program. Known from the build's table, before
 * anything runs. @param wanted the export that was asked for or recorded; undefined: whatever the file has
 * @throws ResproutError RUN_EXPORT_MISSING
 */
export function entryExport(build: Build, wanted: string | undefined): string {
  const { table } = build.artefacts(build.manifest.entry);
  if (wanted === undefined) return DEFAULTS.find((name) => table.exports.includes(name)) ?? '';
  if (wanted === '' || table.exports.includes(wanted)) return wanted;
  const names = table.exports.length === 0 ? 'it exports nothing' : `it exports ${table.exports.join(', ')}`;
  throw new ResproutError('RUN_EXPORT_MISSING', `${table.path} has no export "${wanted}"`, {
    tried: `run ${table.path}:${wanted}`,
    saw: names,
    kept: 'Nothing ran',
    do: table.exports.length === 0 ? `Write \`export\` before the function ${wanted}` : 'Name one of these exports',
  });
}

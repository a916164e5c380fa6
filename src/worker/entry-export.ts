import { ResproutError } from '../base/errors.ts';
import type { FileTable } from '../base/build.ts';
import type { Build } from '../modules/index.ts';

const DEFAULTS = ['default', 'main'];

/** What can be called. Of a CommonJS file also the functions that Node does not find by name: `module.exports = function …`, methods of an object. */
function exportsOf({ format, exports, functions }: FileTable): readonly string[] {
  if (format !== 'commonjs') return exports;
  return [...new Set([...exports, ...functions.filter(({ kind }) => kind !== 'class').flatMap((fn) => fn.exports)])];
}

/**
 * Name of the export that a program begins with; empty for a file that has none: its body is the program. Known from the build's table, before
 * anything runs. @param wanted the export that was asked for or recorded; undefined: whatever the file has
 * @throws ResproutError RUN_EXPORT_MISSING
 */
export function entryExport(build: Build, wanted: string | undefined): string {
  const { table } = build.artefacts(build.manifest.entry);
  const exported = exportsOf(table);
  if (wanted === undefined) return DEFAULTS.find((name) => exported.includes(name)) ?? '';
  if (wanted === '' || exported.includes(wanted)) return wanted;
  const names = exported.length === 0 ? 'it exports nothing' : `it exports ${exported.join(', ')}`;
  throw new ResproutError('RUN_EXPORT_MISSING', `${table.path} has no export "${wanted}"`, {
    tried: `run ${table.path}:${wanted}`,
    saw: names,
    kept: 'Nothing ran',
    do: exported.length === 0 ? `Write \`export\` before the function ${wanted}` : 'Name one of these exports',
  });
}

import { ResproutError } from '../base/errors.ts';
import type { Build } from '../modules/index.ts';

const DEFAULTS = ['default', 'main'];

/**
 * Name of the export that a program begins with. Known from the build's table, before anything runs.
 * @throws ResproutError RUN_EXPORT_MISSING, RUN_NO_ENTRY
 */
export function entryExport(build: Build, wanted: string | undefined): string {
  const { table } = build.artefacts(build.manifest.entry);
  if (wanted !== undefined) {
    if (table.exports.includes(wanted)) return wanted;
    const names = table.exports.length === 0 ? 'it exports nothing' : `it exports ${table.exports.join(', ')}`;
    throw new ResproutError('RUN_EXPORT_MISSING', `${table.path} has no export "${wanted}"`, {
      tried: `run ${table.path}:${wanted}`,
      saw: names,
      kept: 'Nothing ran',
      do: table.exports.length === 0 ? `Write \`export\` before the function ${wanted}` : 'Name one of these exports',
    });
  }
  const found = DEFAULTS.find((name) => table.exports.includes(name));
  if (found !== undefined) return found;
  throw new ResproutError('RUN_NO_ENTRY', `${table.path} exports neither a default function nor main`, {
    tried: `run ${table.path}`,
    saw: table.exports.length === 0 ? 'it exports nothing' : `it exports ${table.exports.join(', ')}`,
    kept: 'Nothing ran',
    do: entryLines(table.path, table.exports),
  });
}

/** The lines to add, ready to be copied. */
function entryLines(file: string, exports: readonly string[]): string {
  const [first] = exports;
  const other = first === undefined ? '' : `, or name an export: resprout run ${file}:${first}`;
  return `Add to ${file}${other}\n\n  export default async function (event: { data: unknown }) {\n    return event.data;\n  }`;
}

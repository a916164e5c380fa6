import { ResproutError } from '../../base/errors/errors.ts';
import type { Build } from '../../modules/index.ts';

const DEFAULTS = ['default', 'main'];

/** Name of the entry of a program without one: its body is the program. */
export const BODY = '';

/**
 * Name of the export that a program begins with: the wanted one, else `default`, else `main`, else none (`BODY`). Known from the build's
 * table, before anything runs.
 * @throws ResproutError RUN_EXPORT_MISSING
 */
export function entryExport(build: Build, wanted: string | undefined): string {
  const { table } = build.artefacts(build.manifest.entry);
  const names = new Set([...table.exports, ...table.held]);
  if (wanted === undefined) return DEFAULTS.find((name) => names.has(name)) ?? BODY;
  if (wanted === BODY || names.has(wanted)) return wanted;
  throw new ResproutError('RUN_EXPORT_MISSING', `${table.path} has no export "${wanted}"`, {
    tried: `run ${table.path}:${wanted}`,
    saw: names.size === 0 ? 'it exports nothing' : `it exports ${[...names].join(', ')}`,
    kept: 'Nothing ran',
    do: names.size === 0 ? `Write \`export\` before the function ${wanted}` : 'Name one of these exports',
  });
}

/** What to say of a file whose body is the program although it exports something; undefined when there is nothing to say. */
export function entryNote(build: Build, exportName: string): string | undefined {
  const { exports, held, path } = build.artefacts(build.manifest.entry).table;
  const [first] = [...held, ...exports];
  if (exportName !== BODY || first === undefined) return undefined;
  return `${path} has neither a default export nor main: its body is the program; one of its exports is run with ${path}:${first}`;
}

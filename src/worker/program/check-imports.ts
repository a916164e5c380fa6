import type { BuildProblem, FileTable } from '../../base/builds/build.ts';
import { ResproutError, type SourcePlace } from '../../base/errors/errors.ts';
import type { Build } from '../../modules/index.ts';
import { createDisk } from '../../platform/disk/disk.ts';

/**
 * Looks whether the program can be linked: every file that its entry imports statically, directly or through others, has what it imports.
 * Known from the build, before a session is made. What only `import()` or require reaches is no reason not to begin.
 * @throws ResproutError BUILD_MODULE_MISSING, BUILD_EXPORT_MISSING
 */
export function checkImports(build: Build): void {
  const { entry, problems } = build.manifest;
  if (problems.length === 0) return;
  const seen = new Set([entry]);
  for (const file of seen) {
    const { table } = build.artefacts(file);
    // A CommonJS file imports by require, which its program may try and catch.
    if (table.format !== 'module') continue;
    for (const specifier of staticImports(table)) {
      const problem = problems.find((candidate) => candidate.file === file && candidate.specifier === specifier);
      if (problem !== undefined) throw cannotLink(problem, table);
      const target = build.targetOf(file, `i:${specifier}`);
      if (target !== undefined && build.has(target)) seen.add(target);
    }
  }
}

function staticImports({ imports }: FileTable): string[] {
  return imports.filter(({ kind }) => kind === 'i').map(({ specifier }) => specifier);
}

function cannotLink({ code, file, specifier, message }: BuildProblem, table: FileTable): ResproutError {
  const isMissing = code === 'BUILD_MODULE_MISSING';
  const at = isMissing ? placeOfSpecifier(file, specifier, table) : placeIn(message, file);
  const isPath = specifier.startsWith('.') || specifier.startsWith('/');
  return new ResproutError(code, message, {
    at,
    tried: `link ${table.path}`,
    saw: isMissing ? `no ${isPath ? 'file' : 'package'} of that name` : undefined,
    kept: 'Nothing ran',
    do: isMissing ? (isPath ? 'Correct the path in the import' : `npm install ${packageOf(specifier)}, or correct the name`) : undefined,
  });
}

/** Where an import names its module: the path, not the names before it. */
function placeOfSpecifier(file: string, specifier: string, table: FileTable): SourcePlace | undefined {
  const named = table.named.find((one) => one.specifier === specifier);
  const lines = (createDisk().readText(file) ?? '').split('\n');
  const from = (named?.line ?? 1) - 1;
  for (const [below, text] of lines.slice(from).entries()) {
    const column = Math.max(text.indexOf(`'${specifier}'`), text.indexOf(`"${specifier}"`)) + 1;
    if (column > 0) return { file, line: from + below + 1, column };
  }
  return named === undefined ? undefined : { file, line: named.line, column: named.column };
}

/** `a/b.ts:3:10: …` as a place in that file. */
function placeIn(message: string, file: string): SourcePlace | undefined {
  const [, line, column] = /:(\d+):(\d+): /.exec(message) ?? [];
  return line === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** `@scope/name` of `@scope/name/path`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

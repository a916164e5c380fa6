// Parsers of what lies in `builds/`. Files of a store can be cut, old or edited: everything is checked once, here.
import type {
  BuildManifest,
  BuildProblem,
  FileResolution,
  FileTable,
  FunctionEntry,
  LateFiles,
  ModuleFormat,
  NamedImport,
  PackageClasses,
  RefusalRule,
  SiteEntry,
  UnguardedStatement,
} from './build.ts';
import {
  booleanAt,
  listAt,
  numberAt,
  objectOf,
  oneOfAt,
  optionalTextAt,
  recordAt,
  textAt,
  textListAt,
  textRecordAt,
  type ReadObject,
} from './read-fields.ts';

const FORMATS: readonly ModuleFormat[] = ['module', 'commonjs', 'json'];
const RULES: readonly RefusalRule[] = ['nested', 'instance', 'class', 'private', 'accessor', 'computed', 'reassigned', 'wrapped'];

function parseFunction(value: unknown, where: string): FunctionEntry {
  const entry = objectOf(value, where);
  const path = entry.value['path'] === null ? null : textListAt(entry, 'path');
  const range = listAt(entry, 'range');
  const [start, end] = range;
  if (range.length !== 2 || typeof start !== 'number' || typeof end !== 'number')
    throw new TypeError(`${where}.range is not a pair of numbers`);
  const why = entry.value['why'] === undefined ? undefined : objectOf(entry.value['why'], `${where}.why`);
  return {
    n: numberAt(entry, 'n'),
    path,
    kind: textAt(entry, 'kind'),
    name: optionalTextAt(entry, 'name'),
    async: booleanAt(entry, 'async'),
    generator: booleanAt(entry, 'generator'),
    exports: textListAt(entry, 'exports'),
    line: numberAt(entry, 'line'),
    column: numberAt(entry, 'column'),
    range: [start, end],
    body: numberAt(entry, 'body'),
    why: why && { rule: oneOfAt(why, 'rule', RULES), wraps: optionalTextAt(why, 'wraps') },
  };
}

function parseUnguarded(value: unknown, where: string): UnguardedStatement {
  const entry = objectOf(value, where);
  return { line: numberAt(entry, 'line'), column: numberAt(entry, 'column'), text: textAt(entry, 'text') };
}

function parseImport(value: unknown, where: string): FileTable['imports'][number] {
  const entry = objectOf(value, where);
  return { kind: oneOfAt(entry, 'kind', ['i', 'd', 'r'] as const), specifier: textAt(entry, 'specifier') };
}

function parseNamed(value: unknown, where: string): NamedImport {
  const entry = objectOf(value, where);
  return {
    specifier: textAt(entry, 'specifier'),
    name: textAt(entry, 'name'),
    line: numberAt(entry, 'line'),
    column: numberAt(entry, 'column'),
  };
}

/** `table.json` without what extensions added. @throws TypeError naming the field */
export function parseTable(value: unknown): FileTable {
  const table = objectOf(value, 'table');
  return {
    key: textAt(table, 'key'),
    path: textAt(table, 'path'),
    format: oneOfAt(table, 'format', FORMATS),
    functions: listAt(table, 'functions').map((entry, index) => parseFunction(entry, `table.functions[${index}]`)),
    wrapped: textRecordAt(table, 'wrapped'),
    exports: textListAt(table, 'exports'),
    // A build of before has no such list.
    held: 'held' in table.value ? textListAt(table, 'held') : [],
    imports: listAt(table, 'imports').map((entry, index) => parseImport(entry, `table.imports[${index}]`)),
    unguarded: listAt(table, 'unguarded').map((entry, index) => parseUnguarded(entry, `table.unguarded[${index}]`)),
    named: listAt(table, 'named').map((entry, index) => parseNamed(entry, `table.named[${index}]`)),
    stars: textListAt(table, 'stars'),
  };
}

/** The call sites that `durable/transform` adds to `table.json` as `sites`, by number. @throws TypeError naming the field */
export function parseSites(value: unknown): readonly SiteEntry[] {
  return listAt(objectOf(value, 'table'), 'sites').map((item, index) => {
    const site = objectOf(item, `table.sites[${index}]`);
    return {
      id: textAt(site, 'id'),
      label: textAt(site, 'label'),
      line: numberAt(site, 'line'),
      column: numberAt(site, 'column'),
      awaited: booleanAt(site, 'awaited'),
    };
  });
}

function parseResolution(from: ReadObject): Readonly<Record<string, FileResolution>> {
  const all = recordAt(from, 'resolution');
  return Object.fromEntries(Object.keys(all.value).map((file) => [file, textRecordAt(all, file)]));
}

function parseProblem(value: unknown, where: string): BuildProblem {
  const problem = objectOf(value, where);
  return {
    code: oneOfAt(problem, 'code', ['BUILD_MODULE_MISSING', 'BUILD_EXPORT_MISSING'] as const),
    file: textAt(problem, 'file'),
    specifier: textAt(problem, 'specifier'),
    importKind: oneOfAt(problem, 'importKind', ['i', 'r'] as const),
    message: textAt(problem, 'message'),
  };
}

function parsePackages(from: ReadObject): PackageClasses {
  const all = recordAt(from, 'packages');
  return Object.fromEntries(
    Object.entries(all.value).map(([name, value]) => {
      const entry = objectOf(value, `packages.${name}`);
      return [
        name,
        {
          treat: oneOfAt(entry, 'treat', ['inline', 'boundary'] as const),
          by: oneOfAt(entry, 'by', ['setting', 'table', 'scan'] as const),
          why: textAt(entry, 'why'),
        },
      ];
    }),
  );
}

/** `builds/<id>.json`. @throws TypeError naming the field */
export function parseManifest(value: unknown): BuildManifest {
  const manifest = objectOf(value, 'manifest');
  return {
    format: numberAt(manifest, 'format'),
    id: textAt(manifest, 'id'),
    root: textAt(manifest, 'root'),
    entry: textAt(manifest, 'entry'),
    files: textRecordAt(manifest, 'files'),
    resolution: parseResolution(manifest),
    lockHash: textAt(manifest, 'lockHash'),
    problems: listAt(manifest, 'problems').map((problem, index) => parseProblem(problem, `manifest.problems[${index}]`)),
    packages: parsePackages(manifest),
    versions: textRecordAt(manifest, 'versions'),
  };
}

/** One line of `builds/<id>.late.jsonl`. @throws TypeError naming the field */
export function parseLateFiles(value: unknown): LateFiles {
  const late = objectOf(value, 'late');
  return {
    from: textAt(late, 'from'),
    specifier: textAt(late, 'specifier'),
    importKind: oneOfAt(late, 'importKind', ['i', 'r'] as const),
    target: textAt(late, 'target'),
    files: textRecordAt(late, 'files'),
    resolution: parseResolution(late),
    packages: parsePackages(late),
  };
}

/**
 * All lines of `builds/<id>.late.jsonl`. A last line without its end was cut by a crash before anything used it, and is left out.
 * @throws TypeError or SyntaxError on any other bad line
 */
export function parseLateLines(text: string): readonly LateFiles[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
    .map((line) => parseLateFiles(JSON.parse(line)));
}

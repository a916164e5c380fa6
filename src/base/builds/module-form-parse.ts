import { parseSites } from './build-parse.ts';
import type { ExportEntry, LinkInfo, ModuleForm, TransformWarning } from './module-form.ts';
import { booleanAt, listAt, numberAt, objectOf, oneOfAt, textAt, textListAt } from './read-fields.ts';

function parseExport(value: unknown, where: string): ExportEntry {
  const entry = objectOf(value, where);
  const name = textAt(entry, 'name');
  if (oneOfAt(entry, 'kind', ['local', 'from']) === 'local') return { name, kind: 'local', local: textAt(entry, 'local') };
  return { name, kind: 'from', dep: numberAt(entry, 'dep'), from: textAt(entry, 'from') };
}

function parseNumbers(list: readonly unknown[], where: string): readonly number[] {
  return list.map((item) => {
    if (typeof item !== 'number') throw new TypeError(`${where} has something that is no number`);
    return item;
  });
}

function parseLink(value: unknown): LinkInfo {
  const link = objectOf(value, 'table.link');
  return {
    deps: textListAt(link, 'deps'),
    imports: listAt(link, 'imports').map((item, index) => {
      const entry = objectOf(item, `table.link.imports[${index}]`);
      return { dep: numberAt(entry, 'dep'), name: textAt(entry, 'name'), line: numberAt(entry, 'line'), column: numberAt(entry, 'column') };
    }),
    exports: listAt(link, 'exports').map((item, index) => parseExport(item, `table.link.exports[${index}]`)),
    stars: parseNumbers(listAt(link, 'stars'), 'table.link.stars'),
    binds: listAt(link, 'binds').map((item, index) => {
      const entry = objectOf(item, `table.link.binds[${index}]`);
      return { kind: oneOfAt(entry, 'kind', ['i', 'n'] as const), dep: numberAt(entry, 'dep') };
    }),
    awaits: booleanAt(link, 'awaits'),
  };
}

function parseWarning(value: unknown, where: string): TransformWarning {
  const warning = objectOf(value, where);
  return { line: numberAt(warning, 'line'), column: numberAt(warning, 'column'), message: textAt(warning, 'message') };
}

function parseRange(value: unknown, where: string): readonly [number, number] {
  const [start, end] = Array.isArray(value) ? parseNumbers(value, where) : [];
  if (start === undefined || end === undefined) throw new TypeError(`${where} is not a pair of numbers`);
  return [start, end];
}

/** What durable/transform added to `table.json`. JSON files have none of it. @throws TypeError naming the field */
export function parseModuleForm(value: unknown): ModuleForm {
  const table = objectOf(value, 'table');
  if (table.value['format'] === 'json') return { sites: [], link: null, classes: [], warnings: [], shown: [] };
  return {
    sites: parseSites(value),
    link: table.value['link'] === null ? null : parseLink(table.value['link']),
    classes: textListAt(table, 'classes'),
    warnings: listAt(table, 'warnings').map((item, index) => parseWarning(item, `table.warnings[${index}]`)),
    shown: listAt(table, 'shown').map((item, index) => parseRange(item, `table.shown[${index}]`)),
  };
}

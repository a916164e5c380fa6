import type { FileArtefacts } from '../build/build-object.ts';
import { parseText } from '../text/parse.ts';
import { decodeMappings, lineStarts, parseMap, placeIn, withMappings, type RawSourceMap } from '../text/source-map.ts';

/** A text under change with its map. Only columns of one line may move. */
interface Draft {
  text: string;
  map: RawSourceMap;
}

/** A name that the text does not use. */
function freeName(text: string, base: string): string {
  let name = base;
  for (let n = 1; text.includes(name); n++) name = `${base}${n}`;
  return name;
}

/** Puts `insert` into a text and moves the map's columns behind it on that line. `insert` has no line end. */
function insertAt(draft: Draft, offset: number, insert: string, replaced = 0): void {
  const place = placeIn(lineStarts(draft.text), offset);
  const by = insert.length - replaced;
  const lines = decodeMappings(draft.map);
  const line = lines[place.line - 1];
  if (line !== undefined) for (const segment of line) if (segment[0] >= place.column - 1 + replaced) segment[0] += by;
  draft.text = draft.text.slice(0, offset) + insert + draft.text.slice(offset + replaced);
  draft.map = withMappings(draft.map, lines);
}

/**
 * Gives an anonymous default export a binding that the accessor can name; `.name` stays `default`. A function declaration stays one, so that
 * cyclic imports see it early.
 */
function nameDefault(draft: Draft, name: string): void {
  const found = parseText(draft.text, 'module').body.find((statement) => statement.type === 'ExportDefaultDeclaration');
  if (found === undefined) return;
  const { start, end, declaration } = found;
  if (declaration.type === 'FunctionDeclaration') {
    insertAt(draft, declaration.end, `;Object.defineProperty(${name},'name',{value:'default',configurable:true});`);
    insertAt(draft, draft.text.indexOf('(', declaration.start), ` ${name}`);
    return;
  }
  insertAt(draft, declaration.end, `};export{${name} as default};`, end - declaration.end);
  insertAt(draft, start, `const {default:${name}}={default:`, declaration.start - start);
}

/** How the accessor reaches one function: the value itself, or the holder with the keys below it. */
function accessOf(path: readonly string[], defaultName: string): string {
  const [root = '', ...keys] = path;
  const holder = root === 'default' ? defaultName : root;
  return keys.length === 0 ? holder : `[${holder},${JSON.stringify(keys)}]`;
}

const REQUIRE = /\brequire\s*\(/;

/**
 * The text of a user file for far contexts: the lowered text, one line that registers an accessor for its top-level functions with the
 * importer there, and map A inline. Imports and functions are hoisted, so nothing in front of the line moves.
 */
export function farText({ table, lowered, loweredMap }: FileArtefacts): string {
  if (table.format === 'json') return lowered;
  const draft: Draft = { text: lowered, map: parseMap(loweredMap) };
  const reachable = table.functions.filter((entry) => entry.path !== null);
  const defaultName = freeName(lowered, '$rsd');
  if (reachable.some((entry) => entry.path?.[0] === 'default')) nameDefault(draft, defaultName);
  const cases = reachable.map((entry) => `case ${entry.n}:return ${accessOf(entry.path ?? [], defaultName)}`);
  const where = table.format === 'module' ? 'import.meta.url' : '__filename';
  const accessor = `\n;globalThis[Symbol.for('resprout.far')]?.(${where},function(){switch(arguments[0]){${cases.join(';')}}});`;
  const requires =
    table.format === 'module' && REQUIRE.test(lowered) && table.imports.some(({ kind }) => kind === 'r') ? requireShim(lowered) : '';
  const map = Buffer.from(JSON.stringify(draft.map)).toString('base64');
  return `${draft.text}${accessor}${requires}\n//# sourceMappingURL=data:application/json;base64,${map}`;
}

/** `import x = require()` lowers to a require in an ES module, where there is none: a hoisted function stands in. */
function requireShim(text: string): string {
  if (/\b(?:const|let|var|function|import)\b[^;\n]*\brequire\b\s*[,=}(]/.test(text.replaceAll(/=\s*require\s*\(/g, ''))) return '';
  const create = freeName(text, '$rsr');
  return `import{createRequire as ${create}}from'node:module';function require(id){return ${create}(import.meta.url)(id)}`;
}

import type { AnyNode, AssignmentExpression, Program } from 'acorn';
import { bare, childrenOf, textOf } from '../text/ast.ts';
import { patternNames, scopeNames } from './declared-names.ts';

/** What the top level of a file says about names. */
export interface TopLevelNames {
  /** Local name to the names it is exported under. */
  readonly exportsOf: ReadonlyMap<string, readonly string[]>;
  /** Top-level bindings that get a new value somewhere, decorated classes left out. */
  readonly reassigned: ReadonlySet<string>;
  /** Local names of this package's markers, which give back the function they are given. */
  readonly markers: ReadonlySet<string>;
  /** Consts made by a call: name to the text of the call. */
  readonly wrapped: Readonly<Record<string, string>>;
}

const MARKER_MODULE = 'resprout/durable';
const MARKERS: ReadonlySet<string> = new Set(['activity', 'inline', 'atMostOnce']);
/** Helpers of esbuild and TypeScript that stand in a loader's own text. */
const DECORATE_NAMES: ReadonlySet<string> = new Set(['__decorateClass', '__decorate']);
const DECORATE_HELPER = /(?:^|\/)runtime\/helpers\/(?:esm\/)?decorate$/;

const nameOf = (node: AnyNode): string => (node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '');

function importedNames(program: Program): { markers: Set<string>; decorate: Set<string> } {
  const markers = new Set<string>();
  const decorate = new Set<string>(DECORATE_NAMES);
  const requireOf = (node: AnyNode | null | undefined): string | undefined => {
    if (node?.type !== 'CallExpression' || nameOf(node.callee) !== 'require') return undefined;
    const [first] = node.arguments;
    return first?.type === 'Literal' ? String(first.value) : undefined;
  };
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const from = String(statement.source.value);
      for (const specifier of statement.specifiers) {
        if (DECORATE_HELPER.test(from)) decorate.add(specifier.local.name);
        const imported = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : '';
        if (from === MARKER_MODULE && MARKERS.has(imported)) markers.add(specifier.local.name);
      }
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) {
      const from = requireOf(init);
      if (from === undefined) continue;
      if (id.type === 'Identifier' && DECORATE_HELPER.test(from)) decorate.add(id.name);
      if (id.type !== 'ObjectPattern' || from !== MARKER_MODULE) continue;
      for (const property of id.properties)
        if (property.type === 'Property' && MARKERS.has(nameOf(property.key)))
          for (const name of patternNames(property.value)) markers.add(name);
    }
  }
  return { markers, decorate };
}

/** The name in `module.exports = name`: what a CommonJS file exports as a whole. */
function wholeExport(node: AnyNode): string | undefined {
  if (node.type !== 'AssignmentExpression' || node.operator !== '=') return undefined;
  const { left, right } = node;
  const isWhole =
    left.type === 'MemberExpression' && !left.computed && nameOf(left.object) === 'module' && nameOf(left.property) === 'exports';
  return isWhole && right.type === 'Identifier' ? right.name : undefined;
}

function exportedNames(program: Program): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (local: string, exported: string): void => void found.set(local, [...(found.get(local) ?? []), exported]);
  for (const statement of program.body) {
    if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      for (const { local, exported } of statement.specifiers) add(nameOf(local), nameOf(exported));
      const { declaration } = statement;
      if (declaration?.type === 'VariableDeclaration')
        for (const name of declaration.declarations.flatMap((one) => patternNames(one.id))) add(name, name);
      else if (declaration) add(declaration.id.name, declaration.id.name);
    }
    if (statement.type === 'ExpressionStatement') {
      const local = wholeExport(bare(statement.expression));
      if (local !== undefined) add(local, 'default');
    }
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const { declaration } = statement;
    if (declaration.type === 'Identifier') add(declaration.name, 'default');
    else if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id)
      add(declaration.id.name, 'default');
  }
  return found;
}

/** `Deco = _Deco = _decorate([tag], Deco)` is how a decorated class gets its name: no new value in the sense of the table. */
function isDecoration(node: AssignmentExpression, decorate: ReadonlySet<string>): boolean {
  let value = bare(node.right);
  while (value.type === 'AssignmentExpression') value = bare(value.right);
  return value.type === 'CallExpression' && decorate.has(nameOf(value.callee));
}

function assignedNames(program: Program, decorate: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const visit = (node: AnyNode, hidden: ReadonlySet<string>): void => {
    const names = scopeNames(node);
    const inner = names.length === 0 ? hidden : new Set([...hidden, ...names]);
    const note = (targets: readonly string[]): void => targets.filter((name) => !inner.has(name)).forEach((name) => found.add(name));
    if (node.type === 'AssignmentExpression' && !isDecoration(node, decorate)) note(patternNames(node.left));
    if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier') note([node.argument.name]);
    if ((node.type === 'ForInStatement' || node.type === 'ForOfStatement') && node.left.type !== 'VariableDeclaration')
      note(patternNames(node.left));
    for (const child of childrenOf(node)) visit(child, inner);
  };
  for (const statement of program.body) visit(statement, new Set());
  return found;
}

function wrappedConsts(source: string, program: Program, markers: ReadonlySet<string>): Record<string, string> {
  const found: [string, string][] = [];
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      const made = init ? bare(init) : undefined;
      if (id.type !== 'Identifier' || made?.type !== 'CallExpression' || markers.has(nameOf(made.callee))) continue;
      found.push([id.name, textOf(source, made)]);
    }
  }
  return Object.fromEntries(found);
}

/** Reads the top level of a lowered text once. */
export function topLevelNames(source: string, program: Program): TopLevelNames {
  const { markers, decorate } = importedNames(program);
  return {
    exportsOf: exportedNames(program),
    reassigned: assignedNames(program, decorate),
    markers,
    wrapped: wrappedConsts(source, program, markers),
  };
}

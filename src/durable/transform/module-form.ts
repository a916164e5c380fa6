// The frame around the body. ES modules become generator functions, run in three steps (durable/runner/instances):
//   1. `yield` gives the bindings of the exports and the accessor of the classes: functions are hoisted, the rest is in its dead zone
//   2. `yield` takes the bindings of the dependencies
//   3. the body runs; each further `yield` is a top-level await
// Everything added stands on the first line, so lines keep their numbers.
import type { Program } from 'acorn';
import type { ExportEntry } from '../../base/builds/module-form.ts';
import type { Emitter } from './emitter.ts';
import { keyText } from './text/property-text.ts';
import { disposesAsync, emitDisposal, isDisposal } from './rules/top-level/disposal.ts';
import { emitWrapped, needsWrapper } from './rules/top-level/whole-statement.ts';
import { isClassNode } from '../../modules/functions/function-order.ts';
import { bare, childrenOf } from '../../modules/text/ast.ts';
import type { AnyNode } from 'acorn';

/** What the form adds to the table. */
export interface EmittedForm {
  readonly classes: readonly string[];
  readonly awaits: boolean;
}

/** Emits the whole file as a module function. */
export function emitModuleForm(program: Program, emitter: Emitter): EmittedForm {
  const classes = topLevelClasses(program);
  const { out, input } = emitter;
  if (input.format === 'module') {
    esmHead(program, classes, emitter);
    const awaits = emitEsmBody(program, emitter);
    out.text('\n})');
    return { classes, awaits };
  }
  commonjsHead(program, classes, emitter);
  emitter.copyBetween(0, input.lowered.length, program.body);
  out.text('\n})');
  return { classes, awaits: false };
}

function esmHead(program: Program, classes: readonly string[], emitter: Emitter): void {
  const { out, names, input } = emitter;
  const link = input.references.link;
  out.text(`(function* (${names.hook}, ${names.meta}, ${names.load}) { 'use strict'; `);
  out.text(`const ${names.sites} = ${names.hook}.sites(${JSON.stringify(input.key)}); `);
  const bound = (link?.binds ?? []).map(({ kind, dep }) => (kind === 'i' ? names.dependency(dep) : names.namespace(dep)));
  if (bound.length > 0) out.text(`let ${bound.join(', ')}; [${bound.join(', ')}] = `);
  const exported = (link?.exports ?? []).flatMap((entry) => exportText(entry, emitter));
  out.text(`yield [{ ${exported.join(', ')} }, ${accessor(classes)}]; `);
  if (hasAnonymousDefault(program))
    out.text(`Object.defineProperty(${names.byDefault}, 'name', { value: 'default', configurable: true }); `);
  // The session gives what is disposed of at the end when it lets the body run.
  out.text(disposesAsync(program) ? `const ${names.disposals} = yield; ` : 'yield; ');
}

/** Functions that never change are handed out as they are, which is cheaper to read than a live binding. */
function exportText(entry: ExportEntry, emitter: Emitter): string[] {
  if (entry.kind !== 'local') return [];
  const binding = emitter.input.scopes.root.own(entry.local);
  const key = keyText(entry.name);
  if (binding?.hoisted === true && !binding.reassigned && entry.name !== '__proto__') return [`${key}: ${entry.local}`];
  return [`get ${key}() { return ${entry.local}; }`];
}

function hasAnonymousDefault(program: Program): boolean {
  return program.body.some(
    (node) => node.type === 'ExportDefaultDeclaration' && node.declaration.type === 'FunctionDeclaration' && !node.declaration.id,
  );
}

/** `function (name) → class`, so that errors get the class of their session back. No parameter, so that no name of the file is hidden. */
function accessor(classes: readonly string[]): string {
  const cases = classes.map((name) => `case ${JSON.stringify(name)}: return ${name};`);
  return `function () { switch (arguments[0]) { ${cases.join(' ')} } }`;
}

function emitEsmBody(program: Program, emitter: Emitter): boolean {
  const { out, input } = emitter;
  let position = 0;
  const hasDisposals = disposesAsync(program);
  let awaits = hasDisposals;
  for (const statement of program.body) {
    out.range(position, statement.start);
    if (hasDisposals && isDisposal(statement)) emitDisposal(statement, emitter);
    else if (needsWrapper(statement)) {
      awaits = true;
      emitWrapped(statement, emitter);
    } else {
      awaits ||= hasTopLevelAwait(statement);
      emitter.emit(statement);
    }
    position = statement.end;
  }
  out.range(position, input.lowered.length);
  return awaits;
}

function hasTopLevelAwait(node: AnyNode): boolean {
  if (node.type === 'AwaitExpression') return true;
  return childrenOf(node).some((child) => !child.type.includes('Function') && hasTopLevelAwait(child));
}

function commonjsHead(program: Program, classes: readonly string[], emitter: Emitter): void {
  const { out, names, input } = emitter;
  const [first] = program.body;
  const strict = first?.type === 'ExpressionStatement' && 'directive' in first && first.directive === 'use strict';
  out.text(`(function (${names.hook}, ${names.load}, ${names.classes}, exports, require, module, __filename, __dirname) { `);
  if (strict) out.text(`'use strict'; `);
  out.text(`const ${names.sites} = ${names.hook}.sites(${JSON.stringify(input.key)}); ${names.classes}(${accessor(classes)}); `);
}

function topLevelClasses(program: Program): readonly string[] {
  const found = new Set<string>();
  for (const statement of program.body) {
    const node =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration' ? statement.declaration : statement;
    if (node?.type === 'ClassDeclaration' && node.id) found.add(node.id.name);
    if (node?.type === 'VariableDeclaration')
      for (const { id, init } of node.declarations) if (id.type === 'Identifier' && init && isClassNode(bare(init))) found.add(id.name);
  }
  return [...found];
}

import type { AnyNode, CallExpression, ExportDefaultDeclaration, ObjectExpression, Program } from 'acorn';
import type { RefusalRule } from '../../base/builds/build.ts';
import { bare, childrenOf, keyName, textOf } from '../text/ast.ts';
import { isClassNode, isFunctionNode, type ClassNode, type FunctionNode, type OrderedNode } from './function-order.ts';
import type { TopLevelNames } from './top-level-names.ts';

/** How a function is reached from outside its file, or why it is not. */
export interface FunctionPath {
  readonly path: readonly string[] | null;
  readonly kind: 'function' | 'class' | 'static' | 'method' | 'private' | 'member' | 'nested';
  readonly exports: readonly string[];
  readonly why?: Why | undefined;
}

interface Why {
  readonly rule: RefusalRule;
  readonly wraps?: string | undefined;
}

/** esbuild's keepNames helper (tsx uses it) gives back its first argument. */
const KEEP_NAMES = '__name';
const TOP = 'a top-level statement';

/**
 * Walks the top level of one text and says for each function and class how it is reached. Reachable: declarations, values of bindings that
 * are never given another value, static members of top-level classes, members of top-level object literals, default exports, `exports.x`.
 */
export function functionPaths(source: string, program: Program, names: TopLevelNames): ReadonlyMap<OrderedNode, FunctionPath> {
  const walk = new PathWalk(source, names);
  for (const statement of program.body) walk.statement(statement);
  return walk.found;
}

class PathWalk {
  readonly found = new Map<OrderedNode, FunctionPath>();
  readonly #source: string;
  readonly #names: TopLevelNames;

  constructor(source: string, names: TopLevelNames) {
    this.#source = source;
    this.#names = names;
  }

  statement(node: AnyNode): void {
    switch (node.type) {
      case 'FunctionDeclaration':
        return node.id ? this.#put(node, [node.id.name], 'function', this.#reassigned(node.id.name)) : undefined;
      case 'ClassDeclaration':
        return node.id ? this.#class(node, [node.id.name]) : undefined;
      case 'ExportNamedDeclaration':
        return node.declaration ? this.statement(node.declaration) : undefined;
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node);
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          const owner = id.type === 'Identifier' ? id.name : TOP;
          if (init && id.type === 'Identifier') this.#value(init, [id.name]);
          if (init) this.#inner(init, owner, true);
          this.#inner(id, owner);
        }
        return undefined;
      case 'ExpressionStatement':
        this.#commonJsExport(bare(node.expression));
        return this.#inner(node, TOP);
      default:
        return this.#inner(node, TOP);
    }
  }

  #exportDefault(node: ExportDefaultDeclaration): void {
    const value = bare(node.declaration);
    if ((isFunctionNode(value) || isClassNode(value)) && 'id' in value && value.id && value.type.endsWith('Declaration'))
      return this.statement(value);
    if (isFunctionNode(value)) return this.#put(value, ['default'], 'function', undefined, ['default']);
    if (isClassNode(value)) return this.#class(value, ['default']);
    // `export default activity(…)` and `export default { … }`.
    this.#value(value, ['default']);
    return this.#inner(node, 'export default', true);
  }

  /** `module.exports = …`, `exports.x = …`: how CommonJS files say what they export. */
  #commonJsExport(node: AnyNode): void {
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return;
    const target = textOf(this.#source, node.left);
    const value = bare(node.right);
    const member = /^(?:module\.)?exports\.([\w$]+)$/.exec(target)?.[1];
    if (/^(?:module\.)?exports$/.test(target) && value.type === 'ObjectExpression') this.#members(value, ['module.exports']);
    else if (target === 'module.exports' && isFunctionNode(value)) this.#put(value, ['module.exports'], 'function', undefined, ['default']);
    else if (target === 'module.exports' && isClassNode(value)) this.#class(value, ['module.exports']);
    else if (member !== undefined && isFunctionNode(value)) this.#put(value, ['module.exports', member], 'function', undefined, [member]);
    else if (isFunctionNode(value) && node.left.type === 'Identifier')
      this.#put(value, null, 'function', { rule: 'reassigned', wraps: node.left.name });
  }

  /** The value of a top-level binding. */
  #value(node: AnyNode, path: readonly [string]): void {
    const value = bare(node);
    if (isFunctionNode(value)) return this.#put(value, path, 'function', this.#reassigned(path[0]));
    if (isClassNode(value)) return this.#class(value, path);
    if (value.type === 'AssignmentExpression') return this.#value(value.right, path);
    if (value.type === 'CallExpression' && this.#givesBackArgument(value) && value.arguments[0])
      return this.#value(value.arguments[0], path);
    if (value.type === 'ObjectExpression') this.#members(value, path);
    return undefined;
  }

  /** What is behind parentheses and calls that give back their first argument. */
  #given(node: AnyNode): AnyNode {
    const value = bare(node);
    if (value.type !== 'CallExpression' || !this.#givesBackArgument(value) || !value.arguments[0]) return value;
    return this.#given(value.arguments[0]);
  }

  #givesBackArgument({ callee }: CallExpression): boolean {
    return callee.type === 'Identifier' && (callee.name === KEEP_NAMES || this.#names.markers.has(callee.name));
  }

  #members(object: ObjectExpression, path: readonly [string]): void {
    for (const property of object.properties) {
      if (property.type !== 'Property') continue;
      const value = this.#given(property.value);
      if (!isFunctionNode(value)) continue;
      const key = property.computed ? undefined : keyName(property.key);
      if (key === undefined) this.#put(value, null, 'member', { rule: 'computed', wraps: textOf(this.#source, property.key) });
      else if (property.kind !== 'init') this.#put(value, null, 'member', { rule: 'accessor', wraps: `${path[0]}.${key}` });
      else this.#put(value, [...path, key], 'member', this.#reassigned(path[0]), path[0] === 'module.exports' ? [key] : []);
    }
  }

  #class(node: ClassNode, path: readonly [string]): void {
    const name = path[0] === 'default' ? 'default' : path.join('.');
    this.#put(node, null, 'class', { rule: 'class', wraps: name }, this.#exportsOf(path));
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        this.#inner(member, `${name} { static }`);
        continue;
      }
      const value = member.value ? this.#given(member.value) : undefined;
      if (value && isFunctionNode(value)) this.#member(member, value, path, name);
      else if (value) this.#inner(value, name);
      this.#inner(member.key, name);
    }
  }

  #member(
    member: Exclude<ClassNode['body']['body'][number], { type: 'StaticBlock' }>,
    value: FunctionNode,
    path: readonly [string],
    name: string,
  ): void {
    const isMethod = member.type === 'MethodDefinition';
    if (member.key.type === 'PrivateIdentifier')
      return this.#put(value, null, 'private', { rule: 'private', wraps: `#${member.key.name}` });
    if (isMethod && member.kind === 'constructor') return this.#put(value, null, 'class', { rule: 'class', wraps: name });
    const kind = member.static ? 'static' : 'method';
    const key = member.computed ? undefined : keyName(member.key);
    if (key === undefined) return this.#put(value, null, kind, { rule: 'computed', wraps: `[${textOf(this.#source, member.key)}]` });
    if (isMethod && member.kind !== 'method') return this.#put(value, null, kind, { rule: 'accessor', wraps: `${name}.${key}` });
    if (!member.static) return this.#put(value, null, kind, { rule: 'instance', wraps: `${name}.${key}` });
    return this.#put(value, [...path, key], kind, this.#reassigned(path[0]));
  }

  #put(node: OrderedNode, path: readonly string[] | null, kind: FunctionPath['kind'], why?: Why, exports?: readonly string[]): void {
    const reached = why === undefined ? path : null;
    this.found.set(node, { path: reached, kind, exports: exports ?? (path ? this.#exportsOf(path) : []), why });
    if (isClassNode(node)) return;
    const owner = path?.join('.') ?? why?.wraps ?? 'a function';
    for (const part of [...node.params, node.body]) this.#inner(part, owner);
  }

  /** Everything below that has no path of its own is made inside something. `wrapping`: what is handed to a call here becomes another function. */
  #inner(root: AnyNode, owner: string, wrapping = false): void {
    const visit = (node: AnyNode, name: string, call: CallExpression | undefined): void => {
      if ((isFunctionNode(node) || isClassNode(node)) && this.found.has(node)) return;
      const own = 'id' in node && (isFunctionNode(node) || isClassNode(node)) && node.id ? node.id.name : name;
      if (isFunctionNode(node)) {
        const wraps = wrapping && call ? textOf(this.#source, call.callee) : name;
        this.found.set(node, { path: null, kind: 'nested', exports: [], why: { rule: wrapping && call ? 'wrapped' : 'nested', wraps } });
      } else if (isClassNode(node)) this.found.set(node, { path: null, kind: 'class', exports: [], why: { rule: 'class', wraps: own } });
      for (const child of childrenOf(node))
        visit(child, own, node.type === 'CallExpression' && node.arguments.some((argument) => argument === child) ? node : undefined);
    };
    visit(root, owner, undefined);
  }

  #reassigned(name: string): Why | undefined {
    return this.#names.reassigned.has(name) ? { rule: 'reassigned', wraps: name } : undefined;
  }

  #exportsOf(path: readonly string[]): readonly string[] {
    const [name] = path;
    if (path.length !== 1 || name === undefined) return [];
    return name === 'default' ? ['default'] : (this.#names.exportsOf.get(name) ?? []);
  }
}

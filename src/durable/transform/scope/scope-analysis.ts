// Resolves every reference of a file to its binding: one walk declares names and notes references, then all are looked up,
// since a function may be used above its declaration.
import type { AnyNode, Expression, Identifier, Program, VariableDeclaration } from 'acorn';
import { bare, childrenOf } from '../../../modules/text/ast.ts';
import { isClassNode, isFunctionNode, type FunctionNode } from '../../../modules/functions/function-order.ts';
import { patternIdentifiers } from './patterns.ts';
import { Scope, type Binding, type ScopeAnalysis } from './scope.ts';

class Analyzer {
  readonly references: { readonly node: Identifier; readonly scope: Scope }[] = [];
  readonly assignments: { readonly name: string; readonly scope: Scope }[] = [];

  visit(node: AnyNode, scope: Scope): void {
    if (isFunctionNode(node)) {
      this.#function(node, scope);
      return;
    }
    if (isClassNode(node)) {
      this.#class(node, scope);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        this.references.push({ node, scope });
        return;
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          const name =
            specifier.type === 'ImportNamespaceSpecifier'
              ? '*'
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : nameOf(specifier.imported);
          const source = { specifier: String(node.source.value), name };
          scope.declare(specifier.local.name, { kind: 'import', hoisted: false, source });
        }
        return;
      case 'ExportAllDeclaration':
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'ExportNamedDeclaration':
        // Export specifiers are no references that run: they are resolved by the link info.
        if (node.declaration) this.visit(node.declaration, scope);
        return;
      case 'LabeledStatement':
        this.visit(node.body, scope);
        return;
      case 'VariableDeclaration':
        declareVariables(node, scope);
        this.#children(node, scope);
        return;
      case 'AssignmentExpression':
        this.#assign(node.left, scope);
        break;
      case 'UpdateExpression':
        this.#assign(bare(node.argument), scope);
        break;
      case 'ForInStatement':
      case 'ForOfStatement': {
        if (node.left.type !== 'VariableDeclaration') this.#assign(node.left, scope);
        this.#children(node, new Scope(scope, false));
        return;
      }
      case 'ForStatement':
      case 'BlockStatement':
        this.#children(node, new Scope(scope, false));
        return;
      case 'StaticBlock':
        this.#children(node, new Scope(scope, true));
        return;
      case 'SwitchStatement': {
        this.visit(node.discriminant, scope);
        const inner = new Scope(scope, false);
        for (const branch of node.cases) this.visit(branch, inner);
        return;
      }
      case 'CatchClause': {
        const inner = new Scope(scope, false);
        for (const { name } of patternIdentifiers(node.param ?? null)) inner.declare(name, { kind: 'value', hoisted: false });
        this.#children(node, inner);
        return;
      }
      case 'MemberExpression':
        this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.visit(node.key, scope);
        if (node.value) this.visit(node.value, scope);
        return;
      default:
        break;
    }
    this.#children(node, scope);
  }

  #children(node: AnyNode, scope: Scope): void {
    for (const child of childrenOf(node)) this.visit(child, scope);
  }

  #assign(target: AnyNode, scope: Scope): void {
    for (const { name } of patternIdentifiers(target)) this.assignments.push({ name, scope });
  }

  /** Parameters and body have scopes of their own: a default value does not see the variables of the body. */
  #function(node: FunctionNode, scope: Scope): void {
    if (node.type === 'FunctionDeclaration' && node.id) scope.declare(node.id.name, { kind: 'function', hoisted: true });
    let outer = scope;
    if (node.type === 'FunctionExpression' && node.id) {
      outer = new Scope(scope, false);
      outer.declare(node.id.name, { kind: 'function', hoisted: false });
    }
    const parameters = new Scope(outer, true);
    for (const parameter of node.params) {
      for (const { name } of patternIdentifiers(parameter)) parameters.declare(name, { kind: 'value', hoisted: false });
      this.visit(parameter, parameters);
    }
    if (node.body.type !== 'BlockStatement') this.visit(node.body, parameters);
    else this.#children(node.body, new Scope(parameters, true));
  }

  #class(node: Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>, scope: Scope): void {
    if (node.type === 'ClassDeclaration' && node.id) scope.declare(node.id.name, { kind: 'class', hoisted: false });
    const inner = new Scope(scope, false);
    if (node.id) inner.declare(node.id.name, { kind: 'class', hoisted: false });
    if (node.superClass) this.visit(node.superClass, inner);
    this.visit(node.body, inner);
  }
}

function declareVariables(node: VariableDeclaration, scope: Scope): void {
  const target = node.kind === 'var' ? scope.functionScope() : scope;
  for (const { id, init } of node.declarations) {
    const kind = node.kind === 'const' && id.type === 'Identifier' && init ? kindOfValue(init) : 'value';
    for (const { name } of patternIdentifiers(id)) target.declare(name, { kind, hoisted: false });
  }
}

function kindOfValue(init: Expression): 'function' | 'class' | 'value' {
  const value = bare(init);
  if (isFunctionNode(value)) return 'function';
  return isClassNode(value) ? 'class' : 'value';
}

function nameOf(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';
}

/** Declares and resolves all names of a file. */
export function analyzeScopes(program: Program): ScopeAnalysis {
  const root = new Scope(undefined, true);
  const analyzer = new Analyzer();
  for (const statement of program.body) analyzer.visit(statement, root);
  for (const { name, scope } of analyzer.assignments) {
    const binding = scope.lookup(name);
    if (binding !== undefined) binding.reassigned = true;
  }
  const bindings = new Map<Identifier, Binding>();
  for (const { node, scope } of analyzer.references) {
    const binding = scope.lookup(node.name);
    if (binding !== undefined) bindings.set(node, binding);
  }
  return { root, bindings };
}

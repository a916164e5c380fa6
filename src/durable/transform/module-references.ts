// ES modules in a file: its dependencies, what each import name is in the module function, and how its exports are linked.
import type { AnyNode, Identifier, Program } from 'acorn';
import type { ExportEntry, LinkInfo } from '../../base/builds/module-form.ts';
import type { Place } from '../../modules/text/source-map.ts';
import type { InjectedNames } from './scope/free-names.ts';
import { patternIdentifiers } from './scope/patterns.ts';
import { memberText } from './text/property-text.ts';
import type { ScopeAnalysis } from './scope/scope.ts';

/** What references to imports are in the module function. */
export interface ModuleReferences {
  /** Text of a reference to an import, such as `$i0.x`; undefined for any other identifier. */
  textOf(node: Identifier): string | undefined;
  /** Null for CommonJS. */
  readonly link: Omit<LinkInfo, 'awaits'> | null;
}

/** A CommonJS file has no references to imports. */
export const NO_REFERENCES: ModuleReferences = { textOf: () => undefined, link: null };

class Linker {
  readonly deps: string[] = [];
  readonly exports: ExportEntry[] = [];
  readonly stars: number[] = [];
  readonly imports: { dep: number; name: string; line: number; column: number }[] = [];
  readonly binds: { kind: 'i' | 'n'; dep: number }[] = [];
  readonly #scopes: ScopeAnalysis;
  readonly #names: InjectedNames;
  readonly #placeOf: (offset: number) => Place;

  constructor(scopes: ScopeAnalysis, names: InjectedNames, placeOf: (offset: number) => Place) {
    this.#scopes = scopes;
    this.#names = names;
    this.#placeOf = placeOf;
  }

  dependency(specifier: string): number {
    const known = this.deps.indexOf(specifier);
    return known >= 0 ? known : this.deps.push(specifier) - 1;
  }

  statement(node: AnyNode): void {
    switch (node.type) {
      case 'ImportDeclaration': {
        const dep = this.dependency(String(node.source.value));
        for (const specifier of node.specifiers) {
          const binding = this.#scopes.root.own(specifier.local.name);
          const name = binding?.source?.name ?? 'default';
          this.#need(dep, name, specifier.start);
          this.#bind(dep, name === '*' ? 'n' : 'i');
        }
        return;
      }
      case 'ExportAllDeclaration': {
        const dep = this.dependency(String(node.source.value));
        if (node.exported) this.exports.push({ name: nameOf(node.exported), kind: 'from', dep, from: '*' });
        else this.stars.push(dep);
        return;
      }
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        const named = (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id;
        this.exports.push({ name: 'default', kind: 'local', local: named ? named.name : this.#names.byDefault });
        return;
      }
      case 'ExportNamedDeclaration': {
        const { declaration, source } = node;
        if (declaration?.type === 'VariableDeclaration')
          for (const { id } of declaration.declarations) for (const { name } of patternIdentifiers(id)) this.#local(name, name);
        else if (declaration) this.#local(declaration.id.name, declaration.id.name);
        const dep = source ? this.dependency(String(source.value)) : undefined;
        for (const specifier of node.specifiers) {
          const name = nameOf(specifier.exported);
          const local = nameOf(specifier.local);
          if (dep === undefined) this.#local(name, local);
          else {
            this.exports.push({ name, kind: 'from', dep, from: local });
            this.#need(dep, local, specifier.start);
          }
        }
        return;
      }
      default:
    }
  }

  #need(dep: number, name: string, offset: number): void {
    this.imports.push({ dep, name, ...this.#placeOf(offset) });
  }

  #bind(dep: number, kind: 'i' | 'n'): void {
    if (!this.binds.some((bind) => bind.dep === dep && bind.kind === kind)) this.binds.push({ kind, dep });
  }

  /** An export of a local name; what was imported is exported from where it came. */
  #local(name: string, local: string): void {
    const source = this.#scopes.root.own(local)?.source;
    if (source === undefined) this.exports.push({ name, kind: 'local', local });
    else this.exports.push({ name, kind: 'from', dep: this.dependency(source.specifier), from: source.name });
  }
}

function nameOf(node: AnyNode): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';
}

/** Collects dependencies, imports and exports of an ES module. */
export function moduleReferences(
  program: Program,
  scopes: ScopeAnalysis,
  names: InjectedNames,
  placeOf: (offset: number) => Place,
): ModuleReferences {
  const linker = new Linker(scopes, names, placeOf);
  // Imports first: an export may name an import that stands below it. Numbers still follow the text.
  for (const statement of program.body) if ('source' in statement && statement.source) linker.dependency(String(statement.source.value));
  for (const statement of program.body) linker.statement(statement);
  const { deps, exports, stars, imports, binds } = linker;
  return {
    link: { deps, exports, stars, imports, binds },
    textOf(node) {
      const source = scopes.bindings.get(node)?.source;
      if (source === undefined) return undefined;
      const dep = deps.indexOf(source.specifier);
      return source.name === '*' ? names.namespace(dep) : `${names.dependency(dep)}${memberText(source.name)}`;
    },
  };
}

import type { Identifier } from 'acorn';

/** What a name is bound to, as far as calls are concerned. */
export interface Binding {
  /** `function` and `class` stand for values made in this file, also by `const f = () => …`. */
  readonly kind: 'import' | 'function' | 'class' | 'value';
  /** Whether the binding gets another value than the one it was declared with. */
  reassigned: boolean;
  /** Of an import: where it comes from. `name` is `*` for the namespace. */
  readonly source?: { readonly specifier: string; readonly name: string } | undefined;
  /** Whether it is a function declaration: hoisted, so there before the body runs. */
  readonly hoisted: boolean;
}

/** One scope of the language. `isFunction` scopes receive `var`. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly isFunction: boolean;
  readonly #names = new Map<string, Binding>();

  constructor(parent: Scope | undefined, isFunction: boolean) {
    this.parent = parent;
    this.isFunction = isFunction;
  }

  /** Declares a name. A second declaration of it (`var`, sloppy functions) counts as another value. */
  declare(name: string, binding: Omit<Binding, 'reassigned'>): void {
    const known = this.#names.get(name);
    if (known === undefined) this.#names.set(name, { ...binding, reassigned: false });
    else known.reassigned = true;
  }

  own(name: string): Binding | undefined {
    return this.#names.get(name);
  }

  lookup(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.parent?.lookup(name);
  }

  /** Where a `var` in this scope lives. */
  functionScope(): Scope {
    return this.isFunction || this.parent === undefined ? this : this.parent.functionScope();
  }
}

/** The result of the analysis of one file. */
export interface ScopeAnalysis {
  /** Scope of the top level. */
  readonly root: Scope;
  /** Every identifier that is a reference to its binding; absent for globals. */
  readonly bindings: ReadonlyMap<Identifier, Binding>;
}

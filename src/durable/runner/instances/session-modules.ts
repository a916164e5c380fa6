// The user modules of one session: instances of the graph's files, linked and evaluated for it alone.
// 1. A file has one instance per session, whoever imports it and however often.
// 2. Linking of everything that is reachable comes before anything runs.
import { fileURLToPath } from 'node:url';
import type { Hook, ImportFunction } from '../../replay/calls/hook-contract.ts';
import { ResproutError } from '../../../base/errors/errors.ts';
import { createUserRequire, instantiateCommonJs, type CommonJsInstance, type SharedRequire } from './commonjs/commonjs-instance.ts';
import { instantiateEsm } from './esm-instance.ts';
import { evaluate } from './evaluate.ts';
import { createImportMeta } from './import-meta.ts';
import { checkImports } from './link-errors.ts';
import type { ModuleGraph } from './module-graph.ts';
import { createInstance, type ModuleInstance } from './module-instance.ts';
import { namespaceOf, type Dependency, type ResolvedExport, type UserModule } from './module-types.ts';
import { createNamespace } from './namespace-object.ts';
import { createRequireCache, type OwnFiles } from './commonjs/require-cache.ts';

export class SessionModules {
  readonly graph: ModuleGraph;
  readonly #hook: Hook;
  readonly #instances = new Map<UserModule, ModuleInstance>();
  readonly #commonJs = new Map<UserModule, CommonJsInstance>();
  readonly #isScript: boolean;
  /** What the program has put into `require.cache` in the place of a file. */
  readonly #replaced = new Map<string, object>();
  #cache: object | undefined;
  /** The same in all files. `require.main` is the record of a program that is CommonJS and has no entry. */
  readonly #shared: SharedRequire = {
    main: undefined,
    cache: (real) => (this.#cache ??= createRequireCache(real, this.#ownFiles())),
  };

  /** @param isScript the program has no entry: its own file is the main module, so that what it guards with that runs */
  constructor(graph: ModuleGraph, hook: Hook, { isScript = false }: { readonly isScript?: boolean } = {}) {
    this.graph = graph;
    this.#hook = hook;
    this.#isScript = isScript;
  }

  #isMain(module: UserModule): boolean {
    return this.#isScript && module.file === this.graph.build.manifest.entry;
  }

  /**
   * The namespace of a user file, evaluated. The graph must have it (`ensure`). Synchronous work until the first top-level await.
   * @throws what the modules throw; ResproutError BUILD_MODULE_MISSING, BUILD_EXPORT_MISSING
   */
  async namespace(file: string): Promise<object> {
    const instance = this.#link(await this.graph.ensure(file));
    await this.#evaluate(instance);
    return this.#namespaceOf(instance);
  }

  /**
   * Runs the body of the program, which has no entry. That of a CommonJS file runs in a turn of its own and not in a promise job: as in Node
   * the ticks that it asks for come before its promises.
   * @param inTurn runs something in a turn of its own, as code of the program. @throws as `namespace`
   */
  async runBody(inTurn: <T>(run: () => T) => Promise<T | undefined>): Promise<void> {
    const instance = this.#link(await this.graph.ensure(this.graph.build.manifest.entry));
    if (instance.module.facts.table.format === 'commonjs') await inTurn(() => this.#evaluate(instance));
    else await this.#evaluate(instance);
  }

  #evaluate(instance: ModuleInstance): Promise<void> | undefined {
    return evaluate(instance, { dependencies: (from) => this.#dependencies(from) });
  }

  /**
   * A class of the top level of one of the session's files, exported or not, by its name; undefined when there is none.
   * @param file absolute path; all files when absent
   */
  classNamed(name: string, file?: string): unknown {
    for (const { module, classes } of this.#instances.values()) {
      if ((file !== undefined && module.file !== file) || !module.facts.form.classes.includes(name)) continue;
      try {
        const found = classes?.(name);
        if (found !== undefined) return found;
      } catch {
        // Still in its dead zone: the module has not got there, so nothing can be an instance of it.
      }
    }
    return undefined;
  }

  /** `require` as a user file has it, for `createRequire`; undefined for a file that is none of the program's. */
  requireOf(file: string): object | undefined {
    const module = this.graph.module(file);
    if (module === undefined) return undefined;
    return createUserRequire((specifier) => this.#require(specifier, module), this.graph.loaders.requireFrom(file), this.#shared);
  }

  #link(root: UserModule): ModuleInstance {
    const fresh: ModuleInstance[] = [];
    try {
      const instance = this.#create(root, fresh);
      for (const { module, bindings } of fresh) this.#addForwarded(module, bindings);
      for (const made of fresh) made.body.link(this.#bound(made.module));
      return instance;
    } catch (error) {
      // Nothing of it has run: an import() of another file that reaches some of these links them anew.
      for (const { module } of fresh) this.#instances.delete(module);
      throw error;
    }
  }

  /** Makes instances of a file and of all that it imports, dependencies first. */
  #create(module: UserModule, fresh: ModuleInstance[], open: Set<UserModule> = new Set()): ModuleInstance {
    const known = this.#instances.get(module);
    if (known !== undefined) return known;
    if (!open.has(module)) {
      open.add(module);
      checkImports(module);
      for (const dep of module.deps) if (dep.kind === 'user' && !open.has(dep)) this.#create(dep, fresh, open);
    }
    const instance = this.#instantiate(module);
    this.#instances.set(module, instance);
    fresh.push(instance);
    return instance;
  }

  #instantiate(module: UserModule): ModuleInstance {
    const { loaders, build } = this.graph;
    const { file, facts, source } = module;
    const load: ImportFunction = async (specifier) => await this.#dynamicImport(String(specifier), module);
    switch (facts.table.format) {
      case 'json': {
        const value: unknown = JSON.parse(build.reader.loweredText(facts.key));
        return createInstance(module, { default: value }, { link: () => undefined, run: () => undefined });
      }
      case 'commonjs': {
        const fn = loaders.compiler.commonJs(source);
        const real = loaders.requireFrom(file);
        const main = { shared: this.#shared, isMain: this.#isMain(module) };
        const instance = instantiateCommonJs(module, fn, this.#hook, load, (specifier) => this.#require(specifier, module), real, main);
        this.#commonJs.set(module, instance);
        return instance;
      }
      case 'module':
        return instantiateEsm(
          module,
          loaders.compiler.esm(source),
          this.#hook,
          createImportMeta(module, this.graph, this.#isMain(module)),
          load,
        );
    }
  }

  /** Exports that live in other modules: their accessors are taken over, so reading them costs no second hop. */
  #addForwarded(module: UserModule, bindings: Record<string, unknown>): void {
    for (const [name, resolved] of this.graph.exportsOf(module)) {
      if (resolved.kind === 'own' && resolved.module === module) continue;
      Object.defineProperty(bindings, name, { ...this.#forwarded(resolved), enumerable: true, configurable: true });
    }
  }

  #forwarded(resolved: ResolvedExport): PropertyDescriptor {
    switch (resolved.kind) {
      case 'external': {
        const namespace = namespaceOf(resolved.external);
        return { get: () => Reflect.get(namespace, resolved.name) as unknown };
      }
      case 'namespace':
        return { get: () => this.#namespaceOfDependency(resolved.of) };
      case 'own': {
        const { bindings } = this.#instanceOf(resolved.module);
        const property = Object.getOwnPropertyDescriptor(bindings, resolved.name);
        if (property?.get !== undefined) return { get: property.get };
        return resolved.module.facts.form.link === null ? { get: () => bindings[resolved.name] } : { value: property?.value as unknown };
      }
      case 'ambiguous':
        return { value: undefined };
    }
  }

  #bound(module: UserModule): object[] {
    return (module.facts.form.link?.binds ?? []).map(({ kind, dep }) => {
      const target = module.deps[dep];
      if (target === undefined || target.kind === 'problem') throw new TypeError(`Import ${dep} of ${module.file} is not linked`);
      if (target.kind === 'external') return namespaceOf(target);
      return kind === 'i' ? this.#instanceOf(target).bindings : this.#namespaceOf(this.#instanceOf(target));
    });
  }

  #dependencies({ module }: ModuleInstance): readonly ModuleInstance[] {
    return module.deps.flatMap((dep) => (dep.kind === 'user' ? [this.#instanceOf(dep)] : []));
  }

  #instanceOf(module: UserModule): ModuleInstance {
    const instance = this.#instances.get(module);
    if (instance === undefined) throw new TypeError(`${module.file} has no instance in this session`);
    return instance;
  }

  #namespaceOf(instance: ModuleInstance): object {
    return (instance.namespace ??= createNamespace(instance.bindings));
  }

  #namespaceOfDependency(dep: Dependency): object {
    if (dep.kind === 'problem') throw new TypeError(dep.problem.message);
    return dep.kind === 'external' ? namespaceOf(dep) : this.#namespaceOf(this.#instanceOf(dep));
  }

  async #dynamicImport(specifier: string, from: UserModule): Promise<object> {
    const { build, loaders } = this.graph;
    const problem = build.problemOf(from.file, specifier, 'i');
    if (problem !== undefined)
      throw notFound(specifier, from, new ResproutError(problem.code, problem.message, { tried: `to import '${specifier}'` }));
    if (build.targetOf(from.file, specifier, 'i') === undefined) {
      try {
        build.addLate(await loaders.late(from.file, specifier, 'i'));
      } catch (error) {
        throw notFound(specifier, from, error);
      }
    }
    const target = build.targetOf(from.file, specifier, 'i');
    if (target === undefined) throw new ResproutError('BUILD_MODULE_MISSING', `'${specifier}' is not part of the build`);
    return build.has(target) ? await this.namespace(target) : await this.graph.external(target, specifier);
  }

  #require(specifier: string, from: UserModule): unknown {
    const { build, loaders } = this.graph;
    const target = build.targetOf(from.file, specifier, 'r');
    if (target?.startsWith('own:') === true) return loaders.own.get(target.slice('own:'.length));
    const module = target === undefined ? undefined : this.graph.module(target);
    if (module === undefined) {
      const value: unknown = loaders.loading(target ?? specifier, () => loaders.requireFrom(from.file)(specifier) as unknown);
      loaders.imported(specifier, target ?? specifier, value);
      return value;
    }
    return this.#requireUser(module);
  }

  #ownFiles(): OwnFiles {
    return {
      list: () => {
        const begun = [...this.#commonJs.values()].filter(({ state }) => state !== 'linked');
        return new Map([...begun.map(({ module, record }): [string, object] => [module.file, record]), ...this.#replaced]);
      },
      has: (file) => this.graph.module(file) !== undefined,
      drop: (file) => {
        this.#replaced.delete(file);
        const module = this.graph.module(file);
        // Files that import it statically keep what they have.
        if (module !== undefined && this.#commonJs.delete(module)) this.#instances.delete(module);
      },
      replace: (file, record) => void this.#replaced.set(file, record),
    };
  }

  #requireUser(module: UserModule): unknown {
    const replaced = this.#replaced.get(module.file);
    if (replaced !== undefined) return Reflect.get(replaced, 'exports');
    const instance = this.#link(module);
    const commonJs = this.#commonJs.get(module);
    // A file that is running already gives what it has exported so far, as require does in a cycle.
    const pending = instance.state === 'evaluating' ? undefined : this.#evaluate(instance);
    if (pending !== undefined) {
      const message = `${module.facts.table.path} has a top-level await and cannot be loaded by require`;
      throw Object.assign(new Error(message), { code: 'ERR_REQUIRE_ASYNC_MODULE' });
    }
    if (commonJs !== undefined) return commonJs.record.exports;
    return module.facts.table.format === 'json' ? instance.bindings['default'] : this.#namespaceOf(instance);
  }
}

const MISSING: ReadonlySet<string> = new Set(['BUILD_MODULE_MISSING', 'REMOTE_MODULE_MISSING']);

/** A module that is not there, in the words and with the code of Node: programs look for an optional one by its code. */
function notFound(specifier: string, from: UserModule, error: unknown): unknown {
  if (!(error instanceof ResproutError) || !MISSING.has(error.code)) return error;
  const isPath = /^(?:\.{0,2}\/|file:)/.test(specifier);
  const what = isPath ? `module '${fileURLToPath(new URL(specifier, from.url))}'` : `package '${specifier}'`;
  return Object.assign(new Error(`Cannot find ${what} imported from ${from.file}`, { cause: error }), { code: 'ERR_MODULE_NOT_FOUND' });
}

/** Makes the instances of a graph's entry for one session and runs their bodies. */
export async function instantiate(
  graph: ModuleGraph,
  hook: Hook,
  options: { readonly isScript?: boolean } = {},
): Promise<{ readonly modules: SessionModules; readonly entry: object }> {
  const modules = new SessionModules(graph, hook, options);
  return { modules, entry: await modules.namespace(graph.build.manifest.entry) };
}

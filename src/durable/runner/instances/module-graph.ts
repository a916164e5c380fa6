// The user files of a build as a graph, compiled and with their packages loaded: what all sessions of that build share.
// 1. A node is complete once `ensure` of a file that reaches it has resolved: every package it imports is loaded or has failed.
// 2. Failures of packages and problems of the build wait here; they are thrown when an importing module is instantiated.
import { pathToFileURL } from 'node:url';
import type { BuildProblem, ImportKind, ModuleTarget } from '../../../base/builds/build.ts';
import type { ModuleSource } from '../build/compile.ts';
import { exportNames, resolveExport } from './export-resolution.ts';
import type { Loaders } from './loaders.ts';
import { namespaceOf, type Dependency, type External, type ResolvedExport, type UserModule } from './module-types.ts';
import type { RunnerBuild } from '../build/runner-build.ts';

export class ModuleGraph {
  readonly build: RunnerBuild;
  readonly loaders: Loaders;
  readonly #modules = new Map<string, UserModule>();
  readonly #externals = new Map<ModuleTarget, External>();

  constructor(build: RunnerBuild, loaders: Loaders) {
    this.build = build;
    this.loaders = loaders;
  }

  /** A module that `ensure` has completed. */
  module(file: string): UserModule | undefined {
    return this.#modules.get(file);
  }

  /** Compiles a user file with all it reaches and loads the packages they import. @throws ResproutError BUILD_FILE_MISSING */
  async ensure(file: string): Promise<UserModule> {
    const wanted: [External, string][] = [];
    const module = this.#scan(file, wanted);
    for (const [external, specifier] of wanted) {
      await this.#load(external);
      this.#report(external, specifier);
    }
    return module;
  }

  /** Loads a package, builtin or own entry for `import()`. @throws whatever loading it throws */
  async external(target: ModuleTarget, specifier: string): Promise<object> {
    const external = this.#external(target);
    await this.#load(external);
    this.#report(external, specifier);
    return namespaceOf(external);
  }

  /** All exports of a module. */
  exportsOf(module: UserModule): ReadonlyMap<string, ResolvedExport> {
    if (module.exports !== undefined) return module.exports;
    const found = new Map<string, ResolvedExport>();
    for (const name of [...exportNames(module)].sort()) {
      const resolved = resolveExport(module, name);
      if (resolved !== undefined && resolved.kind !== 'ambiguous') found.set(name, resolved);
    }
    module.exports = found;
    return found;
  }

  #scan(file: string, wanted: [External, string][]): UserModule {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const facts = this.build.factsOf(file);
    const url = pathToFileURL(file).href;
    const { reader } = this.build;
    const { key, table } = facts;
    const source: ModuleSource = {
      name: `${url}?${key}`,
      text: table.format === 'json' ? '' : reader.moduleText(key),
      map: () => atHome(reader.moduleMap(key), url),
    };
    const module: UserModule = { kind: 'user', file, url, facts, source, deps: [], exports: undefined };
    this.#modules.set(file, module);
    if (table.format === 'module') this.loaders.compiler.esm(source);
    if (table.format === 'commonjs') this.loaders.compiler.commonJs(source);
    for (const specifier of facts.form.link?.deps ?? []) module.deps.push(this.#dependency(file, specifier, 'i', wanted));
    for (const { kind, specifier } of table.imports) if (kind !== 'i') this.#reach(file, specifier, kind === 'r' ? 'r' : 'i', wanted);
    return module;
  }

  #dependency(file: string, specifier: string, kind: ImportKind, wanted: [External, string][]): Dependency {
    const problem = this.build.problemOf(file, specifier, kind);
    if (problem !== undefined) return { kind: 'problem', problem };
    const target = this.build.targetOf(file, specifier, kind);
    if (target === undefined) return { kind: 'problem', problem: unknownImport(file, specifier, kind) };
    if (this.build.has(target)) return this.#scan(target, wanted);
    const external = this.#external(target);
    wanted.push([external, specifier]);
    return external;
  }

  /** Literal `import()` and require: user files are compiled with the build and run when the program gets there; packages are loaded then. */
  #reach(file: string, specifier: string, kind: ImportKind, wanted: [External, string][]): void {
    const target = this.build.targetOf(file, specifier, kind);
    if (target !== undefined && this.build.has(target)) this.#scan(target, wanted);
    else if (target?.startsWith('own:') === true) wanted.push([this.#external(target), specifier]);
  }

  #external(target: ModuleTarget): External {
    const known = this.#externals.get(target);
    if (known !== undefined) return known;
    const external: External = { kind: 'external', target, namespace: undefined, failure: undefined };
    this.#externals.set(target, external);
    return external;
  }

  async #load(external: External): Promise<void> {
    if (external.namespace !== undefined) return;
    try {
      external.namespace = await this.#namespace(external.target);
      external.failure = undefined;
    } catch (error) {
      external.failure = error;
    }
  }

  async #namespace(target: ModuleTarget): Promise<object> {
    if (target.startsWith('own:')) {
      const own = this.loaders.own.get(target.slice('own:'.length));
      if (own === undefined) throw new TypeError(`This version has no entry "${target.slice('own:'.length)}"`);
      return own;
    }
    const url = target.startsWith('node:') ? target : pathToFileURL(target).href;
    return await this.loaders.loading(target, async () => await this.loaders.importUrl(url));
  }

  #report(external: External, specifier: string): void {
    if (external.namespace === undefined || external.target.startsWith('own:')) return;
    this.loaders.imported(external.target.startsWith('node:') ? external.target : specifier, external.target, external.namespace);
  }
}

/** A map made before the project moved still names the old place. */
function atHome(map: string, url: string): string {
  const value: unknown = JSON.parse(map);
  return JSON.stringify({ ...(typeof value === 'object' ? value : {}), sources: [url] });
}

function unknownImport(file: string, specifier: string, importKind: ImportKind): BuildProblem {
  const message = `'${specifier}', imported by ${file}, is not part of the build`;
  return { code: 'BUILD_MODULE_MISSING', file, specifier, importKind, message };
}

/** Loads the graph of a build's entry. @throws ResproutError BUILD_FILE_MISSING */
export async function loadGraph(build: RunnerBuild, loaders: Loaders): Promise<ModuleGraph> {
  const graph = new ModuleGraph(build, loaders);
  await graph.ensure(build.manifest.entry);
  return graph;
}

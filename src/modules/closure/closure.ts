import type { FileResolution, ImportKind, ModuleTarget, ServedFile } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Build } from '../build/build-object.ts';
import type { Closure, MissingModule, NativeModule } from './closure-types.ts';
import { farText } from './far-text.ts';
import { requiresAtOnce, type FoundImport } from '../imports/imports.ts';
import type { PackageFiles } from '../resolve/package-files.ts';
import { moduleDenied, type ServingPolicy } from './policy.ts';
import type { Resolver } from '../resolve/resolve.ts';

/** What walks of one builder share. */
export interface ClosureTools {
  readonly resolver: Resolver;
  readonly packages: PackageFiles;
  readonly policy: ServingPolicy;
  /** Served files by path and key: two closures of one build share most. */
  readonly served: Map<string, ServedFile>;
}

/** Whether a target is a file, not a builtin or an entry of this package. */
export function isFileTarget(target: ModuleTarget): boolean {
  return target.startsWith('/');
}

/** The import kind that resolution tables know: `import()` resolves as an import. */
export function tableKind(kind: FoundImport['kind']): ImportKind {
  return kind === 'r' ? 'r' : 'i';
}

/** Everything a far context needs to load one target. @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING */
export function walkClosure(build: Build, target: ModuleTarget, tools: ClosureTools): Closure {
  const walk = new ClosureWalk(build, target, tools);
  return walk.run();
}

class ClosureWalk {
  readonly #build: Build;
  readonly #target: ModuleTarget;
  readonly #tools: ClosureTools;
  readonly #files = new Map<string, ServedFile>();
  readonly #resolution = new Map<string, FileResolution>();
  readonly #natives: Omit<NativeModule, 'certain'>[] = [];
  readonly #missing: Omit<MissingModule, 'certain'>[] = [];
  /** Files to those that they import statically. */
  readonly #eager = new Map<string, readonly string[]>();

  constructor(build: Build, target: ModuleTarget, tools: ClosureTools) {
    this.#build = build;
    this.#target = target;
    this.#tools = tools;
  }

  run(): Closure {
    const queue: { file: string; from: string }[] = isFileTarget(this.#target) ? [{ file: this.#target, from: 'the call' }] : [];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (this.#files.has(next.file)) continue;
      for (const file of this.#visit(next.file, next.from)) queue.push({ file, from: next.file });
    }
    return {
      target: this.#target,
      files: this.#files,
      resolution: this.#resolution,
      reachesEntry: this.#files.has(this.#build.manifest.entry),
      ...this.#certainties(),
    };
  }

  #certainties(): Pick<Closure, 'natives' | 'missing'> {
    const eager = new Set<string>();
    const queue = [this.#target];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (eager.has(file)) continue;
      eager.add(file);
      queue.push(...(this.#eager.get(file) ?? []));
    }
    const missing = this.#missing.map((one) => ({ ...one, certain: one.kind === 'i' && eager.has(one.from) }));
    const natives = this.#natives.map((one) => ({
      ...one,
      certain: eager.has(one.from) && requiresAtOnce(this.#files.get(one.from)?.text ?? ''),
    }));
    return { missing, natives };
  }

  /** Adds one file; gives the files it leads to. */
  #visit(file: string, from: string): readonly string[] {
    if (file.endsWith('.node')) {
      this.#natives.push({ from, file });
      return [];
    }
    const denial = this.#tools.policy.deny(file);
    // What is no code is asked for when it is needed, and refused by name then: a package may import a style sheet that nobody loads.
    if (denial?.rule === 'extension' && file !== this.#target) return [];
    if (denial !== undefined) throw moduleDenied(file, from, denial);
    const imports = this.#build.has(file) ? this.#userFile(file) : this.#packageFile(file, from);
    return this.#resolve(file, imports);
  }

  #userFile(file: string): readonly FoundImport[] {
    const artefacts = this.#build.artefacts(file);
    const { table } = artefacts;
    this.#serve(file, artefacts.key, () => ({
      path: file,
      format: table.format,
      text: farText(artefacts),
      exportNames: table.format === 'commonjs' ? table.exports.filter((name) => name !== 'default') : undefined,
    }));
    return table.imports;
  }

  #packageFile(file: string, from: string): readonly FoundImport[] {
    const { packages } = this.#tools;
    const found = packages.read(file);
    if (found === undefined) throw new ResproutError('REMOTE_MODULE_MISSING', `${file}, asked for by ${from}, does not exist`);
    const { format, text, imports } = found;
    this.#serve(file, '', () => ({
      path: file,
      format,
      text,
      exportNames: format === 'commonjs' ? packages.exportNames(file, text) : undefined,
    }));
    return imports;
  }

  #serve(file: string, key: string, make: () => ServedFile): void {
    const name = `${file}\0${key}`;
    const served = this.#tools.served.get(name) ?? make();
    this.#tools.served.set(name, served);
    this.#files.set(file, served);
  }

  #resolve(file: string, imports: readonly FoundImport[]): readonly string[] {
    const table: [string, ModuleTarget][] = [];
    const next: string[] = [];
    const eager: string[] = [];
    for (const { kind, specifier } of imports) {
      const request = `${tableKind(kind)}:${specifier}`;
      const target = this.#build.targetOf(file, request) ?? this.#lookUp(file, specifier, kind);
      if (target === undefined) continue;
      table.push([request, target]);
      if (!isFileTarget(target)) continue;
      next.push(target);
      if (kind === 'i') eager.push(target);
    }
    this.#eager.set(file, eager);
    this.#resolution.set(file, Object.fromEntries(table));
    return next;
  }

  #lookUp(file: string, specifier: string, kind: FoundImport['kind']): ModuleTarget | undefined {
    const resolved = this.#tools.resolver.resolve(file, specifier, tableKind(kind));
    if ('missing' in resolved) {
      this.#missing.push({ from: file, specifier, kind });
      return undefined;
    }
    if (resolved.bare) this.#tools.policy.packageFound(resolved.target);
    return resolved.target;
  }
}

import type {
  BuildManifest,
  DataFile,
  ImportKind,
  LateFiles,
  ModuleBatch,
  ModuleTarget,
  PackageClasses,
  ServedFile,
} from '../base/builds/build.ts';
import type { Disk } from '../base/seams/disk.ts';
import { ResproutError } from '../base/errors/errors.ts';
import type { Build } from './build/build-object.ts';
import { BuildStore } from './build/build-store.ts';
import type { Builder, BuilderOptions, BuilderStats, FarAsker } from './builder-types.ts';
import type { Closure } from './closure/closure-types.ts';
import { isFileTarget, walkClosure } from './closure/closure.ts';
import { namedDataFiles, readDataFile, type DataRequest } from './closure/data-files.ts';
import { LoadedBuild } from './build/loaded-build.ts';
import { manifestId } from './build/manifest-id.ts';
import { missingExports } from './imports/missing-exports.ts';
import { findOwnPackage, type OwnPackage } from './resolve/own-package.ts';
import { PackageFiles } from './resolve/package-files.ts';
import { createClassifier, type PackageReport } from './packages/classify.ts';
import { moduleDenied, ServingPolicy } from './closure/policy.ts';
import { projectRoot } from './project/project-root.ts';
import { readProjectSettings } from './project/project-settings.ts';
import { Resolver } from './resolve/resolve.ts';
import { lockfileHash } from './project/lockfile.ts';
import { BUILD_FORMAT, toolVersions } from './tool-versions.ts';
import { listServed, type ServedList } from './closure/served.ts';
import { isUserFile } from './resolve/user-file.ts';
import { UserFiles, type GraphPart } from './build/user-files.ts';

/** Makes a builder. Reads the disk only when asked to build. */
export function createBuilder(options: BuilderOptions): Builder {
  return new DiskBuilder(options);
}

class DiskBuilder implements Builder {
  readonly #options: BuilderOptions;
  readonly #disk: Disk;
  readonly #own: OwnPackage;
  readonly #store: BuildStore;
  readonly #resolver: Resolver;
  readonly #builds = new Map<string, LoadedBuild>();
  readonly #closures = new Map<string, { readonly late: number; readonly closure: Closure }>();
  readonly #served = new Map<string, ServedFile>();
  readonly #versions: Readonly<Record<string, string>>;
  readonly #counts = { made: 0, read: 0 };
  /** By build, with the number of late files that were noted. */
  readonly #policies = new Map<string, { readonly late: number; readonly policy: ServingPolicy }>();
  /** The same of the data files that a build names. */
  readonly #data = new Map<string, { readonly late: number; readonly named: ReadonlySet<string> }>();
  #packages: PackageFiles | undefined;

  constructor(options: BuilderOptions) {
    this.#options = options;
    this.#disk = options.disk;
    this.#own = findOwnPackage(options.disk);
    this.#store = new BuildStore({
      disk: options.disk,
      artefactDisk: options.artefactDisk ?? options.disk,
      folder: options.cacheFolder,
      mustKeep: options.cacheMayFail !== true,
    });
    this.#resolver = new Resolver(options.disk, this.#own);
    this.#versions = toolVersions(options.disk, this.#own, options.extend?.version);
  }

  get stats(): BuilderStats {
    return { ...this.#counts };
  }

  isUserFile(file: string): boolean {
    return isUserFile(file, this.#own);
  }

  build(entryFile: string): Build {
    const entry = this.#disk.realPath(entryFile);
    if (entry === undefined || this.#disk.stat(entry)?.isFile !== true)
      throw new ResproutError('RUN_FILE_MISSING', `${entryFile} does not exist`, { tried: `to build ${entryFile}` });
    const root = this.#rootFor(entry);
    this.#forgetDisk();
    const graph = this.#userFiles(root).collect([entry]);
    const lockHash = lockfileHash(this.#disk, root);
    const files = sortedRecord(graph.files);
    const resolution = sortedRecord(graph.resolution);
    const packages = this.#classesOf(root, allTargets(resolution));
    const id = manifestId({ format: BUILD_FORMAT, root, entry, files, resolution, lockHash, problems: graph.problems, packages });
    const known = this.#builds.get(id);
    if (known !== undefined) return known;
    const problems = [...graph.problems, ...missingExports(graph)];
    const manifest: BuildManifest = {
      format: BUILD_FORMAT,
      id,
      root,
      entry,
      files,
      resolution,
      lockHash,
      problems,
      packages,
      versions: this.#versions,
    };
    this.#store.writeManifest(manifest);
    return this.#keep(manifest);
  }

  open(id: string): Build {
    const known = this.#builds.get(id);
    if (known !== undefined) return known;
    const manifest = this.#store.manifest(id);
    if (manifest === undefined)
      throw new ResproutError('BUILD_FILE_MISSING', `build ${id} is not in ${this.#options.cacheFolder ?? 'memory'}`);
    if (manifest.format !== BUILD_FORMAT)
      throw new ResproutError('BUILD_FILE_MISSING', `build ${id} has format ${manifest.format}; this version reads ${BUILD_FORMAT}`);
    const build = this.#keep(manifest);
    this.#mend(build);
    return build;
  }

  addLate(build: Build, from: string, specifier: string, kind: ImportKind, far?: FarAsker): LateFiles {
    const loaded = this.#loaded(build);
    const request = `${kind}:${specifier}`;
    const known = loaded.targetOf(from, request);
    const empty = { from, specifier, importKind: kind, files: {}, packages: {} };
    if (known !== undefined) return { ...empty, target: known, resolution: { [from]: { [request]: known } } };
    const target = this.#resolveLate(loaded, from, specifier, kind, far);
    const graph = this.#newUserFiles(loaded, target);
    const resolution = { ...Object.fromEntries(graph.resolution), [from]: { [request]: target } };
    const late: LateFiles = {
      ...empty,
      target,
      files: Object.fromEntries(graph.files),
      resolution,
      packages: this.#newClasses(loaded, resolution),
    };
    // What a package's own computed import leads to is no part of the program: packages are pinned by the lockfile.
    if (loaded.has(from)) this.#store.appendLate(loaded.id, late);
    loaded.addLate(late);
    return late;
  }

  addFile(build: Build, file: string): LateFiles {
    const loaded = this.#loaded(build);
    const graph = this.#newUserFiles(loaded, file);
    const files = Object.fromEntries(graph.files);
    const resolution = Object.fromEntries(graph.resolution);
    const packages = this.#newClasses(loaded, resolution);
    const late: LateFiles = { from: '', specifier: file, importKind: 'i', target: file, files, resolution, packages };
    if (graph.files.size > 0) {
      this.#store.appendLate(loaded.id, late);
      loaded.addLate(late);
    }
    return late;
  }

  packagesOf(build: Build): readonly PackageReport[] {
    const { manifest } = this.#loaded(build);
    return this.#reports(manifest.root, allTargets(manifest.resolution));
  }

  closureOf(build: Build, target: ModuleTarget): Closure {
    const loaded = this.#loaded(build);
    const name = `${loaded.id}\0${target}`;
    const known = this.#closures.get(name);
    if (known?.late === loaded.late.length) return known.closure;
    const policy = this.#policyFor(loaded);
    const tools = { resolver: this.#resolver, packages: this.#packageFiles(), policy, served: this.#served };
    const closure = walkClosure(loaded, target, tools);
    this.#closures.set(name, { late: loaded.late.length, closure });
    return closure;
  }

  servedOf(build: Build): ServedList {
    const loaded = this.#loaded(build);
    const policy = this.#policyFor(loaded);
    return listServed(loaded, policy, this.#disk, this.#namedData(loaded), (file) => this.closureOf(loaded, file));
  }

  dataFile(build: Build, request: DataRequest): DataFile {
    const loaded = this.#loaded(build);
    return readDataFile(request, this.#policyFor(loaded), this.#namedData(loaded), this.#disk);
  }

  /** Data files that the program names, as its files are by now. */
  #namedData(build: LoadedBuild): ReadonlySet<string> {
    const known = this.#data.get(build.id);
    if (known?.late === build.late.length) return known.named;
    const named = namedDataFiles(build, this.#disk);
    this.#data.set(build.id, { late: build.late.length, named });
    return named;
  }

  closure(build: Build, target: ModuleTarget, have: ReadonlySet<string>): ModuleBatch {
    const { files, resolution } = this.closureOf(build, target);
    const missing = [...files.values()].filter(({ path }) => !have.has(path));
    return {
      build: build.id,
      target,
      files: missing,
      resolution: Object.fromEntries(missing.map(({ path }) => [path, resolution.get(path) ?? {}])),
    };
  }

  /** A build sees the disk as it is now; closures of earlier builds stay as they were first walked. */
  #forgetDisk(): void {
    this.#resolver.clear();
    this.#packages = undefined;
    this.#served.clear();
  }

  #reports(root: string, targets: readonly ModuleTarget[]): readonly PackageReport[] {
    return createClassifier(this.#disk, this.#resolver, this.#options.scanFolder).reports(root, targets);
  }

  #classesOf(root: string, targets: readonly ModuleTarget[]): PackageClasses {
    if (this.#options.classifyPackages !== true) return {};
    return Object.fromEntries(this.#reports(root, targets).map(({ name, treat, by, why }) => [name, { treat, by, why }]));
  }

  /** Classes of the packages that late files import and nothing imported before: a known class never changes. */
  #newClasses(build: LoadedBuild, resolution: BuildManifest['resolution']): PackageClasses {
    const found = this.#classesOf(build.manifest.root, allTargets(resolution));
    return Object.fromEntries(Object.entries(found).filter(([name]) => !build.hasPackage(name)));
  }

  #rootFor(entry: string): string {
    const { root } = this.#options;
    return root === undefined ? projectRoot(this.#disk, entry) : (this.#disk.realPath(root) ?? root);
  }

  #userFiles(root: string, have: (file: string) => boolean = () => false): UserFiles {
    return new UserFiles({
      disk: this.#disk,
      root,
      own: this.#own,
      store: this.#store,
      resolver: this.#resolver,
      versions: this.#versions,
      extend: this.#options.extend,
      counts: this.#counts,
      have,
    });
  }

  #newUserFiles(build: LoadedBuild, target: ModuleTarget): GraphPart {
    const starts = isFileTarget(target) && this.isUserFile(target) && !build.has(target) ? [target] : [];
    return this.#userFiles(build.manifest.root, (file) => build.has(file)).collect(starts);
  }

  #resolveLate(build: LoadedBuild, from: string, specifier: string, kind: ImportKind, far: FarAsker | undefined): ModuleTarget {
    const policy = this.#policyFor(build);
    const badSpecifier = far === undefined ? undefined : policy.denySpecifier(specifier, from);
    if (badSpecifier !== undefined) throw moduleDenied(JSON.stringify(specifier), from, badSpecifier);
    const resolved = this.#resolver.resolve(from, specifier, kind);
    if ('missing' in resolved)
      throw new ResproutError('REMOTE_MODULE_MISSING', `Cannot find '${specifier}' imported from ${from}`, { saw: resolved.missing });
    const { target } = resolved;
    if (!isFileTarget(target)) return target;
    if (far === undefined) return target;
    // A package may load at any time what it declares; what the program's own files load was found when they were read.
    if (resolved.bare && !build.has(from) && policy.declares(from, packageNameIn(specifier))) policy.packageFound(target);
    const denial = policy.deny(target, far.serve);
    if (denial !== undefined) throw moduleDenied(`'${specifier}'`, from, denial);
    return target;
  }

  /** What the program imports, and its packages, noted as they are by now. */
  #policyFor(build: LoadedBuild): ServingPolicy {
    const { id, late, manifest } = build;
    const known = this.#policies.get(id);
    if (known?.late === late.length) return known.policy;
    const { root } = manifest;
    const stores = this.#options.cacheFolder === undefined ? [] : [this.#options.cacheFolder];
    // A folder without package.json (a home, the root of the disk) is no project: nothing but what the program itself imports is served there.
    const isProject = this.#disk.stat(`${root}/package.json`)?.isFile === true;
    const serve = isProject ? readProjectSettings(this.#disk, root).serve : [];
    const policy = known?.policy ?? new ServingPolicy({ disk: this.#disk, root, serve, stores });
    policy.filesFound(build.files());
    // Files of the project are served one by one, whatever package.json stands beside them.
    for (const found of build.importsOf()) if (isFileTarget(found) && !isUserFile(found, this.#own)) policy.packageFound(found);
    this.#policies.set(id, { late: late.length, policy });
    return policy;
  }

  #packageFiles(): PackageFiles {
    return (this.#packages ??= new PackageFiles(this.#disk, this.#resolver));
  }

  /** Makes damaged artefacts again, as long as the file still has the text that they were made from. */
  #mend(build: LoadedBuild): void {
    const userFiles = this.#userFiles(build.manifest.root);
    for (const [file, key] of build.keys()) {
      if (userFiles.isWhole(key, file) || userFiles.remake(file)?.key === key) continue;
      this.#builds.delete(build.id);
      throw new ResproutError('BUILD_FILE_MISSING', `the build's copy of ${file} is gone or damaged, and ${file} has changed since`, {
        tried: `to open build ${build.id}`,
        saw: `no whole ${key} in ${this.#options.cacheFolder ?? 'memory'}/files`,
      });
    }
  }

  #keep(manifest: BuildManifest): LoadedBuild {
    const build = new LoadedBuild(manifest, this.#store.late(manifest.id), this.#store);
    this.#builds.set(manifest.id, build);
    return build;
  }

  #loaded(build: Build): LoadedBuild {
    const loaded = this.#builds.get(build.id);
    if (loaded === undefined) throw new ResproutError('INTERNAL', `build ${build.id} belongs to another builder`);
    return loaded;
  }
}

/** The package of a bare specifier: `pkg/sub` is of `pkg`, `@scope/pkg/sub` of `@scope/pkg`. */
function packageNameIn(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function allTargets(resolution: BuildManifest['resolution']): readonly ModuleTarget[] {
  return Object.values(resolution).flatMap((table) => Object.values(table));
}

function sortedRecord<T>(entries: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

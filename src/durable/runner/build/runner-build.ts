import type { BuildManifest, BuildProblem, ImportKind, LateFiles, ModuleTarget, PackageClasses } from '../../../base/builds/build.ts';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { SiteInfo, SiteTables } from '../../replay/calls/hook-contract.ts';
import type { BuildReader, FileFacts } from './build-reader.ts';

/** One build as a runner sees it. Owner: the graph made from it; late files only ever add to it. */
export class RunnerBuild implements SiteTables {
  readonly manifest: BuildManifest;
  readonly reader: BuildReader;
  readonly #keys: Map<string, string>;
  readonly #files: Map<string, string>;
  readonly #targets = new Map<string, ModuleTarget>();
  readonly #targetsOfFile = new Map<string, Set<ModuleTarget>>();
  readonly #problems = new Map<string, BuildProblem>();
  #packages: PackageClasses;
  readonly #sites = new Map<string, readonly SiteInfo[]>();

  constructor(manifest: BuildManifest, late: readonly LateFiles[], reader: BuildReader) {
    this.manifest = manifest;
    this.reader = reader;
    this.#packages = manifest.packages;
    this.#keys = new Map(Object.entries(manifest.files));
    this.#files = new Map([...this.#keys].map(([file, key]) => [key, file]));
    this.#addTargets(manifest.resolution);
    for (const problem of manifest.problems) this.#problems.set(`${problem.file}\0${problem.importKind}:${problem.specifier}`, problem);
    for (const files of late) this.addLate(files);
  }

  /** How the packages of the build are treated, those of late files too. */
  get packages(): PackageClasses {
    return this.#packages;
  }

  get id(): string {
    return this.manifest.id;
  }

  /** Absolute paths of all user files, late ones too. */
  files(): Iterable<string> {
    return this.#keys.keys();
  }

  has(file: string): boolean {
    return this.#keys.has(file);
  }

  /** Key, table and form of a user file. @throws ResproutError BUILD_FILE_MISSING when it is none of this build */
  factsOf(file: string): FileFacts {
    const key = this.#keys.get(file);
    if (key === undefined)
      throw new ResproutError('BUILD_FILE_MISSING', `${file} is not part of build ${this.id}`, { tried: `to load ${file}` });
    return this.reader.facts(key);
  }

  /** Absolute path of the file with this key, such as a brand names it; undefined when it is of another build. */
  fileOf(key: string): string | undefined {
    return this.#files.get(key);
  }

  /** Where an import of a user file leads; undefined when the build does not know it. */
  targetOf(from: string, specifier: string, kind: ImportKind): ModuleTarget | undefined {
    return this.#targets.get(`${from}\0${kind}:${specifier}`);
  }

  /** Everything that imports of user files lead to, those of late files too. */
  targets(): ReadonlySet<ModuleTarget> {
    return new Set(this.#targets.values());
  }

  /** Everything that the imports of one user file lead to. */
  targetsOf(file: string): readonly ModuleTarget[] {
    return [...(this.#targetsOfFile.get(file) ?? [])];
  }

  /** What is wrong with an import, if anything. */
  problemOf(from: string, specifier: string, kind: ImportKind): BuildProblem | undefined {
    return this.#problems.get(`${from}\0${kind}:${specifier}`);
  }

  /** Adds what a computed import brought. Adding the same twice changes nothing. */
  addLate(late: LateFiles): void {
    for (const [file, key] of Object.entries(late.files)) {
      if (this.#keys.has(file)) continue;
      this.#keys.set(file, key);
      this.#files.set(key, file);
    }
    this.#packages = { ...late.packages, ...this.#packages };
    this.#addTargets(late.resolution);
    this.#addTarget(late.from, `${late.importKind}:${late.specifier}`, late.target);
  }

  siteInfos(key: string): readonly SiteInfo[] {
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    const { table, form } = this.reader.facts(key);
    const infos = form.sites.map((site) => ({ ...site, file: table.path }));
    this.#sites.set(key, infos);
    return infos;
  }

  #addTargets(resolution: BuildManifest['resolution']): void {
    for (const [file, targets] of Object.entries(resolution))
      for (const [request, target] of Object.entries(targets)) this.#addTarget(file, request, target);
  }

  #addTarget(file: string, request: string, target: ModuleTarget): void {
    this.#targets.set(`${file}\0${request}`, target);
    const known = this.#targetsOfFile.get(file);
    if (known === undefined) this.#targetsOfFile.set(file, new Set([target]));
    else known.add(target);
  }
}

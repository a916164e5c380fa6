// How the packages of a program are treated: by a setting of the project, else by the shipped table, else by what a scan finds.
import type { ModuleTarget, PackageClass } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { readProjectSettings } from '../project/project-settings.ts';
import type { Resolver } from '../resolve/resolve.ts';
import { OWNERS } from './capabilities.ts';
import { PackageWalk, type PackageReach, type Reach } from './package-walk.ts';
import { ScanCache } from './scan-cache.ts';
import { rowOf } from './table.ts';

/** One imported package, with everything that `resprout explain` tells of it. */
export interface PackageReport extends PackageClass {
  readonly name: string;
  /** Ways out that decided, or would. */
  readonly decisive: readonly Reach[];
  /** Ways out of packages for which they are an option: refused where they are taken. */
  readonly tolerated: readonly Reach[];
  /** Packages in it that load something computed. */
  readonly computed: readonly string[];
  readonly files: number;
}

/** Says how packages are treated. One per build: the disk is looked at once. */
export interface Classifier {
  /** @param targets what user files import; what is no file of a package is left out */
  reports(root: string, targets: Iterable<ModuleTarget>): readonly PackageReport[];
}

/** The package of a file below `node_modules`; undefined for user files, builtins and own entries. */
export function packageNameOf(target: ModuleTarget): string | undefined {
  return /^\/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(target)?.[1];
}

/** Makes classifiers. @param cacheFolder for what files of packages use; undefined keeps it in memory */
export function createClassifier(disk: Disk, resolver: Resolver, cacheFolder: string | undefined): Classifier {
  const cache = new ScanCache(disk, cacheFolder);
  return {
    reports(root, targets) {
      const settings = readProjectSettings(disk, root);
      const walk = new PackageWalk(disk, resolver, cache);
      const entries = new Map<string, string[]>();
      for (const target of new Set(targets)) {
        const name = packageNameOf(target);
        if (name !== undefined) entries.set(name, [...(entries.get(name) ?? []), target]);
      }
      const reports = [...entries].map(([name, files]) =>
        report(name, settings.packages[name], merged(files.map((file) => walk.from(file)))),
      );
      cache.save();
      return reports.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

function merged(parts: readonly PackageReach[]): PackageReach {
  return {
    reaches: parts.flatMap(({ reaches }) => reaches),
    computed: [...new Set(parts.flatMap(({ computed }) => computed))],
    files: parts.reduce((sum, { files }) => sum + files, 0),
  };
}

function report(name: string, setting: PackageClass['treat'] | undefined, reach: PackageReach): PackageReport {
  const isOption = ({ owner }: Reach): boolean => OWNERS.has(owner);
  const decisive = reach.reaches.filter((one) => !isOption(one));
  const common = { name, decisive, tolerated: reach.reaches.filter(isOption), computed: reach.computed, files: reach.files };
  if (setting !== undefined) return { ...common, treat: setting, by: 'setting', why: 'a setting of the project' };
  const row = rowOf(name);
  if (row !== undefined) return { ...common, treat: row.treat, by: 'table', why: row.why };
  const [first] = decisive;
  if (first === undefined)
    return { ...common, treat: 'inline', by: 'scan', why: 'everything it can do outside of JavaScript is recorded there' };
  return { ...common, treat: 'boundary', by: 'scan', why: `${first.owner} uses ${first.what}` };
}

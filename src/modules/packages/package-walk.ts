// Follows the imports of a package over everything that it can reach, and notes what decides how it is treated.
import { basename } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import type { Resolver } from '../resolve/resolve.ts';
import { ADDON_LOADERS, capabilityOf, type Capability } from './capabilities.ts';
import type { FileUses } from './file-uses.ts';
import type { ScanCache } from './scan-cache.ts';

/** One way out, and who takes it. */
export interface Reach {
  readonly capability: Capability;
  /** What is used: `node:http2.connect`, `a built add-on`. */
  readonly what: string;
  /** Name of the package that uses it. */
  readonly owner: string;
  /** Absolute path of the file that uses it. */
  readonly file: string;
}

/** What an entry of a package reaches. */
export interface PackageReach {
  readonly reaches: readonly Reach[];
  /** Packages with a `require` or `import()` of something that is computed: where that leads nobody can say. */
  readonly computed: readonly string[];
  readonly files: number;
}

/** A package folder on the disk. */
interface PackageFolder {
  readonly name: string;
  readonly root: string;
  readonly label: string;
  readonly addon: string | undefined;
}

const CODE = /\.(?:[cm]?js|jsx)$|\/[^./]+$/;

/** Walks packages of one project. */
export class PackageWalk {
  readonly #disk: Disk;
  readonly #resolver: Resolver;
  readonly #cache: ScanCache;
  readonly #folders = new Map<string, PackageFolder>();
  readonly #targets = new Map<string, readonly string[]>();

  constructor(disk: Disk, resolver: Resolver, cache: ScanCache) {
    this.#disk = disk;
    this.#resolver = resolver;
    this.#cache = cache;
  }

  /** @param entry absolute real path of the file that is imported */
  from(entry: string): PackageReach {
    const reaches = new Map<string, Reach>();
    const computed = new Set<string>();
    const seen = new Set([entry]);
    const note = (reach: Reach): void => {
      const name = `${reach.capability}\0${reach.what}\0${reach.owner}`;
      if (!reaches.has(name)) reaches.set(name, reach);
    };
    const queue = [entry];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const folder = this.#folderOf(file);
      if (folder.addon !== undefined) note({ capability: 'native', what: folder.addon, owner: folder.name, file });
      if (file.endsWith('.node')) note({ capability: 'native', what: basename(file), owner: folder.name, file });
      if (!CODE.test(file)) continue;
      const uses = this.#cache.uses(file, folder.root, folder.label);
      if (uses === undefined) continue;
      if (uses.isComputed) computed.add(folder.name);
      for (const reach of ownReaches(uses, folder, file)) note(reach);
      for (const target of this.#targetsOf(file, uses)) {
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    return { reaches: [...reaches.values()], computed: [...computed].toSorted(), files: seen.size };
  }

  #targetsOf(file: string, uses: FileUses): readonly string[] {
    const known = this.#targets.get(file);
    if (known !== undefined) return known;
    const targets = uses.dependencies.flatMap(({ specifier, kind }) => {
      const found = this.#resolver.resolve(file, specifier, kind);
      return 'target' in found && found.target.startsWith('/') ? [found.target] : [];
    });
    this.#targets.set(file, targets);
    return targets;
  }

  #folderOf(file: string): PackageFolder {
    const { name, root } = placeOf(file);
    const known = this.#folders.get(root);
    if (known !== undefined) return known;
    const folder = this.#readFolder(name, root);
    this.#folders.set(root, folder);
    return folder;
  }

  /** Add-ons are loaded by computed paths: the folder and its package.json tell that there is one. */
  #readFolder(name: string, root: string): PackageFolder {
    const content = readPackage(this.#disk.readText(`${root}/package.json`));
    const dependencies = content['dependencies'];
    const loader = typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies).find(isLoader) : undefined;
    const names = this.#disk.list(root) ?? [];
    let addon: string | undefined;
    if (names.includes('binding.gyp') || content['gypfile'] === true) addon = 'a built add-on (binding.gyp)';
    else if (names.includes('prebuilds')) addon = 'a built add-on (prebuilds)';
    else if (content['napi'] !== undefined || content['binary'] !== undefined) addon = 'a built add-on (package.json)';
    else if (loader !== undefined) addon = `a built add-on (by ${loader})`;
    return { name, root, label: `${name}@${String(content['version'])}`, addon };
  }
}

const isLoader = (name: string): boolean => ADDON_LOADERS.has(name);

function ownReaches(uses: FileUses, { name }: PackageFolder, file: string): readonly Reach[] {
  const found: Reach[] = uses.hasDlopen ? [{ capability: 'native', what: 'process.dlopen', owner: name, file }] : [];
  for (const { specifier } of uses.dependencies)
    if (specifier.endsWith('.node')) found.push({ capability: 'native', what: basename(specifier), owner: name, file });
  for (const [builtin, members] of Object.entries(uses.builtins))
    for (const member of members) {
      const capability = capabilityOf(builtin, member);
      if (capability === undefined) continue;
      const what = member === '*' ? `node:${builtin}` : `node:${builtin}.${member}`;
      found.push({ capability, what, owner: name, file });
    }
  return found;
}

/** Name and folder of the package that a file belongs to; a linked one is known by its own folder. */
function placeOf(file: string): { readonly name: string; readonly root: string } {
  const match = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file);
  if (match !== null) return { name: match[1] ?? '', root: match[0] };
  return { name: '', root: file.slice(0, file.lastIndexOf('/')) };
}

function readPackage(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = text === undefined ? {} : JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    // A package.json that is no JSON says nothing; Node refuses the package when it is loaded.
    return {};
  }
}

// What may leave this machine as a module. Deny by default.
// 1. Only real paths count: links are resolved before anything is asked here.
// 2. A file is served when it lies in the project, or in a package folder that the resolver was led to by name; and in no other case.
// 3. The deny list and the extension list hold even there.
import { dirname } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';

export interface PolicyOptions {
  readonly disk: Disk;
  /** Real paths of the project's folders; none for a program without package.json. */
  readonly roots: readonly string[];
  /** Real paths of folders of ours that hold journals and builds. */
  readonly stores: readonly string[];
}

/** Why a module is not served, with the rule's name first. */
export interface Denial {
  readonly rule: 'outside' | 'deny-list' | 'extension' | 'native' | 'specifier';
  readonly why: string;
}

const EXTENSIONS = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
const DENIED_NAMES: readonly RegExp[] = [
  /^\.env(?:$|[.-])/i,
  /^\.[^/]*rc(?:$|\.)/i,
  /^\.(?:netrc|git-credentials|htpasswd|pgpass|dockercfg)$/i,
  /\.(?:pem|key|p12|pfx|jks|keystore|asc|gpg|kdbx)(?:$|\.)/i,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/i,
  /(?:^|[-_.])(?:credentials?|secrets?|service[-_]?account)(?:[-_.][^/]*)?\.json$/i,
];
const DENIED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.ssh',
  '.aws',
  '.gnupg',
  '.kube',
  '.docker',
  '.resprout',
  '.bin',
]);
const LONGEST_SPECIFIER = 1024;

/** Folder of the package that holds a file below `node_modules`: `…/node_modules/@scope/name`. */
function packageFolder(file: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

const isBelow = (file: string, folder: string): boolean => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** Decides for one builder. Learns the folders of packages as the resolver finds them. */
export class ServingPolicy {
  readonly #disk: Disk;
  readonly #roots: readonly string[];
  readonly #stores: readonly string[];
  readonly #packages = new Set<string>();
  readonly #files = new Set<string>();

  constructor(options: PolicyOptions) {
    this.#disk = options.disk;
    this.#roots = options.roots.filter((root) => dirname(root) !== root);
    this.#stores = options.stores;
  }

  /** Notes that the program's own imports lead to a package by name, so that its folder is served. */
  packageFound(file: string): void {
    const folder = packageFolder(file) ?? this.#linkedPackage(file);
    if (folder !== undefined) this.#packages.add(folder);
  }

  /** Where there is no project folder the files that the program itself imports may be served. */
  filesFound(build: { readonly files: Readonly<Record<string, string>> }): void {
    if (this.#roots.length === 0) for (const file of Object.keys(build.files)) this.#files.add(file);
  }

  /** What a far side may write into its request, before anything is resolved. */
  denySpecifier(specifier: string): Denial | undefined {
    const deny = (why: string): Denial => ({ rule: 'specifier', why });
    if (specifier === '' || specifier.length > LONGEST_SPECIFIER) return deny(`a specifier has 1 to ${LONGEST_SPECIFIER} characters`);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f\\]/.test(specifier)) return deny('a specifier has no control characters and no backslash');
    if (specifier.startsWith('/')) return deny('a file is asked for relative to its importer, not by an absolute path');
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier) && !specifier.startsWith('node:'))
      return deny('a file is asked for relative to its importer, not by url');
    if (/%(?:2f|5c|2e|00)/i.test(specifier)) return deny('a specifier has no encoded separators');
    return undefined;
  }

  /** Whether a real path may be served. */
  deny(file: string): Denial | undefined {
    const parts = file.split('/');
    const name = parts.at(-1) ?? '';
    if (name.endsWith('.node')) return { rule: 'native', why: 'native add-ons are loaded from a real file and cannot travel' };
    const folder = parts.slice(0, -1).find((part) => DENIED_FOLDERS.has(part.toLowerCase()));
    if (folder !== undefined) return { rule: 'deny-list', why: `nothing in a folder named ${folder} is served` };
    if (DENIED_NAMES.some((pattern) => pattern.test(name)))
      return { rule: 'deny-list', why: `files named like ${name} are not served: they hold secrets` };
    if (this.#stores.some((store) => isBelow(file, store))) return { rule: 'deny-list', why: 'nothing of the store is served' };
    if (!EXTENSIONS.test(name))
      return { rule: 'extension', why: 'only .js, .ts, .jsx, .tsx, .mjs, .cjs, .mts, .cts and .json files are served' };
    return this.#isInside(file)
      ? undefined
      : { rule: 'outside', why: `it is outside ${this.#roots.join(', ') || 'the project'} and of every package that the program resolves` };
  }

  #isInside(file: string): boolean {
    const folder = packageFolder(file);
    if (folder !== undefined) return this.#packages.has(folder);
    return this.#files.has(file) || [...this.#roots, ...this.#packages].some((root) => isBelow(file, root));
  }

  /** Folder of a package that is linked into `node_modules` (npm link, workspaces): it must have a package.json with a name. */
  #linkedPackage(file: string): string | undefined {
    for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
      const text = this.#disk.readText(`${at}/package.json`);
      if (text !== undefined) return /"name"\s*:\s*"[^"]+"/.test(text) ? at : undefined;
    }
    return undefined;
  }
}

/** The error of a denied module. It names the rule. */
export function moduleDenied(what: string, from: string, denial: Denial): ResproutError {
  return new ResproutError('REMOTE_MODULE_DENIED', `${what}, asked for by ${from}, is not served: ${denial.why} (rule: ${denial.rule})`, {
    tried: `to serve ${what} to the far side`,
    saw: denial.why,
  });
}

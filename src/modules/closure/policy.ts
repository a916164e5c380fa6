// What may leave this machine as a module. Deny by default.
// 1. Only real paths count: links are resolved before anything is asked here.
// 2. A file is served when the program imports it, when it is in the folder of a package that the program's files or a package's declaration led to
//    by name, or when a pattern of the project or of the context's opener names it; and in no other case. What a far side asks for adds nothing.
// 3. The deny list and the extension list hold even there.
import { dirname, join, relative } from 'node:path';
import { matchesGlob } from '../../base/glob.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';

export interface PolicyOptions {
  readonly disk: Disk;
  /** Real path of the project's folder. */
  readonly root: string;
  /** Files that may leave although nothing imports them: patterns, relative to the root. */
  readonly serve: readonly string[];
  /** Real paths of folders of ours that hold journals and builds. */
  readonly stores: readonly string[];
}

/** Why a module is not served, with the rule's name first. */
export interface Denial {
  readonly rule: 'size' | 'outside' | 'graph' | 'deny-list' | 'extension' | 'native' | 'specifier';
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
/** Names that a file may have that the program imports, and that a pattern does not let out: most hold secrets. */
const SECRET_NAMES: readonly RegExp[] = [
  /(?:^|[-_.])(?:auth|tokens?|passwords?|passwd|adminsdk|keys?)(?:[-_.][^/]*)?\.json$/i,
  /^local\.settings\.json$/i,
  /\.tfvars\.json$|\.tfstate/i,
  /(?:^|[-_.])secrets?(?:[-_.]|$)/i,
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
const DECLARED = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** Folder of the package that holds a file below `node_modules`: `…/node_modules/@scope/name`. */
function packageFolder(file: string): string | undefined {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

const isBelow = (file: string, folder: string): boolean => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** Decides for one build. Learns the folders of packages as the resolver finds them. */
export class ServingPolicy {
  readonly #options: PolicyOptions;
  readonly #packages = new Set<string>();
  readonly #files = new Set<string>();

  constructor(options: PolicyOptions) {
    this.#options = options;
  }

  /** Notes that an import of the program, or of one of its packages, leads to a package by name, so that its folder is served. */
  packageFound(file: string): void {
    const folder = packageFolder(file) ?? this.#linkedPackage(file);
    if (folder !== undefined) this.#packages.add(folder);
  }

  /** Notes the files that the program imports. */
  filesFound(files: Iterable<string>): void {
    for (const file of files) this.#files.add(file);
  }

  /** Folders of packages from which files may be served. */
  get packageFolders(): ReadonlySet<string> {
    return this.#packages;
  }

  /** Whether the settings of the project name files that may leave. */
  get hasPatterns(): boolean {
    return this.#options.serve.length > 0;
  }

  /** Whether the package that holds a file declares this one: in `dependencies`, `optionalDependencies` or `peerDependencies`, or it is itself. */
  declares(file: string, name: string): boolean {
    const folder = packageFolder(file) ?? this.#linkedPackage(file);
    const text = folder === undefined ? undefined : this.#options.disk.readText(`${folder}/package.json`);
    if (text === undefined) return false;
    try {
      const content = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const lists = DECLARED.map((key) => content[key]).filter((list) => typeof list === 'object' && list !== null);
      return content['name'] === name || lists.some((list) => Object.hasOwn(list, name));
    } catch {
      // No package.json that declares anything.
      return false;
    }
  }

  /** What a far side may write into its request, before anything is resolved. */
  denySpecifier(specifier: string, from: string): Denial | undefined {
    const deny = (why: string): Denial => ({ rule: 'specifier', why });
    if (specifier === '' || specifier.length > LONGEST_SPECIFIER) return deny(`a specifier has 1 to ${LONGEST_SPECIFIER} characters`);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u001f\u007f\\]/.test(specifier)) return deny('a specifier has no control characters and no backslash');
    if (specifier.startsWith('/')) return deny('a file is asked for relative to its importer, not by an absolute path');
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier) && !specifier.startsWith('node:'))
      return deny('a file is asked for relative to its importer, not by url');
    if (/%(?:2f|5c|2e|00)/i.test(specifier)) return deny('a specifier has no encoded separators');
    // Whether a file exists is not told of any place outside.
    const named = specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
    const inner = [this.#options.root, packageFolder(from) ?? this.#linkedPackage(from) ?? dirname(from)];
    if (named !== undefined && !inner.some((folder) => isBelow(`${named}/`, folder)))
      return { rule: 'outside', why: `it is outside ${this.#options.root} and of every package that the program imports` };
    return undefined;
  }

  /** Whether a real path may be served. @param more patterns of the context's opener */
  deny(file: string, more: readonly string[] = []): Denial | undefined {
    const name = nameOf(file);
    if (name.endsWith('.node')) return { rule: 'native', why: 'native add-ons are loaded from a real file and cannot travel' };
    const hidden = this.#denyHidden(file);
    if (hidden !== undefined) return hidden;
    if (!EXTENSIONS.test(name))
      return { rule: 'extension', why: 'only .js, .ts, .jsx, .tsx, .mjs, .cjs, .mts, .cts and .json files are served' };
    if (this.#isInside(file)) return undefined;
    if (this.#isNamed(file, more)) return SECRET_NAMES.some((pattern) => pattern.test(name)) ? secretDenied(name) : undefined;
    return this.#outside(file, 'the program does not import it');
  }

  /** Whether a real path may be read as data. @param named files that the program names beside its modules */
  denyData(file: string, more: readonly string[], named: ReadonlySet<string>): Denial | undefined {
    const hidden = this.#denyHidden(file);
    if (hidden !== undefined) return hidden;
    if (!named.has(file) && !this.#isNamed(file, more) && !this.#isInside(file))
      return this.#outside(file, "no file of the program names it as new URL('…', import.meta.url) or join(import.meta.dirname, '…')");
    const name = nameOf(file);
    return SECRET_NAMES.some((pattern) => pattern.test(name)) ? secretDenied(name) : undefined;
  }

  /** What is served in no case. */
  #denyHidden(file: string): Denial | undefined {
    const name = nameOf(file);
    const folder = file
      .split('/')
      .slice(0, -1)
      .find((part) => DENIED_FOLDERS.has(part.toLowerCase()));
    if (folder !== undefined) return { rule: 'deny-list', why: `nothing in a folder named ${folder} is served` };
    if (DENIED_NAMES.some((pattern) => pattern.test(name))) return secretDenied(name);
    if (this.#options.stores.some((store) => isBelow(file, store))) return { rule: 'deny-list', why: 'nothing of the store is served' };
    return undefined;
  }

  #outside(file: string, why: string): Denial {
    const { root } = this.#options;
    if (packageFolder(file) === undefined && isBelow(file, root))
      return {
        rule: 'graph',
        why: `${why}; { "serve": [${JSON.stringify(relative(root, file))}] } in resprout.config.json adds it`,
      };
    return { rule: 'outside', why: `it is outside ${root} and of every package that the program imports` };
  }

  #isInside(file: string): boolean {
    const folder = packageFolder(file);
    if (folder !== undefined) return this.#packages.has(folder);
    return this.#files.has(file) || [...this.#packages].some((found) => isBelow(file, found));
  }

  #isNamed(file: string, more: readonly string[]): boolean {
    const { root, serve } = this.#options;
    if (packageFolder(file) !== undefined || !isBelow(file, root)) return false;
    const name = relative(root, file);
    return [...serve, ...more].some((glob) => matchesGlob(name, glob));
  }

  /** Folder of a package that is linked into `node_modules` (npm link, workspaces): it has a package.json with a name, and is not the project. */
  #linkedPackage(file: string): string | undefined {
    for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
      const text = this.#options.disk.readText(`${at}/package.json`);
      if (text !== undefined) return /"name"\s*:\s*"[^"]+"/.test(text) && !isBelow(`${this.#options.root}/`, at) ? at : undefined;
    }
    return undefined;
  }
}

function secretDenied(name: string): Denial {
  return { rule: 'deny-list', why: `files named like ${name} are not served: they hold secrets` };
}

/** The error of a denied module. It names the rule. */
export function moduleDenied(what: string, from: string, denial: Denial): ResproutError {
  return new ResproutError('REMOTE_MODULE_DENIED', `${what}, asked for by ${from}, is not served: ${denial.why} (rule: ${denial.rule})`, {
    tried: `to serve ${what} to the far side`,
    saw: denial.why,
  });
}

import { ResolverFactory, type NapiResolveOptions } from 'oxc-resolver';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportKind, ModuleTarget } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { builtinModule } from '../../platform/engine/builtins.ts';
import { OWN_NAME, type OwnPackage } from './own-package.ts';
import { isUserFile } from './user-file.ts';

/** Where a specifier leads, or why nowhere. `bare` = a package was asked for by name, so that its folder counts as resolved. */
export type Resolved = { readonly target: ModuleTarget; readonly bare: boolean } | { readonly missing: string };

const USER: NapiResolveOptions = {
  extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'],
  extensionAlias: { '.js': ['.js', '.ts', '.tsx'], '.mjs': ['.mjs', '.mts'], '.cjs': ['.cjs', '.cts'], '.jsx': ['.jsx', '.tsx'] },
  tsconfig: 'auto',
  nodePath: false,
};
const PACKAGE: NapiResolveOptions = { extensions: ['.js', '.json', '.node'], mainFields: ['main'], nodePath: false };
const conditions = (kind: ImportKind): string[] => ['node', kind === 'i' ? 'import' : 'require', 'module-sync', 'default'];
/** Helpers that lowering imports; a user's project need not have them. */
const HELPERS = '@oxc-project/runtime/';

/** Whether a specifier names a package or an alias, not a file. */
function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}\/|\.{1,2}$|[a-z][a-z0-9+.-]+:)/i.test(specifier);
}

/** Resolves as Node does, for user files also TypeScript's spellings (`./x.js` for `x.ts`, `paths`). Every path is real. */
export class Resolver {
  readonly #disk: Disk;
  readonly #own: OwnPackage;
  readonly #user: Readonly<Record<ImportKind, ResolverFactory>>;
  readonly #package: Readonly<Record<ImportKind, ResolverFactory>>;

  constructor(disk: Disk, own: OwnPackage) {
    this.#disk = disk;
    this.#own = own;
    const make = (options: NapiResolveOptions, kind: ImportKind): ResolverFactory =>
      new ResolverFactory({ ...options, conditionNames: conditions(kind) });
    this.#user = { i: make(USER, 'i'), r: make(USER, 'r') };
    this.#package = { i: make(PACKAGE, 'i'), r: make(PACKAGE, 'r') };
  }

  /** Forgets what was seen on the disk. */
  clear(): void {
    for (const factory of [this.#user.i, this.#user.r, this.#package.i, this.#package.r]) factory.clearCache();
  }

  /** @throws the system's error for a path that cannot be looked at */
  resolve(from: string, specifier: string, kind: ImportKind): Resolved {
    const builtin = builtinModule(specifier);
    if (builtin !== undefined) return { target: builtin, bare: false };
    if (specifier === OWN_NAME || specifier.startsWith(`${OWN_NAME}/`)) {
      if (this.#own.isEntry(specifier)) return { target: `own:${specifier}`, bare: false };
      return { missing: `${OWN_NAME} has no entry "${specifier}"` };
    }
    const path = this.#find(from, specifier, kind);
    if ('missing' in path) return path;
    const real = this.#disk.realPath(path.found);
    if (real === undefined) return { missing: `${path.found} does not exist` };
    if (!this.#own.holds(real)) return { target: real, bare: isBare(specifier) };
    const entry = this.#own.entryOf(real);
    return entry === undefined ? { missing: `${specifier} is an inner file of ${OWN_NAME}` } : { target: `own:${entry}`, bare: false };
  }

  #find(from: string, specifier: string, kind: ImportKind): { readonly found: string } | { readonly missing: string } {
    const isUser = isUserFile(from, this.#own);
    const factory = (isUser ? this.#user : this.#package)[kind];
    let request = specifier;
    if (specifier.startsWith('file:')) {
      try {
        request = fileURLToPath(specifier);
      } catch {
        return { missing: 'not a file url of this machine' };
      }
    }
    const { path, error } = isUser ? factory.resolveFileSync(from, request) : factory.sync(dirname(from), request);
    if (path !== undefined) return { found: path.replace(/[?#].*$/, '') };
    if (specifier.startsWith(HELPERS)) {
      const helper = this.#package[kind].sync(this.#own.folder, specifier).path;
      if (helper !== undefined) return { found: helper };
    }
    // The resolver takes whatever the system answers for «not there». What cannot be looked at is told as that.
    if (!isBare(specifier)) this.#disk.stat(resolve(dirname(from), request));
    return { missing: error ?? 'not found' };
  }
}

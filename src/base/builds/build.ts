// Types of builds: what the builder writes, the runner reads, and the far side is told. Parsers are in build-parse.ts.

/** How Node loads a file. */
export type ModuleFormat = 'module' | 'commonjs' | 'json';

/** `i` = import (static, re-export or `import()`), `r` = require. */
export type ImportKind = 'i' | 'r';

/**
 * Where a specifier leads: the absolute real path of a file (user's or of a package), `node:fs` for a builtin,
 * or `own:resprout/durable` for a public entry of this package.
 */
export type ModuleTarget = string;

/** Targets of one importing file: `i:./ops.ts` or `r:lodash` to its target. */
export type FileResolution = Readonly<Record<string, ModuleTarget>>;

/** Why a function has no address. The texts are in `remote/calls/refusals.ts`. */
export type RefusalRule = 'nested' | 'instance' | 'class' | 'private' | 'accessor' | 'computed' | 'reassigned' | 'wrapped';

/** One function or class of the lowered text of a file. */
export interface FunctionEntry {
  /** Order of the brands in the text, from 0. */
  readonly n: number;
  /** How the file's accessor reaches it, such as `['K', 'sm']` or `['default']`; null when nothing outside can. */
  readonly path: readonly string[] | null;
  readonly kind: string;
  readonly name?: string | undefined;
  readonly async: boolean;
  readonly generator: boolean;
  /** Names it is exported under. */
  readonly exports: readonly string[];
  /** Place in the TypeScript text, 1-based. */
  readonly line: number;
  readonly column: number;
  /** Start and end in the lowered text, in UTF-16 units. */
  readonly range: readonly [number, number];
  /** Start of its body in the lowered text: what lies before is the head. */
  readonly body: number;
  readonly why?: { readonly rule: RefusalRule; readonly wraps?: string | undefined } | undefined;
}

/** A statement of the entry that would run again on the far side. */
export interface UnguardedStatement {
  readonly line: number;
  readonly column: number;
  /** First line of the statement, cut at 60 characters. */
  readonly text: string;
}

/** One call site of a file, by its number in the text. */
export interface SiteEntry {
  /** Stable id: file, enclosing function path, ordinal and callee text. */
  readonly id: string;
  /** Text of the callee, such as `client.query`. */
  readonly label: string;
  readonly line: number;
  readonly column: number;
  /** Whether the result is awaited at once. */
  readonly awaited: boolean;
}

/** `table.json` of one user file: everything but texts and maps. Written by `modules/`, extended by `durable/transform`. */
export interface FileTable {
  readonly key: string;
  /** Path relative to the project root, with forward slashes; what messages and journals show. */
  readonly path: string;
  readonly format: ModuleFormat;
  readonly functions: readonly FunctionEntry[];
  /** Top-level consts made by a call: name to the text of the call. */
  readonly wrapped: Readonly<Record<string, string>>;
  readonly exports: readonly string[];
  /** Functions in the object that a CommonJS file puts into `module.exports`, which an import of Node does not find in the text. */
  readonly held: readonly string[];
  /** Specifiers in the text with how they are used: static `i`, literal `import()` `d`, literal require `r`. */
  readonly imports: readonly { readonly kind: 'i' | 'd' | 'r'; readonly specifier: string }[];
  readonly unguarded: readonly UnguardedStatement[];
  /** Names that static imports and re-exports take from other files, for the check of the build. */
  readonly named: readonly NamedImport[];
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
}

/** One name that a file takes from another one. */
export interface NamedImport {
  readonly specifier: string;
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** A problem that does not stop the build: it is thrown when the importing module is instantiated. */
export interface BuildProblem {
  /** BUILD_EXPORT_MISSING: a user file does not export a name that another one imports; often a type imported without `type`. */
  readonly code: 'BUILD_MODULE_MISSING' | 'BUILD_EXPORT_MISSING';
  readonly file: string;
  readonly specifier: string;
  readonly importKind: ImportKind;
  readonly message: string;
}

/** `inline`: runs again on replay, what it does outside is recorded where it leaves. `boundary`: each call of it is recorded. */
export type PackageTreatment = 'inline' | 'boundary';

/** How an imported package is treated, and who says so. */
export interface PackageClass {
  readonly treat: PackageTreatment;
  readonly by: 'setting' | 'table' | 'scan';
  /** What decided, for people. */
  readonly why: string;
}

/** By the name of a package. */
export type PackageClasses = Readonly<Record<string, PackageClass>>;

/** `builds/<id>.json`. Paths are absolute real paths, except `files` keys, which are relative to `root`. */
export interface BuildManifest {
  readonly format: number;
  readonly id: string;
  readonly root: string;
  /** Absolute path of the entry file. */
  readonly entry: string;
  /** Absolute path of each user file to its key in `builds/files`. */
  readonly files: Readonly<Record<string, string>>;
  readonly resolution: Readonly<Record<string, FileResolution>>;
  readonly lockHash: string;
  readonly problems: readonly BuildProblem[];
  /** The packages that user files import. Decided when the build was made; a session keeps to it. */
  readonly packages: PackageClasses;
  /** Versions of the tools and of this package, part of every key. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One line of `builds/<id>.late.jsonl`: what a computed `import()` added. */
export interface LateFiles {
  readonly from: string;
  readonly specifier: string;
  readonly importKind: ImportKind;
  readonly target: ModuleTarget;
  readonly files: Readonly<Record<string, string>>;
  readonly resolution: Readonly<Record<string, FileResolution>>;
  /** Packages that nothing imported before. */
  readonly packages: PackageClasses;
}

/** A function as the wire names it. Goes down the tree only. */
export type FunctionAddress =
  | { readonly kind: 'function'; readonly build: string; readonly file: string; readonly n: number }
  | { readonly kind: 'export'; readonly build: string; readonly file: string; readonly path: readonly string[] }
  | { readonly kind: 'builtin'; readonly module: string; readonly path: readonly string[] };

/** What a far side, or the parent on its behalf, asks for. A far side never names a file of its own choice: only importer and specifier. */
export type ModuleRequest =
  | DataFileRequest
  | { readonly kind: 'root'; readonly build: string; readonly file: string }
  | {
      readonly kind: 'late';
      readonly build: string;
      readonly from: string;
      readonly specifier: string;
      readonly importKind: ImportKind;
      /** Patterns of files that the opener of the context lets it load besides; never of the far side's making. */ readonly serve?:
        | readonly string[]
        | undefined;
    };

/** What a far side asks for that reads a file beside a module. */
export interface DataFileRequest {
  readonly kind: 'data';
  readonly build: string;
  readonly from: string;
  /** Relative to `from`. */
  readonly specifier: string;
  readonly serve?: readonly string[] | undefined;
}

/** A file that is read and not loaded. */
export interface DataFile {
  /** Absolute path, as the request named it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** One file as the far side gets it. */
export interface ServedFile {
  /** Absolute real path on the controller. */
  readonly path: string;
  readonly format: ModuleFormat;
  readonly text: string;
  /** Export names of a CommonJS file, for its ESM face; absent for others. They travel with the file. */
  readonly exportNames?: readonly string[] | undefined;
}

/** The answer: a closure less what the asker has already. */
export interface ModuleBatch {
  readonly build: string;
  /** Where the request leads. */
  readonly target: ModuleTarget;
  readonly files: readonly ServedFile[];
  readonly resolution: Readonly<Record<string, FileResolution>>;
  /** The answer to a request for a data file. */
  readonly data?: DataFile | undefined;
}

/** Answers module requests from builds. In a plain process it is `remote/serve`, in a runner the owner at the other end of the link. */
export interface ModuleServer {
  /** @param have absolute paths that the asker already got for this build. @throws ResproutError REMOTE_MODULE_DENIED, REMOTE_MODULE_MISSING, REMOTE_MAIN_UNGUARDED, BUILD_FILE_MISSING */
  serve(request: ModuleRequest, have: ReadonlySet<string>, signal: AbortSignal): Promise<ModuleBatch>;
}

/** Prefix of the brand comment: `/*~$d<key>:<n>*` + `/`, the first thing in the parameter list, after the name in a class. */
export const BRAND_PREFIX = '/*~$d';

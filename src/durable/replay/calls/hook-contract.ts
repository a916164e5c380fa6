// The contract between the code that durable/transform emits and the hook object of a session. Types only.
// The emitted code names the hook `$d` and the sites of its own file `$ds`; both may carry a suffix that the file does not use.
// 1. One hook object per session, so user code always knows whose it is, in whatever context it is called.
// 2. Sites are made per instance of a file (`sites`), so the caches in them never mix the functions of two sessions.
// 3. A register is written and read again at once, with no user code in between, so one of each is enough for a whole session.

/** One call site as the table of the file describes it; shared by all sessions of the process. */
export interface SiteInfo {
  /** Path of the file relative to the project root. */
  readonly file: string;
  /** Stable under edits elsewhere in the file: file, enclosing function path, ordinal and callee text. */
  readonly id: string;
  /**
   * The callee as the engine prints it in `… is not a function`; `new X` for a construction. For other forms what is done:
   * `await x`, `for of x`, `for await of x`, `...x` in an array, `f(...x` as last argument, `const […] = x`, `[…] = x`, `yield* x`, `async yield* x`.
   */
  readonly label: string;
  /** Place in the TypeScript text, 1-based. */
  readonly line: number;
  readonly column: number;
  /** Whether the result is awaited at once: operand of `await`, or returned from an async function. */
  readonly awaited: boolean;
}

/** One call site of one instance of a file: what it is, and the functions that were found to be inline there. */
export interface HookSite {
  readonly info: SiteInfo;
  /**
   * Inline cache: functions that may be called here without asking again. The hook alone reads and writes them.
   * An empty place must hold something that no program can have: calling undefined must not look like calling a known function.
   */
  f0: unknown;
  f1: unknown;
  f2: unknown;
  f3: unknown;
}

/** Where a hook finds the sites of a file by its key. Given by the graph of the build. */
export interface SiteTables {
  /** Sites of the file with this key, in the order of their numbers. @throws ResproutError BUILD_FILE_MISSING */
  siteInfos(key: string): readonly SiteInfo[];
}

/** Loads a module for `import()`: the specifier as written and the import options, if any. Never throws, rejects. */
export type ImportFunction = (specifier: unknown, options?: unknown) => Promise<unknown>;

/** What emitted code may do with `$d`: its hook. `f` is whatever the program calls, a function or not. */
export interface Hook {
  /** Last receiver. */
  t: unknown;
  /** Last left side of an optional link. */
  u: unknown;
  /** Receiver that `g` or `o` left. */
  r: unknown;
  /** Function that `g` or `o` left. */
  f: unknown;
  /** HookSite of the `own` call that runs now. */
  at: HookSite | undefined;
  /** HookSite of the last call of the program: what a package does in it, or because of it, is shown there. */
  last: HookSite | undefined;

  /** New site objects for one instance of the file with this key. Called once, when the instance is made. */
  sites(key: string): readonly HookSite[];

  /** `f()` with receiver `o` (undefined for a plain call). @throws TypeError `<label> is not a function` as the engine does */
  c0(site: HookSite, o: unknown, f: unknown): unknown;
  c1(site: HookSite, o: unknown, f: unknown, a: unknown): unknown;
  c2(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown): unknown;
  c3(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown): unknown;
  c4(site: HookSite, o: unknown, f: unknown, a: unknown, b: unknown, c: unknown, d: unknown): unknown;
  /** More than four arguments, or a spread. */
  cn(site: HookSite, o: unknown, f: unknown, args: unknown[]): unknown;
  /** `new C(...args)`. The label is `new X`. @throws TypeError `X is not a constructor` */
  n(site: HookSite, C: unknown, args: unknown[]): unknown;
  /** The tag of a tagged template: what it returns is called with the strings object and the values. */
  tag(site: HookSite, o: unknown, f: unknown): (...args: unknown[]) => unknown;

  /** Reads `o[key]`, then leaves `o` in `r` and the value in `f` (after the read: a getter may run code), and returns it. */
  g(o: unknown, key: unknown): unknown;
  /**
   * Leaves `o` in `r` and `f` in `f`, returns `f`. For members that only the emitted code can read (`super.m`, `this.#m`);
   * without arguments where a chain in parentheses ended early: `(a?.b)()`.
   */
  o(o?: unknown, f?: unknown): unknown;

  /**
   * What `for of`, spread, array destructuring, `new Map(x)`, `Array.from(x)` and the like iterate.
   * Returns `x` itself unless it comes from outside. @throws TypeError of `requireIterable` when it is not iterable, in the engine's words
   */
  i(site: HookSite, x: unknown): unknown;
  /** What `yield*` of a plain generator delegates to; as `i`, and values sent in must reach it. */
  yi(site: HookSite, x: unknown): unknown;
  /** What `for await` or `yield*` of an async generator iterates. */
  ai(site: HookSite, x: unknown): unknown;
  /** What `await`, `return` of an async function, or `yield` of an async generator waits for. */
  w(site: HookSite, x: unknown): unknown;
  /** `await o.key`: reads the property once and gives what is to be awaited; recorded when `o` is a live object. */
  ap(site: HookSite, o: unknown, key: unknown): unknown;
  /** `import(specifier, options)`. `load` is the session's own loader for the importing file. */
  imp(site: HookSite, load: ImportFunction, specifier: unknown, options?: unknown): Promise<unknown>;
}

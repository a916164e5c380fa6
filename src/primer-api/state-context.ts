// What a state works with, and the work that the kernel does for it: data and interfaces alone.

/** How a state stands, found without changing anything. A state with a value says it when nothing has to be done for it. */
export type Look<V> =
  | ({ readonly fresh: true; readonly why: string } & ([V] extends [void] ? { readonly value?: V } : { readonly value: V }))
  | { readonly fresh: false; readonly why: string };

/** A look of any type. */
export interface AnyLook {
  readonly fresh: boolean;
  readonly why: string;
  readonly value?: unknown;
}

/** The npm that installs, and where the machine's settings for it are. */
export interface PrimeNpm {
  /** Absolute path of its program, for Node to run. */
  readonly cli: string;
  /** The Node that it runs on. */
  readonly node: string;
  readonly globalconfig: string | undefined;
  readonly userconfig: string | undefined;
}

/** Something that the kernel knows how to do: looked at without changing anything, then done. */
export interface Work<A extends readonly unknown[], V> {
  look(): { readonly fresh: true; readonly why: string; readonly value: V } | { readonly fresh: false; readonly why: string };
  /** Does it, whatever `look` finds. */
  reach(...given: A): Promise<V>;
}

/** How something is built. Paths are relative to the root. */
export interface BuildPlan {
  /** Scripts with arguments, run in this order by the required Node. */
  readonly run: readonly (readonly string[])[];
  /** Files and folders that it is made from. */
  readonly sources: readonly string[];
  /** Endings of files in `sources` that do not count. Default: none. */
  readonly ignored?: readonly string[];
  /** Files and folders that are there afterwards. */
  readonly outputs: readonly string[];
  /** Removed before the next build when one was killed. */
  readonly clean: readonly string[];
}

/** A setting of the configuration as it counts. */
export interface Setting {
  /** Its name, with a point between the parts: `npm.version`. */
  readonly name: string;
  readonly value: unknown;
  /** Where it says so, as FILE:LINE; undefined for a default. */
  readonly from: string | undefined;
  /** One line. */
  readonly does: string;
}

/** A shell that is opened when everything else has ended. */
export interface ShellRequest {
  /** Path or name of a bash, zsh or fish. Default: `SHELL` of the user, else bash. */
  readonly program?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a program is run for a state. */
export interface RunOptions {
  /** The folder to run it in, relative to the root. Default: the root. */
  readonly cwd?: string;
  /** Added to the environment; what is undefined is taken away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** When it is ended. Default: 20 min. */
  readonly deadlineMs?: number;
}

/** What a state says of its failure: each one sentence. */
export interface Failure {
  readonly tried?: string;
  readonly saw?: string;
  readonly do: string;
}

/** What a state works with. */
export interface StateContext {
  /** Absolute path of the prepared folder. */
  readonly root: string;
  /** `.prime` in it, for stamps. Not committed. */
  readonly stateFolder: string;
  /** Absolute path of the required Node, which runs this. */
  readonly node: string;
  readonly offline: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The environment of what is run: the user's without what injects code, the required Node and the packages' programs first on PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Says what happens now, in the line of this state. */
  say(text: string): void;
  /**
   * Runs a program to its end: by name as PATH finds it, or by path. It ends with the primer, however that ends, and has no stdin.
   * @returns what it printed on stdout
   * @throws PRIME_STATE_FAILED with the end of what it said, when its code is not 0 or the deadline passes; the primer ends with that code
   */
  run(program: string, args?: readonly string[], options?: RunOptions): Promise<string>;
  /** Writes a line into the log of this start, `.prime/logs`; what is said and run stands there already. */
  log(text: string): void;
  /** Absolute path of that log; the file appears with its first line. */
  readonly logFile: string;
  /**
   * The packages of a folder that has a lockfile of its own: checked, installed beside, compared and put in place as those of the root are.
   * Given to `reach`: the npm that installs, and what is added to its environment. The value is a key of what is installed.
   */
  packages(folder: string): Work<readonly [npm: PrimeNpm, env?: Readonly<Record<string, string>>], string>;
  /** A build, made and stamped as the one of the configuration is. The value is a key of what it was made from. */
  build(name: string, plan: BuildPlan): Work<readonly [], string>;
  /** All settings, with defaults filled in. Passwords in addresses are not shown. */
  settings(): readonly Setting[];
  /** Becomes a shell when the target is reached and the folder given back. `./prime shell -c LINE`, or a piped stdin, is its own to read. */
  shell(request: ShellRequest): void;
  /** Ends this state. @throws PRIME_STATE_FAILED */
  fail(message: string, failure: Failure): never;
}

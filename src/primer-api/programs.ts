// Programs that prepare their repository themselves, and what they may know of it. All of it is done by the kernel of that repository.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** An option of a boot main: `flag` is given or not, `text` has a value (`--region eu`, `--region=eu`). */
export type OptionKind = 'flag' | 'text';

/** What a command line gave for such options. */
export type ValuesOf<O extends Readonly<Record<string, OptionKind>>> = {
  readonly [K in keyof O]: O[K] extends 'flag' ? boolean : string | undefined;
};

/** What the primer understands of a command line. */
export interface PrimeArgs<O extends Readonly<Record<string, OptionKind>> = Record<never, OptionKind>> {
  readonly target: string | undefined;
  /** The environment that is asked for, by `--env` or `PRIME_ENV`. */
  readonly env: string | undefined;
  readonly offline: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
  /** Options of the program's own, by name. */
  readonly values: ValuesOf<O>;
  /** Everything after `--`. */
  readonly rest: readonly string[];
}

/** How a program is started. */
export interface StartOptions {
  /** The state that is reached before. Default: `packages`. */
  readonly target?: string;
  /** The folder to prepare, below that of the kernel and relative to it. Default: that of the kernel. */
  readonly folder?: string;
}

/** How a boot main is started. */
export interface BootOptions<O extends Readonly<Record<string, OptionKind>>> extends StartOptions {
  /** Options of its own, beside those of the primer. */
  readonly options?: O;
}

/** The configuration as it counts, defaults filled in. Paths are relative to `root` unless they say otherwise. */
export interface PrimeSettings {
  /** Absolute path of the prepared folder. */
  readonly root: string;
  /** The Node that this machine needs. */
  readonly node: string;
  /** Where `./prime` prepares to. */
  readonly target: string;
  readonly apps: Readonly<Record<string, { readonly main: string; readonly target: string; readonly does: string }>>;
  readonly tasks: Readonly<Record<string, { readonly main: string; readonly target: string; readonly does: string }>>;
  /** The selected environment, with its folder relative to `root`; null when there is none. */
  readonly environment: { readonly name: string; readonly folder: string } | null;
  /** Data of the repository; those of the environment win by name. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The module that adds states; null when there is none. */
  readonly states: { readonly module: string; readonly needs: string; readonly overrides: readonly string[] } | null;
}

/** Whose configuration. */
export interface ConfigOptions {
  /** A folder below that of the kernel, relative to it. Default: that of the kernel. */
  readonly folder?: string;
}

/** What a kernel offers to programs. */
export interface KernelFace {
  startApp(main: string, options?: StartOptions): Promise<void>;
  bootEnv<const O extends Readonly<Record<string, OptionKind>> = Record<never, OptionKind>>(
    main: string,
    options?: BootOptions<O>,
  ): Promise<void>;
  getConfig(options?: ConfigOptions): PrimeSettings;
  parsePrimeArgs<const O extends Readonly<Record<string, OptionKind>> = Record<never, OptionKind>>(
    argv?: readonly string[],
    options?: O,
  ): PrimeArgs<O>;
}

/** Where the kernel of this process is found by modules that were installed. */
export const FACE: unique symbol = Symbol.for('prime.kernel') as never;

const KERNEL = 'proto_kernel.cjs';

/** The kernel that started this process, else the one in the folder of its program or the nearest above. @throws Error with code PRIME_NO_KERNEL */
function kernel(): KernelFace {
  const here = Reflect.get(globalThis, FACE) as KernelFace | undefined;
  if (here !== undefined) return here;
  const began = path.dirname(path.resolve(process.argv[1] ?? 'program'));
  for (let folder = began; ; folder = path.dirname(folder)) {
    const file = path.join(folder, KERNEL);
    if (existsSync(file)) return createRequire(file)(file) as KernelFace;
    if (path.dirname(folder) === folder)
      throw Object.assign(new Error(`no ${KERNEL} in ${began} or above: npx resprout prime init writes it`), { code: 'PRIME_NO_KERNEL' });
  }
}

/**
 * Runs a program in the prepared repository: in its Node, with its packages. Whatever Node runs the caller, it starts the same script again in
 * the required one, with the same arguments; there it prepares what is missing and calls the export. All of `process.argv` belongs to the
 * program, and nothing of the primer is in its environment. Failures are printed, with the exit code of their code; a number that the export
 * returns is the exit code.
 * @param main `FILE:EXPORT`, relative to the folder of the kernel; without EXPORT it is `default`, else `main`
 */
export function startApp(main: string, options?: StartOptions): Promise<void> {
  return kernel().startApp(main, options);
}

/**
 * As `startApp`, for programs that are a part of preparing: the options of `./prime` count (`--offline`, `--target`, `--quiet`, …), besides
 * those that are named here. The export is called with what was parsed; it can parse the same arguments itself by `parsePrimeArgs`.
 */
export function bootEnv<const O extends Readonly<Record<string, OptionKind>> = Record<never, OptionKind>>(
  main: string,
  options?: BootOptions<O>,
): Promise<void> {
  return kernel().bootEnv(main, options);
}

/** The configuration of the repository. Reads its files and changes nothing. @throws PRIME_CONFIG_INVALID */
export function getConfig(options?: ConfigOptions): PrimeSettings {
  return kernel().getConfig(options);
}

/**
 * Parses a command line as `bootEnv` does.
 * @param argv default: what this process was started with
 * @param options options besides those of `./prime`
 * @throws PRIME_USAGE
 */
export function parsePrimeArgs<const O extends Readonly<Record<string, OptionKind>> = Record<never, OptionKind>>(
  argv?: readonly string[],
  options?: O,
): PrimeArgs<O> {
  return kernel().parsePrimeArgs(argv, options);
}

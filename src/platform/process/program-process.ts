/** What a program finds in its process. */
export interface ProgramProcess {
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the program: `process.argv` from 2 on. */
  readonly argv: readonly string[];
  /** `process.argv[1]`; undefined: it stays the file that this process runs, so that no module takes itself for it. */
  readonly file?: string | undefined;
}

/** Makes this process look to a program as if it had been started for it alone. Before any user module is loaded. */
export function becomeProgram({ env, argv, file }: ProgramProcess): void {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(env, name)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) process.env[name] = value;
  if (file !== undefined) process.argv[1] = file;
  process.argv.splice(2, process.argv.length - 2, ...argv);
}

/** Who hears of what Node finds unhandled in this process. */
export interface UncaughtListener {
  /** An exception in a callback, or a rejection without a handler. */
  onError(error: unknown, how: 'uncaughtException' | 'unhandledRejection', promise?: unknown): void;
  /** A rejection that `onError` was told of has got a handler. */
  onHandled(promise: unknown): void;
}

/** Told of errors that nobody caught. Without it Node ends the process. */
export function onUncaught({ onError, onHandled }: UncaughtListener): void {
  process.on('uncaughtException', (error) => onError(error, 'uncaughtException'));
  process.on('unhandledRejection', (error, promise) => onError(error, 'unhandledRejection', promise));
  process.on('rejectionHandled', (promise) => onHandled(promise));
}

/** Stacks of this process name the places of the source, where a script brings its map. */
export function useSourceMaps(): void {
  process.setSourceMapsEnabled(true);
}

/** Loads a package file or a builtin with Node's own loader, which every part of the process shares. */
export async function importUrl(url: string): Promise<object> {
  return (await import(url)) as object;
}

// Programs that start the primer themselves: `startApp`, `bootEnv`, `getConfig`, `parsePrimeArgs` of this kernel.
// hop 1 (any Node): the required one is found or fetched; then the same script starts again in it, with the same arguments.
// hop 2 (the required Node): the target is reached, what is ours leaves the environment, the export is called in this same process.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BootOptions, ConfigOptions, KernelFace, OptionKind, PrimeArgs, PrimeSettings, StartOptions } from '../primer-api/programs.ts';
import { checkEnvironment, fail, inFolder, reachTarget } from './boot.ts';
import { optionsOf, parseBootLine } from './command-line.ts';
import { readConfig, requiredNode, type Asked, type PrimeConfig } from './config/config.ts';
import type { PrimeOptions } from './context.ts';
import { lstat } from './files.ts';
import { bootHelp } from './help.ts';
import { PrimeError } from './problem.ts';
import { goOnWith, withoutOurs } from './processes/hand-over.ts';

/** Set for the script that another Node hands over to: it does not hand over again. */
const AGAIN = 'PRIME_AGAIN';

type Main = (args?: unknown) => unknown;

interface Start {
  readonly main: string;
  readonly target: string;
  readonly options: PrimeOptions;
  readonly asked: Asked;
  /** A boot ends where the link to the environment and the configuration disagree. */
  readonly isBoot: boolean;
  /** What the export is called with. */
  readonly given: readonly unknown[];
}

async function mainOf(root: string, text: string): Promise<Main> {
  const [, name = text, wanted] = /^(.*):([A-Za-z_$][\w$]*)$/.exec(text) ?? [];
  const file = path.resolve(root, name);
  const missing = (message: string, saw?: string): PrimeError =>
    new PrimeError('PRIME_NO_MAIN', message, {
      at: file,
      ...(saw === undefined ? {} : { saw }),
      do: 'Correct FILE:EXPORT where it is started',
    });
  if (lstat(file) === undefined) throw missing(`there is no ${name} in ${root}`);
  const loaded = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const found = wanted === undefined ? (loaded['default'] ?? loaded['main']) : loaded[wanted];
  if (typeof found !== 'function')
    throw missing(`${name} exports no function ${wanted ?? 'default or main'}`, `exports: ${Object.keys(loaded).join(', ') || 'none'}`);
  return found as Main;
}

/** An error of the program itself is none of ours: whoever called gets it, else Node shows it and ends. Before Node 15 it would end well. */
function ofProgram(error: unknown): unknown {
  if (Number(process.versions.node.split('.')[0]) < 15) process.exitCode = 1;
  return error;
}

async function start(kernel: string, { main, target, options, asked, isBoot, given }: Start): Promise<void> {
  const isAgain = process.env[AGAIN] !== undefined;
  delete process.env[AGAIN];
  let found: Main;
  try {
    const config = readConfig(path.dirname(kernel), asked);
    if (isBoot) checkEnvironment(config);
    const hop = { isWild: false, isPassing: false, isAgain };
    const next = await inFolder(config, kernel, options, hop, (context, graph) => reachTarget(hop, context, graph, target));
    if (next !== undefined) {
      goOnWith(next, process.argv.slice(1), { ...process.env, [AGAIN]: '1' });
      // From here on the other Node is this program.
      return await new Promise(() => undefined);
    }
    withoutOurs();
    found = await mainOf(config.root, main);
  } catch (error) {
    if (error instanceof PrimeError || isOfSystem(error)) return fail(error);
    throw ofProgram(error);
  }
  try {
    const code = await found(...given);
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    throw ofProgram(error);
  }
}

const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

const environmentOf = ({ leaps }: PrimeConfig): PrimeSettings['environment'] => {
  const { selected } = leaps.selection;
  return selected === undefined ? null : { name: selected.name, folder: selected.folder };
};

const settingsOf = (config: PrimeConfig): PrimeSettings => ({
  root: config.root,
  node: requiredNode(config).text,
  target: config.target,
  apps: config.apps,
  tasks: config.tasks,
  environment: environmentOf(config),
  values: config.values,
  states: config.states ?? null,
});

/** What the kernel offers to programs. @param kernel its own file */
export const faceOf = (kernel: string): KernelFace => ({
  startApp: (main: string, { target = 'packages', folder }: StartOptions = {}): Promise<void> =>
    start(kernel, {
      main,
      target,
      options: optionsOf(process.env),
      asked: { served: folder, env: process.env['PRIME_ENV'] },
      isBoot: false,
      given: [],
    }),

  bootEnv: async <O extends Readonly<Record<string, OptionKind>>>(main: string, options: BootOptions<O> = {}): Promise<void> => {
    let args: PrimeArgs<O>;
    try {
      args = parseBootLine(process.argv.slice(2), process.env, options.options ?? ({} as O));
    } catch (error) {
      return fail(error);
    }
    if (args.help) {
      process.stdout.write(bootHelp(path.basename(process.argv[1] ?? ''), options.options ?? {}));
      return undefined;
    }
    return start(kernel, {
      main,
      target: args.target ?? options.target ?? 'packages',
      options: args,
      asked: { served: options.folder, env: args.env },
      isBoot: true,
      given: [args],
    });
  },

  getConfig: ({ folder }: ConfigOptions = {}): PrimeSettings =>
    settingsOf(readConfig(path.dirname(kernel), { served: folder, env: process.env['PRIME_ENV'] })),

  parsePrimeArgs: <O extends Readonly<Record<string, OptionKind>>>(
    argv: readonly string[] = process.argv.slice(2),
    options: O = {} as O,
  ): PrimeArgs<O> => parseBootLine(argv, process.env, options),
});

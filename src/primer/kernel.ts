// The kernel: entry of proto_kernel.cjs. `node proto_kernel.cjs APP ARGS…`, where APP is `prime` or an app of the configuration.
// hop 1 (`@wild`, any Node from 12 on): finds or fetches the required Node, then tells the launcher to go on.
// hop 2 (the required Node): reaches the target state, then runs the program in this same process.
// Modules of a client that are loaded then may take the helpers for states from this file, too.
import path from 'node:path';
import { initFolder, initText, ownKernel } from './adopt/init.ts';
import { writeFiles } from './adopt/write-files.ts';
import { answer } from './answers.ts';
import { checkEnvironment, fail, failAsJson, inFolder, reachTarget, shellTarget, type Hop } from './boot.ts';
import { optionsOf, parsePrimeLine, type PrimeArguments } from './command-line.ts';
import { readConfig, isRequired, type Entry, type PrimeConfig } from './config/config.ts';
import { FACE, type KernelFace } from '../primer-api/programs.ts';
import type { ShellRequest } from '../primer-api/state-context.ts';
import { guard } from './processes/guard.ts';
import { goOnWith, runChild, runProgram, taskEnvironment, withoutOurs } from './processes/hand-over.ts';
import { AGAIN_MODE, GUARD_MODE, INIT_MODE, PASSING_MODE, READY_CODE, WILD_MODE, WRITE_MODE } from './processes/modes.ts';
import { PrimeError } from './problem.ts';
import { shellFor } from './processes/shell.ts';
import { faceOf } from './programs.ts';
import { forget } from './states/forget.ts';

declare const __filename: string;
declare const module: unknown;
declare const require: { readonly main: unknown };

export { entryText, launcherText } from './launcher/texts.ts';
export { defineState, proto, replaceState, wrapState } from '../primer-api/state.ts';
export { annotate, annotatedConfig } from '../primer-states/annotated-config.ts';
export { built } from '../primer-states/built.ts';
export { envFile } from '../primer-states/env-file.ts';
export { gitHooks } from '../primer-states/git-hooks.ts';
export { packages } from '../primer-states/packages.ts';
export { createScriptLog } from '../primer-states/script-log.ts';
export { scriptLogger } from '../primer-states/script-logger.ts';
export { shell } from '../primer-states/shell.ts';

const face = faceOf(__filename);
export const startApp: KernelFace['startApp'] = face.startApp;
export const bootEnv: KernelFace['bootEnv'] = face.bootEnv;
export const getConfig: KernelFace['getConfig'] = face.getConfig;
export const parsePrimeArgs: KernelFace['parsePrimeArgs'] = face.parsePrimeArgs;

const PRIME_APP = 'prime';
const FLOOR = 12;

interface Run extends Hop {
  readonly app: string;
  /** The folder that is served, relative to that of the kernel. */
  readonly served: string;
  readonly args: readonly string[];
}

/** The app or task to run, with where to prepare to. */
function entryOf(config: PrimeConfig, run: Run, parsed: PrimeArguments | undefined): Entry | undefined {
  if (parsed !== undefined) return parsed.task === undefined ? undefined : config.tasks[parsed.task];
  const app = config.apps[run.app];
  if (app !== undefined) return app;
  throw new PrimeError('PRIME_CONFIG_INVALID', `there is no app named ${run.app}`, {
    saw: `apps: ${Object.keys(config.apps).join(', ')}`,
    do: 'Add it to apps in prime.config.json',
  });
}

const PREPARING: readonly string[] = ['boot', 'reboot', 'shell'];

/** Reads command line and configuration. Which words are tasks says the configuration, which environment counts the command line. */
function understand({ app, args, served }: Run): { readonly config: PrimeConfig; readonly parsed: PrimeArguments | undefined } {
  const read = (env: string | undefined): PrimeConfig => readConfig(path.dirname(__filename), { served, env });
  const config = read(process.env['PRIME_ENV']);
  if (app !== PRIME_APP) return { config, parsed: undefined };
  const parsed = parsePrimeLine(args, process.env, Object.keys(config.tasks));
  if (parsed.env === process.env['PRIME_ENV']) return { config, parsed };
  const ofAsked = read(parsed.env);
  return { config: ofAsked, parsed: parsePrimeLine(args, process.env, Object.keys(ofAsked.tasks)) };
}

async function main(run: Run): Promise<void> {
  const { config, parsed } = understand(run);
  // Apps and tasks follow the link; who prepares wants it to be what the configuration says.
  if (parsed !== undefined && parsed.task === undefined && PREPARING.includes(parsed.command)) checkEnvironment(config);
  const entry = entryOf(config, run, parsed);
  const options = parsed ?? optionsOf(process.env);
  let isAnswered = false;
  let shell: ShellRequest | undefined;
  const next = await inFolder(config, __filename, options, run, async (context, graph) => {
    isAnswered = parsed !== undefined && (await answer(context, graph, parsed));
    if (isAnswered) return undefined;
    const isShell = parsed?.command === 'shell';
    // Hops before the last forget nothing: they prepare the Node that it runs on.
    if (parsed?.command === 'reboot' && !run.isWild && isRequired(config)) await forget(context);
    const usual = isShell && !run.isWild ? await shellTarget(context, graph) : config.target;
    const going = await reachTarget(run, context, graph, parsed?.target ?? entry?.target ?? usual);
    shell = context.shell ?? (isShell ? {} : undefined);
    return going;
  });
  if (isAnswered) return;
  if (run.isWild) process.exitCode = READY_CODE;
  else if (next !== undefined)
    goOnWith(next, [__filename, AGAIN_MODE, run.served === '' ? run.app : `${run.app}@${run.served}`, ...run.args]);
  else if (entry !== undefined) {
    if (parsed !== undefined) taskEnvironment(config.root);
    withoutOurs();
    runProgram(path.join(config.root, entry.main), parsed?.taskArguments ?? run.args);
  } else if (shell !== undefined) {
    taskEnvironment(config.root);
    withoutOurs();
    const { file, args, env } = shellFor(
      shell,
      parsed?.line,
      path.join(config.root, '.prime', 'shell'),
      path.basename(config.root),
      process.env,
    );
    runChild(file, args, env);
  }
}

function init(folder: string, json: boolean): void {
  const done = initFolder(__filename, folder);
  process.stdout.write(json ? `${JSON.stringify({ ok: true, value: done })}\n` : initText(done));
}

function write(folder: string): void {
  for (const name of writeFiles(folder, ownKernel(__filename).text)) process.stdout.write(`${name}\n`);
}

function begin(): void {
  const [first = PRIME_APP, ...rest] = process.argv.slice(2);
  if (first === GUARD_MODE) return guard(rest[0] ?? '', rest.slice(1));
  if (first === INIT_MODE || first === WRITE_MODE) {
    try {
      return first === INIT_MODE ? init(rest[0] ?? '.', rest.includes('--json')) : write(rest[0] ?? '.');
    } catch (error) {
      return rest.includes('--json') ? failAsJson(error) : fail(error);
    }
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major < FLOOR)
    return fail(
      new PrimeError('PRIME_NO_NODE', `Node ${process.versions.node} is too old even to begin`, {
        do: `Put a Node from ${FLOOR} on first on PATH`,
      }),
    );
  if (process.platform === 'win32') return fail(new PrimeError('PRIME_PLATFORM', 'Windows is not supported', { do: 'Use WSL' }));
  const mode = [WILD_MODE, PASSING_MODE, AGAIN_MODE].find((name) => name === first);
  const [called = PRIME_APP, ...args] = mode === undefined ? [first, ...rest] : rest;
  // `APP@FOLDER` for a folder below that of the kernel.
  const [, app = called, served = ''] = /^([^@]+)@(.+)$/.exec(called) ?? [];
  const isPassing = mode === PASSING_MODE;
  main({ app, served, args, isWild: isPassing || mode === WILD_MODE, isPassing, isAgain: mode === AGAIN_MODE }).catch(fail);
}

// Only the first one that is loaded serves a process: a program of another repository stays with its own.
if (!(FACE in globalThis)) Object.defineProperty(globalThis, FACE, { value: face });
if (require.main === module) begin();

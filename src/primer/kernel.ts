// The kernel: entry of proto_kernel.cjs. `node proto_kernel.cjs APP ARGS…`, where APP is `prime` or an app of the configuration.
// hop 1 (`@wild`, any Node from 12 on): finds or fetches the required Node, then tells the launcher to go on.
// hop 2 (the required Node): reaches the target state, then runs the program in this same process.
import path from 'node:path';
import { builtState } from './states/built-state.ts';
import { optionsOf, parsePrimeArgs, type PrimeArguments } from './command-line.ts';
import { readConfig, requiredNode, type Entry, type PrimeConfig } from './config.ts';
import { PrimeContext, type PrimeOptions } from './context.ts';
import { evaluate } from './states/evaluate.ts';
import { removeTree } from './files.ts';
import { Graph } from './states/graph.ts';
import { guard } from './processes/guard.ts';
import { goOnWith, runProgram, taskEnvironment } from './processes/hand-over.ts';
import { graphText, helpText } from './help.ts';
import { listenForInterruptions } from './processes/interruptions.ts';
import { GUARD_MODE, READY_CODE, WILD_MODE } from './processes/modes.ts';
import { nodeState } from './states/node-state.ts';
import { PrimeError, toError } from './problem.ts';
import { progressOn } from './screen/progress.ts';
import { exitOf, renderProblem } from './screen/render-problem.ts';
import { styleFor } from './screen/style.ts';

declare const __filename: string;

const PRIME_APP = 'prime';
const FLOOR = 12;

const say = (text: string): void => {
  process.stderr.write(text);
};
const style = styleFor(process.stderr.isTTY, process.env);

interface Run {
  readonly app: string;
  readonly args: readonly string[];
  readonly isWild: boolean;
}

function contextFor(config: PrimeConfig, options: PrimeOptions, isWild: boolean): PrimeContext {
  return new PrimeContext({
    config,
    kernel: __filename,
    env: process.env,
    options,
    progress: progressOn(say, style, options.quiet, () => process.stderr.columns ?? 80),
    interruptions: listenForInterruptions((text) => say(`${text}\n`), isWild ? process.ppid : undefined),
    say,
  });
}

/** Answers that need no other Node and change nothing. True when it was one of them. */
function answer(context: PrimeContext, graph: Graph, parsed: PrimeArguments): boolean {
  if (parsed.help) process.stdout.write(helpText(context.config));
  else if (parsed.command === 'graph') process.stdout.write(graphText(graph.states));
  else if (parsed.command === 'eval') process.stdout.write(`${JSON.stringify(evaluate(context, graph.states), null, 2)}\n`);
  else if (parsed.dry) {
    for (const state of graph.states) {
      const { fresh, why } = state.look(context);
      say(
        `${fresh ? style.green(style.done) : style.busy} ${state.name.padEnd(10)} ${fresh ? 'nothing to do' : 'would be prepared'}: ${why}\n`,
      );
    }
  } else return false;
  return true;
}

function forget(context: PrimeContext): void {
  for (const name of ['built', 'sources', 'node']) removeTree(path.join(context.stateFolder, name));
  for (const folder of context.config.built.clean) removeTree(path.join(context.config.root, folder));
  removeTree(path.join(context.config.root, 'node_modules', '.prime-stamp'));
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

async function main(run: Run): Promise<void> {
  const config = readConfig(path.dirname(__filename));
  const parsed = run.app === PRIME_APP ? parsePrimeArgs(run.args, process.env, Object.keys(config.tasks)) : undefined;
  const entry = entryOf(config, run, parsed);
  const context = contextFor(config, parsed ?? optionsOf(process.env), run.isWild);
  const graph = new Graph([builtState]);
  const target = graph.find(parsed?.target ?? entry?.target ?? 'built');
  try {
    if (parsed !== undefined && answer(context, graph, parsed)) return;
    if (process.versions.node !== requiredNode(config)) {
      const node = (await graph.reach(context, nodeState)) as string;
      context.interruptions.end();
      if (run.isWild) process.exitCode = READY_CODE;
      else goOnWith(node, [__filename, run.app, ...run.args]);
      return;
    }
    if (run.isWild) {
      await graph.reach(context, nodeState);
      process.exitCode = READY_CODE;
      return;
    }
    if (parsed?.command === 'reboot') {
      await context.own();
      forget(context);
    }
    await graph.reach(context, target);
  } finally {
    context.release();
    context.interruptions.end();
  }
  if (entry === undefined) return;
  if (parsed !== undefined) taskEnvironment(config.root);
  runProgram(path.join(config.root, entry.main), parsed?.taskArguments ?? run.args);
}

function fail(thrown: unknown): void {
  const error = toError(thrown);
  const verbose = process.env['PRIME_VERBOSE'] === '1' || process.argv.includes('--verbose') || !(error instanceof PrimeError);
  say(`${renderProblem(error, style, verbose).join('\n')}\n`);
  process.exitCode = exitOf(error);
}

function begin(): void {
  const [first = PRIME_APP, ...rest] = process.argv.slice(2);
  if (first === GUARD_MODE) return guard(rest[0] ?? '', rest.slice(1));
  const major = Number(process.versions.node.split('.')[0]);
  if (major < FLOOR)
    return fail(
      new PrimeError('PRIME_NO_NODE', `Node ${process.versions.node} is too old even to begin`, {
        do: `Put a Node from ${FLOOR} on first on PATH`,
      }),
    );
  if (process.platform === 'win32') return fail(new PrimeError('PLATFORM_UNSUPPORTED', 'Windows is not supported', { do: 'Use WSL' }));
  const isWild = first === WILD_MODE;
  const [app = PRIME_APP, ...args] = isWild ? rest : [first, ...rest];
  main({ app, args, isWild }).catch(fail);
}

begin();

// From a folder to a reached target, in whatever Node this is: what `./prime`, apps, `startApp` and `bootEnv` have in common.
import { isRequired, requiredNode, type PrimeConfig } from './config/config.ts';
import { pointLink } from './config/environments.ts';
import { PrimeContext, type PrimeOptions } from './context.ts';
import { extendGraph, needsClient } from './meta/extend-graph.ts';
import { PrimeError, toError } from './problem.ts';
import { exitOf, renderProblem } from './screen/render-problem.ts';
import { systemProblem } from './system-problem.ts';
import { listenForInterruptions } from './processes/interruptions.ts';
import { CHAIN, type ChainLog } from './screen/chain-log.ts';
import { progressOn, type Progress } from './screen/progress.ts';
import { styleFor, type Style } from './screen/style.ts';
import { builtState } from './states/built-state.ts';
import { Graph } from './states/graph.ts';
import { nodeState } from './states/node-state.ts';
import { npmState } from './states/npm-state.ts';
import { packagesState } from './states/packages-state.ts';

/** Prints on stderr. */
export const say = (text: string): void => {
  process.stderr.write(text);
};

let known: Style | undefined;

/** How stderr is written to. Asked late: to look at a stream opens it, and most starts have nothing to say. */
export const style = (): Style => (known ??= styleFor(process.stderr.isTTY, process.env));

/** Progress on stderr, from the first thing on that there is to say. */
function lateProgress(quiet: boolean): Progress {
  let made: Progress | undefined;
  const progress = (): Progress => (made ??= progressOn(say, style(), quiet, () => process.stderr.columns ?? 80));
  return { step: (name) => progress().step(name), line: (text) => progress().line(text) };
}

/** Where this process is on the way to the program. */
export interface Hop {
  /** On any Node, to find the required one. */
  readonly isWild: boolean;
  /** On a Node that the launcher removes afterwards. */
  readonly isPassing: boolean;
  /** Another Node handed over to this one. */
  readonly isAgain: boolean;
}

/** The log of this process, once there is one. */
let log: ChainLog | undefined;

/** The process that the launcher becomes, or the first of a chain without launcher: it names what all hops do together. */
const chainOf = ({ isWild }: Hop): number => (isWild ? process.ppid : Number(process.env[CHAIN] ?? process.pid));

/** Makes the context of this process. */
function contextFor(config: PrimeConfig, kernel: string, options: PrimeOptions, hop: Hop): PrimeContext {
  const { isWild, isPassing } = hop;
  const context = new PrimeContext({
    config,
    kernel,
    isPassing,
    env: process.env,
    options,
    progress: lateProgress(options.quiet),
    interruptions: listenForInterruptions((text) => say(`${text}\n`), isWild ? process.ppid : undefined),
    say,
    chain: chainOf(hop),
  });
  log = context.log;
  return context;
}

const protoGraph = ({ built }: PrimeConfig): Graph =>
  new Graph([nodeState, npmState, packagesState, ...(built === undefined ? [] : [builtState])]);

/** Works in a folder: with its graph, until all that was begun there has ended and the folder is given back. */
export async function inFolder<T>(
  config: PrimeConfig,
  kernel: string,
  options: PrimeOptions,
  hop: Hop,
  work: (context: PrimeContext, graph: Graph) => Promise<T>,
): Promise<T> {
  const context = contextFor(config, kernel, options, hop);
  const graph = protoGraph(config);
  // What is prepared names programs that will be run: nobody else may write there, whatever the user allows for other files.
  const mask = process.umask(0o022);
  process.umask(mask | 0o022);
  try {
    return await work(context, graph);
  } finally {
    // A state that failed leaves those that ran beside it to their end.
    await graph.settled();
    try {
      context.release();
    } finally {
      context.interruptions.end();
      process.umask(mask);
    }
  }
}

/** Shows an error and sets the exit code of its code. */
export function fail(thrown: unknown): void {
  const caught = toError(thrown);
  const error = systemProblem(caught) ?? caught;
  const verbose = process.env['PRIME_VERBOSE'] === '1' || process.argv.includes('--verbose') || !(error instanceof PrimeError);
  // A start that failed before it did anything leaves no log.
  if (log !== undefined && log.isBegun) log.write(renderProblem(error, styleFor(false, {}), true).join('\n'));
  const lines = renderProblem(error, style(), verbose, log !== undefined && log.isBegun ? log.file : undefined);
  say(`${lines.join('\n')}\n`);
  process.exitCode = exitOf(error);
}

/** The same as the one line that `--json` of the command line gives. */
export function failAsJson(thrown: unknown): void {
  const caught = toError(thrown);
  const error = systemProblem(caught) ?? caught;
  const { code, problem } = error instanceof PrimeError ? error : { code: 'PRIME_INTERNAL', problem: { do: 'Report it' } };
  const exit = exitOf(error);
  process.stdout.write(`${JSON.stringify({ ok: false, problem: { code, message: error.message, ...problem }, exit })}\n`);
  process.exitCode = exit;
}

/** Ends a boot where the link to the environment and the configuration disagree. @throws PrimeError PRIME_ENVIRONMENT */
export function checkEnvironment({ leaps }: PrimeConfig): void {
  if (leaps.selection.conflict !== undefined) throw leaps.selection.conflict;
}

/** Points the link to the selected environment, where that was asked for or there is none. */
function settleEnvironment(context: PrimeContext): void {
  const { root, leaps } = context.config;
  const { selected } = leaps.selection;
  if (leaps.environments === undefined || selected === undefined || selected.from === 'link') return;
  checkEnvironment(context.config);
  context.makeStateFolder();
  pointLink(root, leaps.environments, selected);
}

/** A program that says one version when it is asked and another when it is used. */
function notTheSame(node: string, version: string): PrimeError {
  return new PrimeError('PRIME_NO_NODE', `what was started as Node ${version} is ${process.versions.node}`, {
    tried: `going on with ${node}`,
    saw: `${process.execPath} runs`,
    do: `Take ${node} off PATH, or install Node ${version} itself there`,
  });
}

/**
 * Reaches a target. A state that the kernel does not know is asked for again when the client's module is loaded.
 * @returns the Node to go on with when it is another one than this; undefined when all is ready
 * @throws PrimeError PRIME_NO_STATE, and those of the states
 */
export async function reachTarget(hop: Hop, context: PrimeContext, graph: Graph, target: string): Promise<string | undefined> {
  const { config } = context;
  const isForClient = !graph.isExtended && needsClient(graph, config.states, target);
  // A name that nobody can know is said before anything is fetched for it.
  if (!isForClient) graph.find(target);
  if (!isRequired(config) || hop.isWild) {
    const node = (await graph.reach(context, nodeState.name)) as string;
    if (hop.isAgain) throw notTheSame(node, requiredNode(config).text);
    return node;
  }
  settleEnvironment(context);
  if (isForClient && config.states !== undefined) {
    await graph.reach(context, config.states.needs);
    await extendGraph(graph, context, config.states);
  }
  await graph.reach(context, graph.find(target).name);
  return undefined;
}

/** Puts the client's states into the graph where that changes nothing: the right Node runs, and what the module needs is there. Whether it did. */
export async function extendWhereReady(context: PrimeContext, graph: Graph): Promise<boolean> {
  const { states } = context.config;
  if (states === undefined) return true;
  if (!isRequired(context.config)) return false;
  for (const name of graph.closureOf(states.needs)) {
    if (name === npmState.name) continue;
    if (!(await graph.find(name).look(context)).fresh) return false;
  }
  await extendGraph(graph, context, states);
  return true;
}

/** What `./prime shell` prepares to: the state `shell` of the repository, where it has one; else what `./prime` prepares to. */
export async function shellTarget(context: PrimeContext, graph: Graph): Promise<string> {
  const { states, target } = context.config;
  if (states === undefined || !isRequired(context.config)) return target;
  await graph.reach(context, states.needs);
  await extendGraph(graph, context, states);
  return graph.has('shell') ? 'shell' : target;
}

// State `built`: what the configuration's build makes, up to date with the sources.
// 1. The stamp is removed before a build begins and written after all outputs are there.
// 2. `.prime/building` exists exactly while a build runs or after one was killed: then its outputs cannot be trusted and go first.
// 3. `.prime/sources` lists what the last build that ended by itself has read. A source that changed without a newer time, or no list:
//    the outputs go first too, since tsc -b would take them for fresh.
import fs from 'node:fs';
import path from 'node:path';
import type { PrimeContext } from '../context.ts';
import { lstat, readText, removeTree, writeAtomic } from '../files.ts';
import { changedBackwards, packagesKey, sourceLines } from './fingerprint.ts';
import { defineState, type Look, type State } from './graph.ts';
import { hashOf } from '../cache/integrity.ts';
import { nodeState } from './node-state.ts';
import { packagesState } from './packages-state.ts';
import { PrimeError } from '../problem.ts';
import { lastLines } from '../processes/tool.ts';
import type { Step } from '../screen/progress.ts';

const BUILD_MS = 20 * 60_000;

const stampOf = (context: PrimeContext): string => path.join(context.stateFolder, 'built');
const markOf = (context: PrimeContext): string => path.join(context.stateFolder, 'building');
const listOf = (context: PrimeContext): string => path.join(context.stateFolder, 'sources');
const keyOf = (context: PrimeContext, sources: readonly string[]): string => hashOf(packagesKey(context), ...sources);

function look(context: PrimeContext): Look {
  const { root, built } = context.config;
  const missing = built.outputs.find((output) => lstat(path.join(root, output)) === undefined);
  if (missing !== undefined) return { fresh: false, why: `${missing} is missing` };
  if (lstat(markOf(context)) !== undefined) return { fresh: false, why: 'a build is running or was killed' };
  const stamp = readText(stampOf(context));
  if (stamp === undefined) return { fresh: false, why: 'it was not built by the primer' };
  return stamp === `${keyOf(context, sourceLines(root, built))}\n`
    ? { fresh: true, why: 'built from these sources' }
    : { fresh: false, why: 'sources or packages changed' };
}

/** Why the outputs of earlier builds have to go before the next one; undefined when they may stay. */
function whyClean(context: PrimeContext, sources: readonly string[]): string | undefined {
  if (lstat(markOf(context)) !== undefined) return 'removing what a killed build left';
  const list = readText(listOf(context));
  const builtMs = lstat(listOf(context))?.mtimeMs;
  if (list === undefined || builtMs === undefined) return 'removing what was built before';
  return changedBackwards(list.split('\n'), sources, builtMs) ? 'removing what older sources made' : undefined;
}

/** Runs the scripts of the plan. @throws PrimeError PRIME_BUILD_FAILED */
async function build(context: PrimeContext, node: string, step: Step): Promise<void> {
  const { root, built } = context.config;
  removeTree(stampOf(context));
  // Taken before the first script reads anything: an edit during the build makes the next start build again.
  const sources = sourceLines(root, built);
  const clean = whyClean(context, sources);
  writeAtomic(markOf(context), `${process.pid}\n`);
  if (clean !== undefined) {
    step.now(clean);
    for (const folder of built.clean) removeTree(path.join(root, folder));
  }
  const ended = (): void => {
    writeAtomic(listOf(context), `${sources.join('\n')}\n`);
    removeTree(markOf(context));
  };
  for (const [script = '', ...args] of built.run) {
    const shown = [path.basename(script), ...args].join(' ');
    step.now(shown);
    const run = await context.tool({ file: node, args: [path.join(root, script), ...args], cwd: root, deadlineMs: BUILD_MS });
    if (run.code === 0) continue;
    // It ended by itself, so what it wrote is whole: only a killed build leaves the mark.
    if (!run.timedOut && run.code < 128) ended();
    throw new PrimeError('PRIME_BUILD_FAILED', `${shown} failed`, {
      tried: `node ${[script, ...args].join(' ')} in ${root}`,
      saw: run.timedOut ? `no end within ${BUILD_MS / 60_000} min` : lastLines(run.output, 30) || `exit code ${run.code} and no output`,
      kept: 'The packages are installed',
      do: 'Correct what it says, then run it again',
    });
  }
  ended();
  const missing = built.outputs.find((output) => lstat(path.join(root, output)) === undefined);
  if (missing !== undefined)
    throw new PrimeError('PRIME_BUILD_FAILED', `the build ended well but ${missing} is missing`, {
      do: 'Correct built.run or built.outputs in prime.config.json',
    });
  writeAtomic(stampOf(context), `${keyOf(context, sources)}\n`);
}

/** The state. */
export const builtState: State<'built', readonly [typeof nodeState, typeof packagesState], void> = defineState({
  name: 'built',
  does: 'the outputs of the build, up to date with the sources',
  parents: [nodeState, packagesState],
  look,
  async reach(context, parents): Promise<void> {
    const node = await parents.node();
    await parents.packages();
    if (look(context).fresh) return;
    await context.own();
    if (look(context).fresh) return;
    fs.mkdirSync(context.stateFolder, { recursive: true });
    const step = context.progress.step('built');
    try {
      await build(context, node, step);
      step.done(`${context.config.built.run.length} steps`);
    } catch (error) {
      step.failed();
      throw error;
    }
  },
});

// A build: what its scripts make, up to date with the sources.
// 1. The stamp is removed before a build begins and written after all outputs are there.
// 2. `.prime/building` exists exactly while a build runs or after one was killed: then its outputs cannot be trusted and go first.
// 3. `.prime/sources` lists what the last build that ended by itself has read. A source that changed without a newer time, or no list:
//    the outputs go first too, since tsc -b would take them for fresh.
import path from 'node:path';
import { CONFIG_NAME, type BuildPlan } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import { lstat, readText, removeTree, syncTree, writeAtomic } from '../files.ts';
import { changedBackwards, packagesKey, sizeLines, sourceLines } from './fingerprint.ts';
import type { Look } from './graph.ts';
import { hashOf } from '../cache/integrity.ts';
import { PrimeError } from '../problem.ts';
import { lastLines } from '../processes/tool.ts';
import type { Step } from '../screen/progress.ts';

const BUILD_MS = 20 * 60_000;

/** A build: its plan, and the name by which its stamps are kept; '' for the one of the configuration. */
export interface Build {
  readonly name: string;
  readonly plan: BuildPlan;
}

const fileOf = (context: PrimeContext, kind: string, { name }: Build): string =>
  path.join(context.stateFolder, name === '' ? kind : `${kind}-${name}`);
const stampOf = (context: PrimeContext, build: Build): string => fileOf(context, 'built', build);
const markOf = (context: PrimeContext, build: Build): string => fileOf(context, 'building', build);
const listOf = (context: PrimeContext, build: Build): string => fileOf(context, 'sources', build);
const keyOf = (context: PrimeContext, { name, plan }: Build, sources: readonly string[]): string =>
  hashOf(packagesKey(context), ...(name === '' ? [] : [JSON.stringify(plan)]), ...sources);

/** A key of what a build is made from now. */
export const buildKey = (context: PrimeContext, build: Build): string =>
  keyOf(context, build, sourceLines(context.config.root, build.plan));

/** What the stamp says of the outputs: how many, and a hash of their names and sizes. Removed and torn files change it. */
const outputsOf = (context: PrimeContext, { plan }: Build): string => {
  const { root } = context.config;
  const lines = plan.outputs.reduce<string[]>((all, place) => [...all, ...sizeLines(root, place)], []);
  return `${lines.length} files ${hashOf(...lines)}`;
};

/** Whether it is up to date. */
export function lookAtBuild(context: PrimeContext, build: Build): Look {
  const { root } = context.config;
  const built = build.plan;
  const missing = built.outputs.find((output) => lstat(path.join(root, output)) === undefined);
  if (missing !== undefined) return { fresh: false, why: `${missing} is missing` };
  if (lstat(markOf(context, build)) !== undefined) return { fresh: false, why: 'a build is running or was killed' };
  const stamp = readText(stampOf(context, build));
  if (stamp === undefined) return { fresh: false, why: 'it was not built by the primer' };
  const [key, outputs] = stamp.split('\n');
  if (key !== keyOf(context, build, sourceLines(root, built))) return { fresh: false, why: 'sources or packages changed' };
  return outputs === outputsOf(context, build)
    ? { fresh: true, why: 'built from these sources' }
    : { fresh: false, why: 'what was built is not as it was' };
}

/** Why the outputs of earlier builds have to go before the next one; undefined when they may stay. */
function whyClean(context: PrimeContext, build: Build, sources: readonly string[]): string | undefined {
  if (lstat(markOf(context, build)) !== undefined) return 'removing what a killed build left';
  const [, outputs] = (readText(stampOf(context, build)) ?? '').split('\n');
  if (outputs !== undefined && outputs !== '' && outputs !== outputsOf(context, build)) return 'removing what is not as it was built';
  const list = readText(listOf(context, build));
  const builtMs = lstat(listOf(context, build))?.mtimeMs;
  if (list === undefined || builtMs === undefined) return 'removing what was built before';
  return changedBackwards(list.split('\n'), sources, builtMs) ? 'removing what older sources made' : undefined;
}

/** Runs the scripts of the plan. Only who owns the folder may. @throws PrimeError PRIME_BUILD_FAILED */
export async function runBuild(context: PrimeContext, build: Build, node: string, step: Step): Promise<void> {
  const { root } = context.config;
  const built = build.plan;
  const file = build.name === '' ? CONFIG_NAME : `state ${build.name}`;
  // Taken before the first script reads anything: an edit during the build makes the next start build again.
  const sources = sourceLines(root, built);
  const clean = whyClean(context, build, sources);
  removeTree(stampOf(context, build));
  writeAtomic(markOf(context, build), `${process.pid}\n`);
  if (clean !== undefined) {
    step.now(clean);
    for (const folder of built.clean) removeTree(path.join(root, folder));
  }
  const ended = (): void => {
    writeAtomic(listOf(context, build), `${sources.join('\n')}\n`);
    removeTree(markOf(context, build));
  };
  for (const [script = '', ...args] of built.run) {
    const shown = [path.basename(script), ...args].join(' ');
    step.now(shown);
    const run = await context.tool({ file: node, args: [path.join(root, script), ...args], cwd: root, deadlineMs: BUILD_MS });
    if (run.code === 0) continue;
    // It ended by itself, so what it wrote is whole: only a killed build leaves the mark.
    if (!run.timedOut && run.code < 128) ended();
    const problem = {
      tried: `node ${[script, ...args].join(' ')} in ${root}`,
      saw: run.timedOut ? `no end within ${BUILD_MS / 60_000} min` : lastLines(run.output, 30) || `exit code ${run.code} and no output`,
      kept: 'The packages are installed',
      do: 'Correct what it says, then run it again',
    };
    throw new PrimeError('PRIME_BUILD_FAILED', `${shown} failed`, problem, run.timedOut ? 0 : run.code);
  }
  ended();
  const missing = built.outputs.find((output) => lstat(path.join(root, output)) === undefined);
  if (missing !== undefined)
    throw new PrimeError('PRIME_BUILD_FAILED', `the build ended well but ${missing} is missing`, {
      do: `Correct run or outputs of the build in ${file}`,
    });
  for (const folder of built.clean) if (lstat(path.join(root, folder)) !== undefined) syncTree(path.join(root, folder));
  writeAtomic(stampOf(context, build), `${keyOf(context, build, sources)}\n${outputsOf(context, build)}\n`);
}

// What a state of a client gets to work with: a narrow face of the context, the same from kernel to kernel.
import path from 'node:path';
import type { Failure, PrimeNpm, RunOptions, StateContext } from '../../primer-api/state-context.ts';
import type { PrimeContext } from '../context.ts';
import { PrimeError } from '../problem.ts';
import { lastLines } from '../processes/tool.ts';
import type { Line } from '../screen/line.ts';
import type { Step } from '../screen/progress.ts';
import { buildKey, lookAtBuild, runBuild, type Build } from '../states/build.ts';
import { forgetKeys, packagesKey } from '../states/fingerprint.ts';
import { installPackages, lookAtPackages } from '../packages/install-packages.ts';

const RUN_MS = 20 * 60_000;

/** The environment of what a state runs: the required Node first on PATH, then the programs of the packages. */
function runEnv(context: PrimeContext): NodeJS.ProcessEnv {
  const env = context.toolEnv();
  const folders = [path.dirname(process.execPath), path.join(context.config.root, 'node_modules', '.bin'), env['PATH'] ?? ''];
  return { ...env, PATH: folders.filter((folder) => folder !== '').join(path.delimiter) };
}

/** Work that ends its step itself when it goes well. */
async function ending(step: Step, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    step.failed();
    throw error;
  }
}

/** Makes it. @param line where it says what happens */
export function stateContext(context: PrimeContext, name: string, line: Line): StateContext {
  const { root } = context.config;
  const env = runEnv(context);
  const fail = (message: string, failure: Failure, toolExit = 0): never => {
    throw new PrimeError('PRIME_STATE_FAILED', message, { at: `state ${name}`, ...failure }, toolExit);
  };
  const inside = (place: string): string => {
    const relative = path.relative(root, path.resolve(root, place));
    return relative.startsWith('..') ? fail(`${place} leads out of the folder`, { do: 'Name a folder below the root' }) : relative;
  };
  return {
    root,
    stateFolder: context.stateFolder,
    node: process.execPath,
    ...context.options,
    env,
    say: (text) => line.now(text),
    fail: (message, failure) => fail(message, failure),
    log: (text) => context.log.write(`${name}: ${text}`),
    logFile: context.log.file,
    settings: () => context.config.settings(),
    shell(request) {
      context.shell = request;
    },
    async run(program: string, args: readonly string[] = [], options: RunOptions = {}): Promise<string> {
      const shown = [path.basename(program), ...args].join(' ');
      const cwd = path.resolve(root, options.cwd ?? '.');
      const deadlineMs = options.deadlineMs ?? RUN_MS;
      line.now(shown);
      const ended = await context.tool({ file: program, args, cwd, env: { ...env, ...options.env }, deadlineMs });
      if (ended.code === 0) return ended.stdout;
      const saw = ended.timedOut
        ? `no end within ${deadlineMs / 1000} s`
        : lastLines(ended.output, 30) || `exit code ${ended.code} and no output`;
      const failure = { tried: `${[program, ...args].join(' ')} in ${cwd}`, saw, do: 'Correct what it says, then run it again' };
      return fail(`${shown} failed`, failure, ended.timedOut ? 0 : ended.code);
    },
    packages(folder) {
      const place = inside(folder);
      forgetKeys(context);
      return {
        look() {
          const seen = lookAtPackages(context, place);
          return seen.fresh ? { fresh: true, why: seen.why, value: packagesKey(context, place) } : { fresh: false, why: seen.why };
        },
        async reach(npm: PrimeNpm, more = {}) {
          await context.own();
          const step = context.progress.step(place === '' ? name : `${name} ${place}`);
          return ending(step, () => installPackages(context, { place, npm, env: more, step })).then(() => packagesKey(context, place));
        },
      };
    },
    build(stamp, plan) {
      const build: Build = { name: stamp, plan: { ...plan, ignored: plan.ignored ?? [] } };
      return {
        look() {
          const seen = lookAtBuild(context, build);
          return seen.fresh ? { fresh: true, why: seen.why, value: buildKey(context, build) } : { fresh: false, why: seen.why };
        },
        async reach() {
          await context.own();
          const step = context.progress.step(stamp);
          await ending(step, async () => {
            await runBuild(context, build, process.execPath, step);
            step.done(`${plan.run.length} steps`);
          });
          return buildKey(context, build);
        },
      };
    },
  };
}

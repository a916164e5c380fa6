import path from 'node:path';
import { ResproutError, exitCodeOf, toError } from '../../base/errors/errors.ts';
import { RunControl, listSessions, openStore, resolveSessionId, resumeSession, type SpawnedRunner } from '../../worker/index.ts';
import { parkOnSignals } from '../run/park-on-signals.ts';
import { jsonOf } from '../../platform/values/json-value.ts';
import { listLine, okLine } from '../render/values/json.ts';
import { problemJson, problemOf, renderProblem } from '../render/errors/problem.ts';
import { exitOf, problemOfResult, showEnd, type Ending } from '../run/run-end.ts';
import { RunScreen } from '../run/run-screen.ts';
import { recordOf, sessionError } from '../sessions/session-error.ts';
import { sessionOptions } from '../sessions/session-options.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { retain, type KeepOptions } from '../run/retain.ts';
import type { Terminal } from '../terminal.ts';

export interface ResumeCommandOptions extends KeepOptions {
  readonly build?: string | undefined;
  readonly takeOver?: boolean | undefined;
  readonly retry?: boolean | undefined;
  readonly from?: number | undefined;
  readonly repeatUnknown?: boolean | undefined;
  readonly grace?: number | undefined;
}

/** `resprout resume`: one session, several, or every interrupted one of the store. @returns the highest exit code */
export async function resume(
  texts: readonly string[],
  options: ResumeCommandOptions,
  terminal: Terminal,
  spawnedRunner: SpawnedRunner | undefined,
): Promise<number> {
  if (options.build !== undefined && texts.length === 0) {
    throw new ResproutError('USAGE', '--build needs the ids of the sessions that get the new build', {
      tried: 'resume every interrupted session with one build',
      kept: 'Nothing ran',
      do: `resprout resume SESSION --build ${options.build}`,
    });
  }
  checkRetry(texts, options);
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const ids =
    texts.length > 0 ? [...new Set(await Promise.all(texts.map((text) => resolveSessionId(store, text))))] : await interrupted(store);
  if (ids.length === 0) {
    if (options.json) terminal.stdout.write(okLine([]));
    else if (!options.quiet) terminal.stderr.write('no session of this store is interrupted\n');
    return 0;
  }
  const [only, ...others] = ids;
  const isOne = only !== undefined && others.length === 0;
  const exit = await (isOne ? resumeOne(only, options, terminal, spawnedRunner) : resumeAll(ids, options, terminal, spawnedRunner));
  await retain(store.folder, options, terminal);
  return exit;
}

/** Going back is asked for session by session: what a failed one does again is for a person to decide. */
function checkRetry(texts: readonly string[], { retry, from }: ResumeCommandOptions): void {
  if ((retry === true || from !== undefined) && texts.length === 0) {
    throw new ResproutError('USAGE', '--retry needs the ids of the sessions that go on', {
      tried: 'retry every failed session',
      kept: 'Nothing ran',
      do: 'resprout sessions --state failed, then resprout resume SESSION --retry',
    });
  }
  if (from !== undefined && texts.length > 1) {
    throw new ResproutError('USAGE', '--from is the number of an event of one session', {
      tried: `go on with ${texts.length} sessions from event ${from}`,
      kept: 'Nothing ran',
      do: `resprout resume SESSION --retry --from ${from}`,
    });
  }
}

async function interrupted(store: ReturnType<typeof openStore>): Promise<string[]> {
  const found = await listSessions(store, { states: ['interrupted', 'parked'] });
  return found.map((info) => info.sessionId);
}

async function resumeOne(
  sessionId: string,
  options: ResumeCommandOptions,
  terminal: Terminal,
  spawnedRunner: SpawnedRunner | undefined,
): Promise<number> {
  const control = new RunControl();
  using _signals = parkOnSignals([control], terminal);
  const screen = new RunScreen(sessionId, terminal, options);
  try {
    const ending = await goOn(sessionId, options, terminal, screen, control, spawnedRunner);
    showEnd(ending, screen, terminal, options);
    return exitOf(ending);
  } finally {
    screen.close();
  }
}

/** Several sessions side by side, each in a runner of its own, with plain lines. */
async function resumeAll(
  ids: readonly string[],
  options: ResumeCommandOptions,
  terminal: Terminal,
  spawnedRunner: SpawnedRunner | undefined,
): Promise<number> {
  const controls = ids.map(() => new RunControl());
  using _signals = parkOnSignals(controls, terminal);
  const endings = await Promise.all(
    ids.map(async (sessionId, i): Promise<{ exit: number; json: unknown }> => {
      const screen = new RunScreen(sessionId, terminal, options, false);
      try {
        const ending = await goOn(sessionId, options, terminal, screen, controls[i], i === 0 ? spawnedRunner : undefined);
        if (!options.json) showEnd(ending, screen, terminal, options);
        const { result, problem } = ending;
        const outcome = problem === undefined ? { value: jsonOf(result.value) } : { problem: problemJson(problem) };
        return { exit: exitOf(ending), json: { sessionId, state: result.state, ...outcome } };
      } catch (thrown) {
        // One session that cannot be resumed does not keep the others from going on.
        const error = toError(thrown);
        const known = error instanceof ResproutError ? error : new ResproutError('INTERNAL', error.message, {}, { cause: error });
        const problem = problemOf(known);
        if (!options.json) screen.say(renderProblem(problem, terminal.style, terminal.cwd).join('\n'));
        return { exit: exitCodeOf(known), json: { sessionId, problem: problemJson(problem) } };
      } finally {
        screen.close();
      }
    }),
  );
  const exit = Math.max(...endings.map((ending) => ending.exit));
  const values = endings.map((ending) => ending.json);
  if (options.json) terminal.stdout.write(listLine(values, exit));
  return exit;
}

async function goOn(
  sessionId: string,
  options: ResumeCommandOptions,
  terminal: Terminal,
  screen: RunScreen,
  control: RunControl | undefined,
  spawnedRunner: SpawnedRunner | undefined,
): Promise<Ending> {
  const given = sessionOptions(terminal, options, screen, control);
  const buildFile = options.build === undefined ? undefined : path.resolve(terminal.cwd, options.build);
  const { takeOver, retry, from, repeatUnknown } = options;
  try {
    const result = await resumeSession({ ...given, sessionId, buildFile, takeOver, retry, from, repeatUnknown, spawnedRunner });
    return { result, problem: await problemOfResult(result, given.storeFolder) };
  } catch (thrown) {
    const program = buildFile ?? (await recordOf(given.storeFolder, sessionId))?.info.file;
    throw sessionError(toError(thrown), {
      sessionId,
      program,
      isBuild: buildFile !== undefined,
      isRetry: retry === true || from !== undefined,
    });
  }
}

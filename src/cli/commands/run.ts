import { toError } from '../../base/errors/errors.ts';
import { checkSession, RunControl, runSession, type SpawnedRunner } from '../../worker/index.ts';
import { errorInProject } from '../sessions/absolute-place.ts';
import { readData } from '../arguments/data.ts';
import { parkOnSignals } from '../run/park-on-signals.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { exitOf, problemOfResult, showEnd } from '../run/run-end.ts';
import { RunScreen } from '../run/run-screen.ts';
import { hideEnv } from '../sessions/hide-secrets.ts';
import { sessionOptions } from '../sessions/session-options.ts';
import { retain, type KeepOptions } from '../run/retain.ts';
import type { Terminal } from '../terminal.ts';

export interface RunCommandOptions extends KeepOptions {
  readonly data?: string | undefined;
  readonly session?: string | undefined;
  readonly park?: boolean | undefined;
  readonly check?: boolean | undefined;
  readonly grace?: number | undefined;
}

/** `resprout run`: a new session in the foreground until it ends or parks. @returns the exit code */
export async function run(
  text: string,
  args: readonly string[],
  options: RunCommandOptions,
  terminal: Terminal,
  spawnedRunner: SpawnedRunner | undefined,
): Promise<number> {
  const { file, exportName } = parseProgram(text, terminal.cwd);
  hideEnv(terminal.env, { file });
  const data = await readData(options.data, terminal);
  const control = new RunControl();
  using _signals = parkOnSignals([control], terminal);
  const screen = new RunScreen(text, terminal, options);
  try {
    const given = sessionOptions(terminal, options, screen, control);
    const result = await runSession({
      ...given,
      file,
      exportName,
      data,
      argv: args,
      folder: terminal.cwd,
      sessionId: options.session,
      parkOnSleepMs: options.park ? 0 : undefined,
      spawnedRunner,
    });
    const ending = { result, problem: await problemOfResult(result, given.storeFolder) };
    showEnd(ending, screen, terminal, options);
    if (options.check === true && (result.state === 'done' || result.state === 'failed')) {
      const { events } = await checkSession({ ...given, output: undefined, sessionId: result.sessionId });
      if (!options.quiet && !options.json) terminal.stderr.write(checkedLine(events, terminal));
    }
    await retain(given.storeFolder, options, terminal);
    return exitOf(ending);
  } catch (thrown) {
    throw errorInProject(toError(thrown), file);
  } finally {
    screen.close();
  }
}

function checkedLine(events: number, { style }: Terminal): string {
  const what = `${String(events)} events, printed text and result agree, replayed and cut before the end`;
  return `${style.paint('green', style.symbols.done)} checked: ${what}\n`;
}

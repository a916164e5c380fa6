import path from 'node:path';
import { toError } from '../../base/errors/errors.ts';
import { openStore, replaySession, resolveSessionId } from '../../worker/index.ts';
import { okLine } from '../render/values/json.ts';
import { RunScreen } from '../run/run-screen.ts';
import { recordOf, sessionError } from '../sessions/session-error.ts';
import { sessionOptions } from '../sessions/session-options.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ReplayCommandOptions extends CommonOptions {
  readonly build?: string | undefined;
}

/** `resprout replay`: goes through the recorded events; nothing is called, opened or written. @returns 0 when the code agrees with them */
export async function replay(text: string, options: ReplayCommandOptions, terminal: Terminal): Promise<number> {
  const screen = new RunScreen(text, terminal, { ...options, quiet: !options.verbose });
  try {
    const given = sessionOptions(terminal, options, screen);
    const sessionId = await resolveSessionId(openStore({ folder: given.storeFolder, create: false }), text);
    const buildFile = options.build === undefined ? undefined : path.resolve(terminal.cwd, options.build);
    const result = await replaySession({ ...given, sessionId, buildFile }).catch(async (thrown: unknown) => {
      const program = buildFile ?? (await recordOf(given.storeFolder, sessionId))?.info.file;
      throw sessionError(toError(thrown), { sessionId, program, isBuild: buildFile !== undefined });
    });
    screen.close();
    const { replayed, events } = result;
    if (options.json) terminal.stdout.write(okLine({ sessionId, replayed, events }));
    else if (!options.quiet)
      terminal.stderr.write(`${okMark(terminal)} ${sessionId}: ${replayed} of ${events} recorded events agree with the code\n`);
    return 0;
  } finally {
    screen.close();
  }
}

function okMark({ style }: Terminal): string {
  return style.paint('green', style.symbols.done);
}

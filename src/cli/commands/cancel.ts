import { cancelSession, openStore, resolveSessionId } from '../../worker/index.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { problemOfResult, showEnd } from '../run/run-end.ts';
import { RunScreen } from '../run/run-screen.ts';
import { sessionOptions } from '../sessions/session-options.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface CancelCommandOptions extends CommonOptions {
  readonly grace?: number | undefined;
  readonly takeOver?: boolean | undefined;
}

/** `resprout cancel`: ends a session for good. @returns 0 when it has ended, else the exit code of what came in between */
export async function cancel(text: string, options: CancelCommandOptions, terminal: Terminal): Promise<number> {
  const screen = new RunScreen(text, terminal, options);
  try {
    const given = sessionOptions(terminal, options, screen);
    const sessionId = await resolveSessionId(openStore({ folder: given.storeFolder, create: false }), text);
    const result = await cancelSession({ ...given, sessionId, takeOver: options.takeOver });
    screen.close();
    if (result.state === 'lost' || result.state === 'parked') {
      const problem = await problemOfResult(result, given.storeFolder);
      showEnd({ result, problem }, screen, terminal, options);
      return result.exitCode;
    }
    if (options.json) terminal.stdout.write(okLine({ sessionId, state: result.state, note: result.note ?? null }));
    else if (!options.quiet) {
      terminal.stderr.write(`${sessionId} ${result.state}${result.note === undefined ? '' : `; ${safeLine(result.note)}`}\n`);
    }
    return 0;
  } finally {
    screen.close();
  }
}

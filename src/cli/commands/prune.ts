import { openStore, pruneSessions, type SessionInfo, type SessionState } from '../../worker/index.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { okLine } from '../render/values/json.ts';
import { programName } from '../render/values/program-name.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { buildsText, sessionsText } from '../sessions/removed-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface PruneCommandOptions extends CommonOptions {
  /** Milliseconds. */
  readonly olderThan: number;
  readonly state?: readonly SessionState[] | undefined;
  readonly dryRun?: boolean | undefined;
}

/** `resprout prune`: removes old sessions that nobody runs. @returns 0 */
export async function prune(options: PruneCommandOptions, terminal: Terminal): Promise<number> {
  const { olderThan, state, dryRun = false, json, quiet } = options;
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const { sessions, builds } = await pruneSessions(store, { olderThanMs: olderThan, states: state, dryRun, command: 'resprout prune' });
  if (json) terminal.stdout.write(okLine({ dryRun, sessions: sessions.map(({ sessionId }) => sessionId), builds }));
  else {
    if (dryRun) for (const line of lines(sessions, terminal)) terminal.stdout.write(`${line}\n`);
    const removed = dryRun ? `${sessionsText(sessions.length)} would be removed` : `${sessionsText(sessions.length)} removed`;
    if (!quiet) terminal.stderr.write(`${removed}${builds > 0 ? `, and ${buildsText(builds)} that no session needs any more` : ''}\n`);
  }
  return 0;
}

function lines(sessions: readonly SessionInfo[], terminal: Terminal): readonly string[] {
  const nowMs = Date.now();
  return columns(
    ['session', 'state', 'program', 'last event'],
    sessions.map((info) => [
      info.sessionId,
      info.state,
      info.state === 'damaged' ? '' : safeLine(programName(info, terminal.cwd)),
      info.state === 'damaged' ? '' : `${duration(nowMs - info.lastMs)} ago`,
    ]),
  );
}

import { existsSync } from 'node:fs';
import { listSessions, openStore, type SessionInfo, type SessionState } from '../../worker/index.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { programName } from '../render/values/program-name.ts';
import { cutTo } from '../render/text/width.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface SessionsCommandOptions extends CommonOptions {
  readonly state?: SessionState | undefined;
}

/** `resprout sessions`: one line a session, the newest first. @returns 0 */
export async function sessions(options: SessionsCommandOptions, terminal: Terminal): Promise<number> {
  const folder = storeFolder(options.store, terminal.env, terminal.cwd);
  const all = existsSync(folder) ? await listSessions(openStore({ folder, create: false })) : [];
  const wanted = options.state === undefined ? all : all.filter((info) => info.state === options.state);
  if (options.json) {
    terminal.stdout.write(okLine(wanted));
    return 0;
  }
  if (wanted.length === 0) {
    const which = options.state === undefined ? 'no sessions' : `no session is ${options.state}`;
    terminal.stderr.write(`${which} in ${safeLine(folder)}\n`);
  }
  const rows = wanted.map((info) => row(info, terminal, Date.now()));
  const { stdout } = terminal;
  for (const line of columns(['session', 'state', 'program', 'started', 'events', ''], rows)) {
    stdout.write(`${stdout.isTTY ? cutTo(line, stdout.columns, terminal.outStyle.symbols.cut) : line}\n`);
  }
  return 0;
}

function row(info: SessionInfo, terminal: Terminal, nowMs: number): string[] {
  // Of a damaged journal nothing is known but its name.
  if (info.state === 'damaged') return [info.sessionId, info.state, '', '', '', noteOf(info, nowMs)];
  const program = programName(info, terminal.cwd);
  const started = `${duration(nowMs - info.startedMs)} ago`;
  return [info.sessionId, info.state, safeLine(program), started, String(info.events), noteOf(info, nowMs)];
}

function noteOf(info: SessionInfo, nowMs: number): string {
  if (info.owner !== undefined) return `pid ${info.owner.pid}, for ${duration(nowMs - info.owner.sinceMs)}`;
  if (info.dueMs !== undefined)
    return info.dueMs <= nowMs ? 'its timer is due: resume it' : `waits, due in ${duration(info.dueMs - nowMs)}`;
  return safeLine(info.summary ?? '');
}

import { statSync } from 'node:fs';
import type { WaitedFor } from '../../durable/journal/sessions/session-info.ts';
import { preferSmallHeap } from '../../platform/engine/small-heap.ts';
import { openStore, type SessionInfo, type SessionState } from '../../worker/index.ts';
import { callLabel } from '../render/values/call-label.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { jsonOf } from '../../platform/values/json-value.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { programName } from '../render/values/program-name.ts';
import { cutTo } from '../render/text/width.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface SessionsCommandOptions extends CommonOptions {
  readonly state?: readonly SessionState[] | undefined;
  readonly limit?: number | undefined;
}

/** What fits a terminal. */
const TERMINAL_LIMIT = 20;

/** `resprout sessions`: one line a session, the one that was started last first. @returns 0 */
export async function sessions(options: SessionsCommandOptions, terminal: Terminal): Promise<number> {
  const folder = storeFolder(options.store, terminal.env, terminal.cwd);
  const found = statSync(folder, { throwIfNoEntry: false }) === undefined ? undefined : openStore({ folder, create: false }).sessions;
  const { stdout } = terminal;
  preferSmallHeap();
  const limit = options.limit ?? (stdout.isTTY && !options.json ? TERMINAL_LIMIT : undefined);
  if (options.json) {
    await printJson(found?.list({ states: options.state, limit }), terminal);
    return 0;
  }
  const nowMs = Date.now();
  const rows: string[][] = [];
  // One more than is shown tells whether there are more.
  const more = limit === undefined ? undefined : limit + 1;
  for await (const info of found?.list({ states: options.state, limit: more }) ?? []) rows.push(row(info, terminal, nowMs));
  const shown = rows.slice(0, limit);
  if (shown.length === 0) {
    const which = options.state === undefined ? 'no sessions' : `no session is ${options.state.join(' or ')}`;
    terminal.stderr.write(`${which} in ${safeLine(folder)}\n`);
  }
  for (const line of columns(['session', 'state', 'program', 'started', 'events', 'calls', ''], shown)) {
    stdout.write(`${stdout.isTTY ? cutTo(line, stdout.columns, terminal.outStyle.symbols.cut) : line}\n`);
  }
  if (rows.length > shown.length)
    terminal.stderr.write(`the ${shown.length} that were started last; --limit ${shown.length * 5} shows more\n`);
  return 0;
}

/** Each is text as soon as it is known: ten thousand of them are three megabytes. Nothing is printed before all are there. */
async function printJson(infos: AsyncIterable<SessionInfo> | undefined, { stdout }: Terminal): Promise<void> {
  const lines: string[] = [];
  for await (const info of infos ?? []) lines.push(JSON.stringify(jsonOf(info)));
  const [begin = '', end = ''] = okLine([PLACE]).split(JSON.stringify(PLACE));
  stdout.write(begin);
  for (let i = 0; i < lines.length; i += PIECE_LINES) stdout.write(`${i === 0 ? '' : ','}${lines.slice(i, i + PIECE_LINES).join(',')}`);
  stdout.write(end);
}

/** Stands for the sessions in their line. */
const PLACE = 'sessions';
const PIECE_LINES = 500;

function row(info: SessionInfo, terminal: Terminal, nowMs: number): string[] {
  // Of a damaged journal nothing is known but its name.
  if (info.state === 'damaged') return [info.sessionId, info.state, '', '', '', '', noteOf(info, nowMs)];
  if (info.state === 'sealed')
    return [info.sessionId, info.state, '', `${duration(nowMs - info.startedMs)} ago`, '', '', noteOf(info, nowMs)];
  const program = programName(info, terminal.cwd);
  const started = `${duration(nowMs - info.startedMs)} ago`;
  return [info.sessionId, info.state, safeLine(program), started, String(info.events), String(info.calls), noteOf(info, nowMs)];
}

function noteOf(info: SessionInfo, nowMs: number): string {
  if (info.owner !== undefined) return `pid ${info.owner.pid}, for ${duration(nowMs - info.owner.sinceMs)}`;
  if (info.dueMs !== undefined)
    return info.dueMs <= nowMs ? 'its timer is due: resume it' : `waits, due in ${duration(info.dueMs - nowMs)}`;
  if (info.waitsFor !== undefined) return waitsText(info.waitsFor);
  return safeLine(info.summary ?? '');
}

/** The calls without a result: `web-1 upgrade and 2 more had no result`. */
function waitsText({ label, context, others }: WaitedFor): string {
  const { where, what } = callLabel(label, context);
  const name = context === undefined ? what : `${where} ${what}`;
  return `${name}${others === 0 ? '' : ` and ${others} more`} had no result`;
}

import { openStore, readSession, resolveSessionId, type Store } from '../../worker/index.ts';
import { followSession } from '../sessions/follow-session.ts';
import { duration } from '../render/text/duration.ts';
import { jsonOf, okLine } from '../render/values/json.ts';
import { cutTo } from '../render/text/width.ts';
import { eventJson, sessionJson } from '../sessions/session-json.ts';
import { callLines, eventLines, eventText, footLines, headLines } from '../sessions/session-lines.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ShowCommandOptions extends CommonOptions {
  readonly events?: boolean | undefined;
  readonly follow?: boolean | undefined;
}

/** Longer lines are cut where nobody has said how wide the page is: a recorded value can have megabytes. */
const PIPE_COLUMNS = 500;

/** `resprout show`: what a session did, call by call or event by event. @returns 0 */
export async function show(text: string, options: ShowCommandOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const sessionId = await resolveSessionId(store, text);
  if (options.follow) return follow(store, sessionId, options, terminal);
  const record = await readSession(store, sessionId);
  const isAll = options.events ?? false;
  if (options.json) {
    terminal.stdout.write(okLine(sessionJson(record, isAll)));
    return 0;
  }
  const style = terminal.outStyle;
  const body = isAll ? eventLines(record, style) : callLines(record, style);
  print([...headLines(record, style, terminal.cwd), ...body, ...footLines(record, isAll, style)], terminal);
  return 0;
}

/** Events as they come: with `--json` one object a line, the one exception to one value. */
async function follow(store: Store, sessionId: string, options: CommonOptions, terminal: Terminal): Promise<number> {
  let startedMs = 0;
  const state = await followSession(store, sessionId, ({ seq, event }) => {
    if (seq === 0) startedMs = event.atMs;
    if (options.json) terminal.stdout.write(`${JSON.stringify(jsonOf(eventJson(seq, event)))}\n`);
    else
      print(
        [`${String(seq).padStart(4)}  +${duration(event.atMs - startedMs)}  ${event.t}  ${eventText(event, terminal.outStyle)}`],
        terminal,
      );
    return !terminal.isUnread();
  });
  if (state === undefined) return 0;
  if (!options.json) print(footLines(await readSession(store, sessionId), true, terminal.outStyle), terminal);
  if (!options.json && state !== 'done') terminal.stderr.write(`${sessionId} is ${state}\n`);
  return 0;
}

function print(lines: readonly string[], { stdout, outStyle }: Terminal): void {
  const columns = stdout.isTTY ? stdout.columns : PIPE_COLUMNS;
  for (const line of lines) stdout.write(`${cutTo(line, columns, outStyle.symbols.cut)}\n`);
}

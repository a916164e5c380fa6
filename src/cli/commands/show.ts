import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Outcome } from '../../durable/journal/events/event.ts';
import { preferSmallHeap } from '../../platform/engine/small-heap.ts';
import { openStore, resolveSessionId, sessionInfo, type Store } from '../../worker/index.ts';
import { followSession } from '../sessions/follow-session.ts';
import { duration } from '../render/text/duration.ts';
import { sessionPage } from '../render/html/session-page.ts';
import { jsonOf } from '../../platform/values/json-value.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { cutTo } from '../render/text/width.ts';
import { numberedEvents, recordedSession, type NumberedEvent, type RecordedSession } from '../sessions/recorded-session.ts';
import { SessionCalls, type MadeCall, type ShownCall, type TimedCall } from '../sessions/session-calls.ts';
import { callJson, eventJson, resultJson } from '../sessions/session-json.ts';
import { CallLines, EventLines, eventText, footLines, headLines, resultText } from '../sessions/session-lines.ts';
import { pageOf } from '../sessions/session-page-facts.ts';
import { hideSecretsOf } from '../sessions/hide-secrets.ts';
import { shownSecrets } from '../shown-secrets.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ShowCommandOptions extends CommonOptions {
  readonly events?: boolean | undefined;
  /** Number of one event. */
  readonly event?: number | undefined;
  readonly follow?: boolean | undefined;
  /** Path of a page to write. */
  readonly html?: string | undefined;
}

/** Longer lines are cut where nobody has said how wide the page is: a recorded value can have megabytes. */
const PIPE_COLUMNS = 500;

/** `resprout show`: what a session did, call by call or event by event. @returns 0 */
export async function show(text: string, options: ShowCommandOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const sessionId = await resolveSessionId(store, text);
  await hideSecretsOf(store, sessionId);
  if (options.follow) return follow(store, sessionId, options, terminal);
  preferSmallHeap();
  const session = await recordedSession(store, sessionId);
  if (options.event !== undefined) await oneEvent(store, session, options.event, options, terminal);
  else if (options.html !== undefined) await page(store, session, options.html, options, terminal);
  else if (options.json === true) await json(store, session, options.events ?? false, terminal);
  else await lines(store, session, options.events ?? false, terminal);
  return 0;
}

/** Events of a recorded session, as far as it was looked at. */
const eventsOf = (store: Store, { info, events }: RecordedSession): AsyncIterable<NumberedEvent> =>
  numberedEvents(store, info.sessionId, 0, events);

/**
 * The calls of a session, in the order in which they were made. @param show what is kept of a result
 * @param measure is told of each call before the first one is given
 */
async function callsOf<R>(
  store: Store,
  session: RecordedSession,
  show: (call: MadeCall, outcome: Outcome) => R,
  measure?: (call: TimedCall) => void,
): Promise<() => AsyncIterable<ShownCall<R>>> {
  const calls = new SessionCalls(session.voided, show, session.voided.size === 0 ? measure : undefined);
  for await (const numbered of eventsOf(store, session)) calls.take(numbered);
  calls.taken();
  const made = async function* (): AsyncIterable<ShownCall<R>> {
    for await (const numbered of eventsOf(store, session)) {
      const call = calls.callOf(numbered);
      if (call !== undefined) yield call;
    }
  };
  if (measure !== undefined && !calls.isTimed) for await (const call of made()) measure(call);
  return made;
}

async function lines(store: Store, session: RecordedSession, isAll: boolean, terminal: Terminal): Promise<void> {
  const { info } = session;
  const style = terminal.outStyle;
  print(headLines(session, style, terminal.cwd), terminal);
  if (isAll) await eventTable(store, session, terminal);
  else await callTable(store, session, terminal);
  print(footLines(info, isAll, style), terminal);
}

async function eventTable(store: Store, session: RecordedSession, terminal: Terminal): Promise<void> {
  const shown = new EventLines(session, terminal.outStyle);
  print([shown.head()], terminal);
  for await (const numbered of eventsOf(store, session)) {
    if (terminal.stdout.destroyed) return;
    print([shown.line(numbered)], terminal);
  }
}

async function callTable(store: Store, session: RecordedSession, terminal: Terminal): Promise<void> {
  const shown = new CallLines(session.info, terminal.outStyle);
  const calls = await callsOf(store, session, resultText, (call) => shown.measure(call));
  if (shown.hasCalls) print([shown.head()], terminal);
  for await (const call of calls()) {
    if (terminal.stdout.destroyed) return;
    print([shown.line(call)], terminal);
  }
}

/** Each part is text as soon as it is read, so that no more than the text is held. */
async function json(store: Store, session: RecordedSession, isAll: boolean, { stdout }: Terminal): Promise<void> {
  const { info, voided } = session;
  const [begin = '', end = ''] = okLine({ info, [isAll ? 'events' : 'calls']: [PLACE] }).split(JSON.stringify(PLACE));
  let before = begin;
  const part = (value: unknown): void => {
    stdout.write(`${before}${JSON.stringify(jsonOf(value))}`);
    before = ',';
  };
  if (isAll) for await (const numbered of eventsOf(store, session)) part(eventJson(numbered, voided));
  else for await (const call of (await callsOf(store, session, resultJson))()) part(callJson(call));
  stdout.write(`${before === begin ? begin : ''}${end}`);
}

/** Stands for the parts in their line. */
const PLACE = 'parts of this session';

/** One event whole. @throws ResproutError USAGE when there is none of this number */
async function oneEvent(store: Store, session: RecordedSession, seq: number, options: CommonOptions, terminal: Terminal): Promise<void> {
  const { info, voided } = session;
  for await (const numbered of numberedEvents(store, info.sessionId, seq, seq + 1)) {
    const shown = eventJson(numbered, voided);
    if (options.json === true) terminal.stdout.write(okLine(shown));
    else for (const line of JSON.stringify(jsonOf(shown), null, 2).split('\n')) terminal.stdout.write(`${safeLine(line)}\n`);
    return;
  }
  throw new ResproutError('USAGE', `session ${info.sessionId} has no event ${String(seq)}`, {
    tried: `show event ${String(seq)}`,
    saw: `${String(session.events)} events, the first one is 0`,
    do: `resprout show ${info.sessionId} --events lists them`,
  });
}

/** A page of its own. @throws ResproutError OUTPUT_IO */
async function page(store: Store, session: RecordedSession, file: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  const target = path.resolve(terminal.cwd, file);
  const calls = await callsOf(store, session, resultText);
  const text = shownSecrets.scrub(sessionPage(pageOf(session, await Array.fromAsync(calls()), terminal.cwd)));
  try {
    // What a session did is its user's.
    writeFileSync(target, text, { mode: 0o600 });
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    throw new ResproutError('OUTPUT_IO', `the page cannot be written: ${saw}`, { tried: `write ${target}`, saw }, { cause: error });
  }
  if (options.json === true) terminal.stdout.write(okLine({ file: target }));
  else if (options.quiet !== true) terminal.stderr.write(`${safeLine(target)}\n`);
}

/** Events as they come: with `--json` one object a line, the one exception to one value. */
async function follow(store: Store, sessionId: string, options: CommonOptions, terminal: Terminal): Promise<number> {
  let startedMs = 0;
  const state = await followSession(store, sessionId, (numbered) => {
    const { seq, event } = numbered;
    if (seq === 0) startedMs = event.atMs;
    if (options.json) terminal.stdout.write(`${JSON.stringify(jsonOf(eventJson(numbered)))}\n`);
    else
      print(
        [`${String(seq).padStart(4)}  +${duration(event.atMs - startedMs)}  ${event.t}  ${eventText(event, terminal.outStyle)}`],
        terminal,
      );
    return !terminal.isUnread();
  });
  if (state === undefined) return 0;
  if (!options.json) print(footLines(await sessionInfo(store, sessionId), true, terminal.outStyle), terminal);
  if (!options.json && state !== 'done') terminal.stderr.write(`${sessionId} is ${state}\n`);
  return 0;
}

function print(shown: readonly string[], { stdout, outStyle }: Terminal): void {
  const columns = stdout.isTTY ? stdout.columns : PIPE_COLUMNS;
  for (const line of shown) stdout.write(`${cutTo(line, columns, outStyle.symbols.cut)}\n`);
}

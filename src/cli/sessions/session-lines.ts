// A recorded session as lines: its head, its calls as a table, its events one a line.
import { shownName, type JournalEvent, type Outcome } from '../../durable/journal/events/event.ts';
import { readHistory } from '../../durable/journal/events/history.ts';
import type { SessionInfo, SessionRecord } from '../../worker/index.ts';
import { callLabel } from '../render/values/call-label.ts';
import { columns } from '../render/text/columns.ts';
import { duration } from '../render/text/duration.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { programName } from '../render/values/program-name.ts';
import type { Style } from '../render/style.ts';
import { recordedValue, valueLine } from '../render/values/value-line.ts';
import { callResult, callsOf, type ShownCall } from './session-calls.ts';

/** What is known of the session as a whole, and how to go on with it. */
export function headLines({ info, events }: SessionRecord, style: Style, cwd: string): string[] {
  const program = programName(info, cwd);
  const head = `${style.paint('bold', program)}  ${info.sessionId}  ${stateText(info, style)}  ${duration(info.lastMs - info.startedMs)}`;
  const last = events.at(-1);
  const end = last?.t === 'end' ? last : undefined;
  const result = end === undefined ? '' : valueLine(recordedValue(end.bytes));
  return [head, ...(result === '' ? [] : [`${end?.how === 'done' ? 'returned' : 'ended with'} ${result}`])];
}

function stateText(info: SessionInfo, { paint, symbols }: Style): string {
  switch (info.state) {
    case 'done':
      return paint('green', `${symbols.done} done`);
    case 'failed':
    case 'cancelled':
    case 'damaged':
      return paint('red', `${symbols.failed} ${info.state}`);
    case 'running':
      return paint('cyan', `${symbols.running} running in process ${info.owner?.pid ?? '?'}`);
    case 'waiting':
    case 'parked':
    case 'interrupted':
      return paint('yellow', `${symbols.parked} ${info.state}`);
  }
}

/** One line a call, in the order in which they were made. */
export function callLines({ info, events }: SessionRecord, style: Style): string[] {
  const rows = callsOf(events).map((call) => [
    String(call.seq),
    duration(call.atMs - info.startedMs),
    call.endedMs === undefined ? style.symbols.none : duration(call.endedMs - call.atMs),
    call.kind === 'timer' ? style.symbols.none : callLabel(call.fn, call.context).where,
    `${safeLine(call.site.file)}:${call.site.line}`,
    callText(call, style) + markOf(call, style),
  ]);
  return columns(['#', 'at', 'took', 'where', 'line', 'what'], rows);
}

/** What is special about a call. */
function markOf({ isVoid, isGiven }: ShownCall, { paint }: Style): string {
  if (isVoid) return paint('dim', '  void');
  return isGiven ? paint('yellow', '  given by hand') : '';
}

function callText(call: ShownCall, { symbols, paint }: Style): string {
  const what = call.kind === 'timer' ? `sleep ${duration((call.dueMs ?? call.atMs) - call.atMs)}` : callLabel(call.fn, call.context).what;
  if (call.kind === 'open') return `${paint('green', symbols.done)} ${what}`;
  if (call.outcome === undefined) return `${paint('cyan', symbols.running)} ${what}`;
  const mark = call.outcome.kind === 'error' ? paint('red', symbols.failed) : paint('green', symbols.done);
  const result = call.kind === 'timer' ? '' : resultText(call, call.outcome);
  return `${mark} ${what}${result === '' ? '' : ` ${symbols.arrow} ${result}`}`;
}

function resultText({ fn, context }: ShownCall, outcome: Outcome): string {
  if (outcome.kind === 'live') return outcomeText(outcome);
  const value = callResult(context, outcome);
  return (fn.startsWith('open ') ? openedText(value) : undefined) ?? valueLine(value);
}

/** What a person asks of a context that was opened: which process on which machine. */
function openedText(facts: unknown): string | undefined {
  if (typeof facts !== 'object' || facts === null || !('pid' in facts) || !('node' in facts) || !('hostname' in facts)) return undefined;
  return safeLine(`pid ${String(facts.pid)} on ${String(facts.hostname)}, node ${String(facts.node).replace(/^v/, '')}`);
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'live' ? `live ${safeLine(outcome.className)}` : valueLine(recordedValue(outcome.bytes));
}

/** The end of a page: what is not shown, and how to go on. */
export function footLines({ info, events }: SessionRecord, isAll: boolean, style: Style): string[] {
  const hidden = isAll ? [] : [`${events.length} events recorded: --events shows all`];
  const next = nextCommand(info);
  return [...hidden, ...(next === undefined ? [] : [`go on with: ${next}`])].map((line) => style.paint('dim', line));
}

function nextCommand({ state, sessionId }: SessionInfo): string | undefined {
  if (state === 'running') return `resprout show ${sessionId} --follow`;
  return state === 'parked' || state === 'waiting' || state === 'interrupted' ? `resprout resume ${sessionId}` : undefined;
}

/** All events, one a line. */
export function eventLines({ info, events }: SessionRecord, style: Style): string[] {
  const { voided } = readHistory(events);
  const rows = events.map((event, seq) => {
    const name = voided.has(seq) ? `${event.t}, void` : event.t;
    return [String(seq), duration(event.atMs - info.startedMs), name, eventText(event, style)];
  });
  return columns(['#', 'at', 'event', ''], rows);
}

/** What an event says, on one line. */
export function eventText(event: JournalEvent, { symbols: { arrow } }: Style): string {
  switch (event.t) {
    case 'start': {
      const data = valueLine(recordedValue(event.data));
      return `${programName(event, '')}${data === '' ? '' : ` data ${data}`}`;
    }
    case 'call':
      return `${event.id} ${safeLine(shownName(event))} at ${placeOf(event)}`;
    case 'sync':
      return `${event.id} ${safeLine(event.fn)} at ${placeOf(event)} ${arrow} ${outcomeText(event.outcome)}`;
    case 'timer':
      return `${event.id} due after ${duration(event.dueMs - event.atMs)} at ${placeOf(event)}`;
    case 'done':
      return `${event.id} ${arrow} ${outcomeText(event.outcome)}`;
    case 'open':
      return `${event.id} object ${event.object} ${safeLine(event.fn)} at ${placeOf(event)}`;
    case 'effect':
      return `${event.id} ${safeLine(event.name)} on object ${event.object}${event.size === 0 ? '' : `, ${event.size} bytes`}`;
    case 'event':
      return `object ${event.object} ${safeLine(event.name)} ${valueLine(recordedValue(event.value))}`;
    case 'hop':
      return `object ${event.object}`;
    case 'cb':
      return `${event.id} call ${event.index} of the callback with ${valueLine(recordedValue(event.args))}`;
    case 'signal':
      return `${safeLine(event.name)} ${valueLine(recordedValue(event.value))}`;
    case 'cancel':
      return '';
    case 'build':
      return event.build;
    case 'rewind':
      return `goes on from event ${event.to}${event.kept.length === 0 ? '' : `, keeps ${event.kept.join(', ')}`}`;
    case 'fork':
      return `of ${safeLine(event.from)}, from its event ${event.at} on`;
    case 'given':
      return `${event.id} ${arrow} ${valueLine(recordedValue(event.bytes))}, given by hand`;
    case 'end':
      return `${event.how} ${valueLine(recordedValue(event.bytes))}${event.note === undefined ? '' : ` (${safeLine(event.note)})`}`;
  }
}

function placeOf({ site }: Extract<JournalEvent, { readonly site: unknown }>): string {
  return `${safeLine(site.file)}:${site.line}`;
}

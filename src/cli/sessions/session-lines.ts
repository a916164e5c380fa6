// A recorded session as lines: its head, its calls as a table, its events one a line.
import { shownName, type JournalEvent, type Outcome } from '../../durable/journal/events/event.ts';
import type { SessionInfo } from '../../worker/index.ts';
import { callLabel } from '../render/values/call-label.ts';
import { duration } from '../render/text/duration.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { padTo, widthOf } from '../render/text/width.ts';
import { programName } from '../render/values/program-name.ts';
import type { Style } from '../render/style.ts';
import { shownValue, valueLine } from '../render/values/value-line.ts';
import type { NumberedEvent, RecordedSession } from './recorded-session.ts';
import { callResult, type MadeCall, type ShownCall, type TimedCall } from './session-calls.ts';

/** What is known of the session as a whole, and how to go on with it. */
export function headLines({ info, end }: RecordedSession, style: Style, cwd: string): string[] {
  const program = programName(info, cwd);
  const head = `${style.paint('bold', program)}  ${info.sessionId}  ${stateText(info, style)}  ${duration(info.lastMs - info.startedMs)}`;
  const result = end === undefined ? '' : valueLine(shownValue(end.bytes));
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
    case 'sealed':
      return paint('yellow', `${symbols.parked} ${info.state}`);
  }
}

const CALL_HEAD = ['#', 'at', 'took', 'where', 'line', 'what'] as const;

/** Calls one a line, in the order in which they were made. Every call is measured before the first one is printed. */
export class CallLines {
  readonly #startedMs: number;
  readonly #style: Style;
  readonly #widths: number[] = CALL_HEAD.map((text) => widthOf(text));
  /** Whether there is any. */
  hasCalls = false;

  constructor(info: SessionInfo, style: Style) {
    this.#startedMs = info.startedMs;
    this.#style = style;
  }

  measure(call: TimedCall): void {
    this.hasCalls = true;
    this.#cells(call).forEach((cell, i) => (this.#widths[i] = Math.max(this.#widths[i] ?? 0, widthOf(cell))));
  }

  head(): string {
    return this.#line(CALL_HEAD);
  }

  line(call: ShownCall<string>): string {
    return this.#line([...this.#cells(call), callText(call, this.#style) + markOf(call, this.#style)]);
  }

  /** All but what was called. */
  #cells({ seq, kind, fn, context, site, atMs, endedMs }: TimedCall): string[] {
    const { none } = this.#style.symbols;
    return [
      String(seq),
      duration(atMs - this.#startedMs),
      endedMs === undefined ? none : duration(endedMs - atMs),
      kind === 'timer' ? none : callLabel(fn, context).where,
      `${safeLine(site.file)}:${site.line}`,
    ];
  }

  #line(cells: readonly string[]): string {
    return cells
      .map((cell, i) => (i === cells.length - 1 ? cell : padTo(cell, this.#widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  }
}

/** What is special about a call. */
function markOf({ isVoid, isGiven }: ShownCall<string>, { paint }: Style): string {
  if (isVoid) return paint('dim', '  void');
  return isGiven ? paint('yellow', '  given by hand') : '';
}

function callText(call: ShownCall<string>, { symbols, paint }: Style): string {
  const what = whatOf(call);
  if (call.kind === 'open') return `${paint('green', symbols.done)} ${what}`;
  if (call.outcome === undefined) return `${paint('cyan', symbols.running)} ${what}`;
  const mark = call.outcome === 'error' ? paint('red', symbols.failed) : paint('green', symbols.done);
  const result = call.result?.() ?? '';
  return `${mark} ${what}${result === '' ? '' : ` ${symbols.arrow} ${result}`}`;
}

/** What a call is called: a function, or a sleep with its length. */
export function whatOf({ kind, fn, context, atMs, dueMs }: MadeCall): string {
  return kind === 'timer' ? `sleep ${duration((dueMs ?? atMs) - atMs)}` : callLabel(fn, context).what;
}

/** What is shown of a result on one line. */
export function resultText({ kind, fn, context }: MadeCall, outcome: Outcome): string {
  if (kind === 'timer') return '';
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
  return outcome.kind === 'live' ? `live ${safeLine(outcome.className)}` : valueLine(shownValue(outcome.bytes));
}

/** The end of a page: what is not shown, and how to go on. */
export function footLines(info: SessionInfo, isAll: boolean, style: Style): string[] {
  const hidden = isAll ? [] : [`${info.events} events recorded: --events shows all`];
  const next = nextCommand(info);
  return [...hidden, ...(next === undefined ? [] : [`go on with: ${next}`])].map((line) => style.paint('dim', line));
}

function nextCommand({ state, sessionId }: SessionInfo): string | undefined {
  if (state === 'running') return `resprout show ${sessionId} --follow`;
  return state === 'parked' || state === 'waiting' || state === 'interrupted' ? `resprout resume ${sessionId}` : undefined;
}

/** Longest names of events. */
const NAME_COLUMNS = 'rewind'.length;
const VOID = ', void';

/** Events one a line, as they come: the columns are as wide as the session makes them. */
export class EventLines {
  readonly #session: RecordedSession;
  readonly #style: Style;
  readonly #widths: readonly [seq: number, at: number, name: number];

  constructor(session: RecordedSession, style: Style) {
    this.#session = session;
    this.#style = style;
    const { info, events, voided } = session;
    const longestAt = Math.max(...[0, info.lastMs - info.startedMs].map((ms) => duration(ms).length), '59m 59s'.length);
    this.#widths = [String(events).length, longestAt, NAME_COLUMNS + (voided.size === 0 ? 0 : VOID.length)];
  }

  head(): string {
    return this.#line(['#', 'at', 'event', '']);
  }

  line({ seq, event }: NumberedEvent): string {
    const { info, voided } = this.#session;
    const name = voided.has(seq) ? `${event.t}${VOID}` : event.t;
    return this.#line([String(seq), duration(event.atMs - info.startedMs), name, eventText(event, this.#style)]);
  }

  #line(cells: readonly [string, string, string, string]): string {
    const [seq, at, name, text] = cells;
    return [padTo(seq, this.#widths[0]), padTo(at, this.#widths[1]), padTo(name, this.#widths[2]), text].join('  ').trimEnd();
  }
}

/** What an event says, on one line. */
export function eventText(event: JournalEvent, { symbols: { arrow } }: Style): string {
  switch (event.t) {
    case 'start': {
      const data = valueLine(shownValue(event.data));
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
      return `object ${event.object} ${safeLine(event.name)} ${valueLine(shownValue(event.value))}`;
    case 'hop':
      return `object ${event.object}`;
    case 'cb':
      return `${event.id} call ${event.index} of the callback with ${valueLine(shownValue(event.args))}`;
    case 'signal':
      return `${safeLine(event.name)} ${valueLine(shownValue(event.value))}`;
    case 'cancel':
      return '';
    case 'build':
      return event.build;
    case 'rewind':
      return `goes on from event ${event.to}${event.kept.length === 0 ? '' : `, keeps ${event.kept.join(', ')}`}`;
    case 'fork':
      return `of ${safeLine(event.from)}, from its event ${event.at} on`;
    case 'given':
      return `${event.id} ${arrow} ${valueLine(shownValue(event.bytes))}, given by hand`;
    case 'end':
      return `${event.how} ${valueLine(shownValue(event.bytes))}${event.note === undefined ? '' : ` (${safeLine(event.note)})`}`;
  }
}

function placeOf({ site }: Extract<JournalEvent, { readonly site: unknown }>): string {
  return `${safeLine(site.file)}:${site.line}`;
}

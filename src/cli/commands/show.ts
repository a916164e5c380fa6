import path from 'node:path';
import type { JournalEvent } from '../../durable/journal/event.ts';
import { openStore, readSession, resolveSessionId, type SessionRecord } from '../../worker/index.ts';
import { columns } from '../render/columns.ts';
import { duration } from '../render/duration.ts';
import { okLine } from '../render/json.ts';
import { safeLine } from '../render/safe-text.ts';
import { outcomeLine, recordedValue, valueLine } from '../render/value-line.ts';
import { cutTo } from '../render/width.ts';
import { callsOf, type ShownCall } from '../session-calls.ts';
import { storeFolder } from '../store-folder.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ShowCommandOptions extends CommonOptions {
  readonly events?: boolean | undefined;
}

/** `resprout show`: what a session did, call by call or event by event. @returns 0 */
export async function show(text: string, options: ShowCommandOptions, terminal: Terminal): Promise<number> {
  const store = openStore({ folder: storeFolder(options.store, terminal.env, terminal.cwd), create: false });
  const record = await readSession(store, resolveSessionId(store, text));
  if (options.json) {
    terminal.stdout.write(okLine(jsonValue(record, options.events ?? false)));
    return 0;
  }
  for (const line of [...headLines(record, terminal), ...(options.events ? eventLines(record) : callLines(record, terminal))]) {
    terminal.stdout.write(`${cutTo(line, terminal.stdout.isTTY ? terminal.stdout.columns : 500)}\n`);
  }
  return 0;
}

function headLines({ info, events }: SessionRecord, terminal: Terminal): string[] {
  const program = `${path.relative(terminal.cwd, info.file)}:${info.exportName}`;
  const end = events.findLast((event) => event.t === 'end');
  const head = `${safeLine(program)}  ${info.sessionId}  ${info.state}, ${duration(info.lastMs - info.startedMs)}, build ${info.build}`;
  const result = end === undefined ? [] : [`result: ${valueLine(recordedValue(end.bytes))}`];
  return [head, ...result];
}

function callLines({ info, events }: SessionRecord, terminal: Terminal): string[] {
  const { symbols } = terminal.outStyle;
  const rows = callsOf(events).map((call) => {
    const { where, what } = placeOf(call);
    const mark = call.outcome === undefined ? symbols.running : call.outcome.kind === 'error' ? symbols.failed : symbols.done;
    const took = call.endedMs === undefined ? 'no result' : duration(call.endedMs - call.atMs);
    const outcome = call.outcome === undefined || call.kind === 'timer' ? '' : ` → ${outcomeLine(call.outcome)}`;
    return [
      String(call.seq),
      duration(call.atMs - info.startedMs),
      took,
      where,
      `${call.site.file}:${call.site.line}`,
      `${mark} ${what}${outcome}`,
    ];
  });
  return columns(['#', 'at', 'took', 'where', 'line', 'what'], rows);
}

function placeOf(call: ShownCall): { where: string; what: string } {
  if (call.kind === 'timer') return { where: '-', what: `sleep ${duration((call.dueMs ?? call.atMs) - call.atMs)}` };
  const [, where, what] = /^([^:]+): (.*#.*)$/.exec(call.fn) ?? [];
  return where === undefined || what === undefined
    ? { where: 'program', what: safeLine(call.fn) }
    : { where: safeLine(where), what: safeLine(what) };
}

function eventLines({ info, events }: SessionRecord): string[] {
  const rows = events.map((event, seq) => [String(seq), duration(event.atMs - info.startedMs), event.t, detailOf(event)]);
  return columns(['#', 'at', 'event', ''], rows);
}

function detailOf(event: JournalEvent): string {
  switch (event.t) {
    case 'start':
      return `${safeLine(event.file)}:${event.exportName} data ${valueLine(recordedValue(event.data))}`;
    case 'call':
      return `${event.id} ${safeLine(event.fn)} at ${event.site.file}:${event.site.line}`;
    case 'sync':
      return `${event.id} ${safeLine(event.fn)} at ${event.site.file}:${event.site.line} → ${outcomeLine(event.outcome)}`;
    case 'timer':
      return `${event.id} due after ${duration(event.dueMs - event.atMs)} at ${event.site.file}:${event.site.line}`;
    case 'done':
      return `${event.id} → ${outcomeLine(event.outcome)}`;
    case 'cb':
      return `${event.id} call ${event.index} of the callback with ${valueLine(recordedValue(event.args))}`;
    case 'signal':
      return `${safeLine(event.name)} ${valueLine(recordedValue(event.value))}`;
    case 'cancel':
      return '';
    case 'build':
      return event.build;
    case 'end':
      return `${event.how} ${valueLine(recordedValue(event.bytes))}${event.note === undefined ? '' : ` (${safeLine(event.note)})`}`;
  }
}

function jsonValue({ info, events }: SessionRecord, all: boolean): unknown {
  const plain = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return recordedValue(value);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]))
      : value;
  };
  // The seed is the key of the session's random numbers: it is shown nowhere.
  const shown = (event: JournalEvent): unknown => plain(event.t === 'start' ? { ...event, seed: undefined } : event);
  return all ? { info, events: events.map(shown) } : { info, calls: callsOf(events).map(plain) };
}

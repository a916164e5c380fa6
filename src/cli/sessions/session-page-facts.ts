import { callLabel } from '../render/values/call-label.ts';
import type { PageCall, PageSession } from '../render/html/session-page.ts';
import { duration } from '../render/text/duration.ts';
import { programName } from '../render/values/program-name.ts';
import { shownValue, valueLine } from '../render/values/value-line.ts';
import type { RecordedSession } from './recorded-session.ts';
import type { ShownCall } from './session-calls.ts';
import { whatOf } from './session-lines.ts';

/** A recorded session as its page shows it. */
export function pageOf({ info, end, events }: RecordedSession, calls: readonly ShownCall<string>[], cwd: string): PageSession {
  return {
    title: programName(info, cwd),
    sessionId: info.sessionId,
    state: info.state,
    result: end === undefined ? undefined : valueLine(shownValue(end.bytes)),
    startedAt: new Date(info.startedMs).toISOString(),
    tookMs: info.lastMs - info.startedMs,
    events,
    calls: calls.map((call) => pageCall(call, info.startedMs)),
    duration,
  };
}

function pageCall(call: ShownCall<string>, startedMs: number): PageCall {
  const { seq, atMs, endedMs, site, kind, fn, context, result } = call;
  return {
    seq,
    atMs: atMs - startedMs,
    tookMs: endedMs === undefined ? undefined : endedMs - atMs,
    where: kind === 'timer' ? '' : callLabel(fn, context).where,
    place: `${site.file}:${String(site.line)}`,
    what: whatOf(call),
    result: result?.() ?? '',
    outcome: outcomeOf(call),
  };
}

function outcomeOf({ isVoid, kind, outcome }: ShownCall<string>): PageCall['outcome'] {
  if (isVoid === true) return 'void';
  if (outcome === 'error') return 'failed';
  return outcome === undefined && kind !== 'open' ? 'open' : 'done';
}

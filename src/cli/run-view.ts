// What a person wants to know of a running session: which calls are under way where, since when; what sleeps until when.
// Pure: takes the run's events, gives lines. The screen decides where they go.
import type { RunEvent } from '../worker/index.ts';
import { duration } from './render/duration.ts';
import { safeLine } from './render/safe-text.ts';
import type { Style } from './render/style.ts';
import { cutTo, padTo, widthOf } from './render/width.ts';

interface OpenCall {
  readonly context: string;
  readonly what: string;
  readonly sinceMs: number;
}

/** At most this many calls are listed; the rest is one line. */
const LISTED_CALLS = 12;

/** The label of a remote call without its context: `web-1: ops.ts#upgrade` is `upgrade` on `web-1`. */
export function splitLabel(label: string, context: string | undefined): { context: string; what: string } {
  if (context === undefined) return { context: 'program', what: safeLine(label) };
  const what = label.startsWith(`${context}: `) ? label.slice(context.length + 2) : label;
  return { context: safeLine(context), what: safeLine(what.slice(what.lastIndexOf('#') + 1)) };
}

export class RunView {
  readonly #program: string;
  readonly #style: Style;
  readonly #startedMs: number;
  readonly #calls = new Map<number, OpenCall>();
  readonly #sleeps = new Map<number, number>();
  readonly #contexts = new Set<string>();
  readonly #lastLines = new Map<string, string>();
  #phase = 'starting';
  #sessionId = '';
  #done = 0;

  /** @param program as the user named it, such as `rollout.ts:main` */
  constructor(program: string, style: Style, nowMs: number) {
    this.#program = program;
    this.#style = style;
    this.#startedMs = nowMs;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Activities that have a result, and contexts that were called. */
  get totals(): { readonly activities: number; readonly contexts: number } {
    return { activities: this.#done, contexts: this.#contexts.size };
  }

  elapsedMs(nowMs: number): number {
    return nowMs - this.#startedMs;
  }

  take(event: RunEvent, nowMs: number): void {
    switch (event.type) {
      case 'building':
        this.#phase = 'building';
        return;
      case 'starting':
        this.#sessionId = event.sessionId;
        this.#phase = event.recorded > 1 ? `replaying ${event.recorded} events` : 'starting';
        return;
      case 'started':
        this.#phase = '';
        return;
      case 'call-started': {
        if (event.context !== undefined) this.#contexts.add(event.context);
        this.#calls.set(event.id, { ...splitLabel(event.label, event.context), sinceMs: nowMs });
        return;
      }
      case 'call-ended':
        this.#calls.delete(event.id);
        this.#done++;
        return;
      case 'sync':
        this.#done++;
        return;
      case 'sleeping':
        this.#sleeps.set(event.id, event.untilMs);
        return;
      case 'woke':
        this.#sleeps.delete(event.id);
        return;
      case 'log':
        this.#lastLines.set(event.line.context, event.line.text);
        return;
      case 'parking':
        this.#phase = `parking, waits up to ${duration(event.graceMs)} for what is under way; ^C again parks at once`;
        return;
      case 'cancelling':
        this.#phase = `cancelling, waits up to ${duration(event.graceMs)}`;
        return;
      case 'built':
      case 'warning':
      case 'files-differ':
      case 'note':
      case 'parked':
      case 'ended':
        return;
    }
  }

  /** The lines of this moment. @param wallMs for times at which timers are due */
  lines(columns: number, nowMs: number, wallMs: number): string[] {
    const { paint } = this.#style;
    const rows = [...this.#callLines(nowMs), ...this.#sleepLines(wallMs)];
    const elapsed = duration(this.elapsedMs(nowMs));
    const title = `${this.#sessionId}  ${this.#program}`;
    const room = Math.max(1, columns - 1 - widthOf(elapsed) - 2);
    const head = `${padTo(cutTo(title, room), room)}  ${elapsed}`;
    const tree = rows.map((row, i) => `${i === rows.length - 1 ? '└' : '├'} ${row}`);
    const foot = this.#phase === '' ? '^C parks the session, nothing is lost' : this.#phase;
    return [head, ...tree, paint('dim', foot)];
  }

  #callLines(nowMs: number): string[] {
    const { paint, symbols } = this.#style;
    const open = [...this.#calls.values()];
    const width = Math.max(0, ...open.map((call) => widthOf(call.context)));
    const lines = open.slice(0, LISTED_CALLS).flatMap((call) => {
      const line = `${paint('cyan', symbols.running)} ${padTo(call.context, width)}  ${call.what}  ${duration(nowMs - call.sinceMs)}`;
      const last = this.#lastLines.get(call.context);
      return last === undefined ? [line] : [line, paint('dim', `    | ${safeLine(last)}`)];
    });
    if (open.length > LISTED_CALLS) lines.push(`and ${open.length - LISTED_CALLS} more calls`);
    return lines;
  }

  #sleepLines(wallMs: number): string[] {
    const next = Math.min(...this.#sleeps.values());
    if (!Number.isFinite(next)) return [];
    const others = this.#sleeps.size > 1 ? `, and ${this.#sleeps.size - 1} more timers` : '';
    return [`${this.#style.symbols.parked} sleep  wakes in ${duration(next - wallMs)}${others}`];
  }
}

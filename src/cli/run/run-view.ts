// What a person wants to know of a running session: which calls are under way where, since when; what sleeps until when.
// Pure: takes the run's events, gives lines. The screen decides where they go.
import { isSessionId } from '../../durable/journal/sessions/session-id.ts';
import type { RunEvent } from '../../worker/index.ts';
import { callLabel } from '../render/values/call-label.ts';
import { duration } from '../render/text/duration.ts';
import type { Style } from '../render/style.ts';
import { cutTo, padTo, widthOf } from '../render/text/width.ts';

interface OpenCall {
  readonly where: string;
  readonly what: string;
  readonly sinceMs: number;
}

/** At most this many calls are listed; the rest is one line. */
const LISTED_CALLS = 12;
/** The longest that a timer of Node waits: programs say never with it. */
const NEVER_MS = 2 ** 31 - 1;
/** `ses_` and as many characters of the id as tell one session of a store from another. */
const SHORT_ID = 14;

export class RunView {
  readonly #program: string;
  readonly #style: Style;
  readonly #startedMs: number;
  readonly #calls = new Map<number, OpenCall>();
  readonly #sleeps = new Map<number, number>();
  readonly #contexts = new Set<string>();
  #phase = 'starting';
  #isReplaying = false;
  #sessionId = '';
  #done = 0;

  /** @param program as the user named it, such as `rollout.ts:main`; the id of a session that goes on */
  constructor(program: string, style: Style, nowMs: number) {
    this.#program = program;
    if (isSessionId(program)) this.#sessionId = program;
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
        this.#isReplaying = event.recorded > 1;
        this.#phase = this.#isReplaying ? `replaying ${event.recorded} events` : 'starting';
        return;
      case 'started':
        if (!this.#isReplaying) this.#phase = '';
        return;
      case 'call-started': {
        if (event.context !== undefined) this.#contexts.add(event.context);
        this.#calls.set(event.id, { ...callLabel(event.label, event.context), sinceMs: nowMs });
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
        if (event.untilMs - event.atMs < NEVER_MS) this.#sleeps.set(event.id, event.untilMs);
        return;
      case 'woke':
        this.#sleeps.delete(event.id);
        return;
      case 'parking':
        this.#phase = `parking, waits up to ${duration(event.graceMs)} for calls under way; ^C again parks at once`;
        return;
      case 'cancelling':
        this.#phase = `cancelling, waits up to ${duration(event.graceMs)} for finally blocks`;
        return;
      case 'space-awaited':
        this.#phase = 'the disk is full: waits for space';
        return;
      case 'space-found':
        this.#phase = '';
        return;
      case 'caught-up':
        this.#isReplaying = false;
        this.#phase = '';
        return;
      case 'log':
      case 'built':
      case 'rewound':
      case 'warning':
      case 'files-differ':
      case 'note':
      case 'terminal':
      case 'parked':
      case 'ended':
        return;
    }
  }

  /** When the program goes on that waits for timers alone, as far as is known; undefined while calls are under way or nothing is waited for. */
  get sleepsUntilMs(): number | undefined {
    return this.#calls.size > 0 || this.#sleeps.size === 0 ? undefined : Math.min(...this.#sleeps.values());
  }

  /** The lines of this moment. @param wallMs for times at which timers are due */
  lines(columns: number, nowMs: number, wallMs: number): string[] {
    const { paint, symbols } = this.#style;
    const rows = [...this.#callLines(columns, nowMs), ...this.#sleepLines(wallMs)];
    const tree = rows.map((row, i) => `${i === rows.length - 1 ? symbols.last : symbols.branch} ${row}`);
    const foot = this.#phase === '' ? '^C parks the session, nothing is lost' : this.#phase;
    return [this.#head(columns, nowMs), ...tree, paint('dim', cutTo(foot, columns - 1, symbols.cut))];
  }

  /** The program's name is what tells sessions apart for a person: the id gives way first. */
  #head(columns: number, nowMs: number): string {
    const { cut } = this.#style.symbols;
    const elapsed = duration(this.elapsedMs(nowMs));
    const room = Math.max(1, columns - 1 - widthOf(elapsed) - 2);
    const short = `${this.#sessionId.slice(0, SHORT_ID)}${cut}`;
    const isNamed = this.#sessionId !== '' && this.#program !== this.#sessionId;
    const forms = isNamed ? [`${this.#sessionId}  ${this.#program}`, `${short}  ${this.#program}`] : [];
    const title = forms.find((form) => widthOf(form) <= room) ?? cutTo(this.#program, room, cut);
    return `${padTo(title, room)}  ${elapsed}`;
  }

  #callLines(columns: number, nowMs: number): string[] {
    const { paint, symbols } = this.#style;
    const open = [...this.#calls.values()];
    const listed = open.slice(0, LISTED_CALLS);
    const width = Math.max(0, ...listed.map((call) => widthOf(call.where)));
    const lines = listed.map((call) => {
      const since = duration(nowMs - call.sinceMs);
      const room = Math.max(1, columns - 1 - widthOf(`${symbols.branch} ${symbols.running} `) - width - 2 - 2 - widthOf(since));
      return `${paint('cyan', symbols.running)} ${padTo(call.where, width)}  ${cutTo(call.what, room, symbols.cut)}  ${since}`;
    });
    if (open.length > listed.length) lines.push(`and ${open.length - listed.length} more calls`);
    return lines;
  }

  #sleepLines(wallMs: number): string[] {
    const next = Math.min(...this.#sleeps.values());
    if (!Number.isFinite(next)) return [];
    const others = this.#sleeps.size > 1 ? `, and ${this.#sleeps.size - 1} more timers` : '';
    return [`${this.#style.symbols.parked} sleep  wakes in ${duration(next - wallMs)}${others}`];
  }
}

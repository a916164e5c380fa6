// What a run shows on stderr while it goes on: a live region on a terminal, one plain line per change otherwise.
import type { LogLine } from '../base/log.ts';
import type { RunEvent, RunObserver } from '../worker/index.ts';
import { programOutput, type ProgramOutput } from './program-output.ts';
import { duration } from './render/duration.ts';
import { LiveRegion, canBeLive } from './render/live-region.ts';
import { problemOf, renderProblem } from './render/problem.ts';
import { safeLine } from './render/safe-text.ts';
import { RunView, splitLabel } from './run-view.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

export class RunScreen implements RunObserver {
  readonly #terminal: Terminal;
  readonly #options: CommonOptions;
  readonly #region: LiveRegion | undefined;
  readonly view: RunView;
  readonly output: ProgramOutput;

  /** @param program as the user named it. @param isAlone false when several sessions share the terminal: plain lines then */
  constructor(program: string, terminal: Terminal, options: CommonOptions, isAlone = true) {
    this.#terminal = terminal;
    this.#options = options;
    this.view = new RunView(program, terminal.style, performance.now());
    const isLive = isAlone && !options.quiet && !options.json && canBeLive(terminal.stderr, terminal.env, options.plain ?? false);
    this.#region = isLive
      ? new LiveRegion(terminal.stderr, (columns) => this.view.lines(columns, performance.now(), Date.now()))
      : undefined;
    this.output = programOutput(terminal, this.#region, options.json ?? false);
  }

  on(event: RunEvent): void {
    this.view.take(event, performance.now());
    const line = this.#lineOf(event);
    if (line !== undefined) this.say(line);
  }

  /** Prints a line that stays. */
  say(line: string): void {
    if (this.#region === undefined) this.#terminal.stderr.write(`${line}\n`);
    else this.#region.above(`${line}\n`);
  }

  /** Takes the live region away; later lines are plain. */
  close(): void {
    this.output.end();
    this.#region?.close();
  }

  /** The line that stays for an event, when it deserves one here. */
  #lineOf(event: RunEvent): string | undefined {
    const { quiet, verbose } = this.#options;
    if (event.type === 'warning') return renderProblem(problemOf(event.error), this.#terminal.style, this.#terminal.cwd).join('\n');
    if (event.type === 'log') return quiet ? undefined : logLine(event.line);
    if (quiet) return undefined;
    switch (event.type) {
      case 'files-differ':
        return `these files changed since the session began; it runs the recorded build ${event.build}: ${event.files.join(', ')}`;
      case 'note':
        return this.#timed(safeLine(event.text));
      case 'starting':
        return event.recorded > 1
          ? this.#timed(`resuming ${event.sessionId}, ${event.recorded} recorded events`)
          : this.#plainly(`session ${event.sessionId}`);
      case 'sleeping':
        return event.untilMs - Date.now() >= 1000 ? this.#plainly(`sleep, wakes in ${duration(event.untilMs - Date.now())}`) : undefined;
      case 'call-started':
        return verbose ? this.#timed(`${labelOf(event)} started`) : undefined;
      case 'call-ended':
        if (!event.ok) return this.#timed(`${safeLine(event.label)} failed after ${duration(event.tookMs)}`);
        return verbose ? this.#timed(`${safeLine(event.label)} ${duration(event.tookMs)}`) : undefined;
      case 'sync':
        return verbose ? this.#timed(safeLine(event.label)) : undefined;
      case 'parking':
        return this.#plainly(`parking, waits up to ${duration(event.graceMs)} for what is under way`);
      case 'cancelling':
        return this.#plainly(`cancelling, waits up to ${duration(event.graceMs)}`);
      case 'built':
        return verbose ? this.#timed(`built ${event.files} files in ${duration(event.tookMs)}`) : undefined;
      case 'note':
        return this.#plainly(safeLine(event.text));
      case 'building':
      case 'started':
      case 'woke':
      case 'parked':
      case 'ended':
        return undefined;
    }
  }

  #timed(text: string): string {
    return this.#terminal.style.paint('dim', `+${duration(this.view.elapsedMs(performance.now()))} `) + text;
  }

  /** A line that the live region shows already. */
  #plainly(text: string): string | undefined {
    return this.#region === undefined ? this.#timed(text) : undefined;
  }
}

function labelOf(event: { readonly label: string; readonly context?: string | undefined }): string {
  const { context, what } = splitLabel(event.label, event.context);
  return event.context === undefined ? what : `${context} ${what}`;
}

/** A line of a context: its name first, so that a forged line can be recognised. */
export function logLine(line: LogLine): string {
  return `${safeLine(line.context)} | ${safeLine(line.text)}`;
}

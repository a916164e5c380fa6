// The last lines of a run: what became of it, and how to go on.
import type { RunResult } from '../worker/index.ts';
import { duration } from './render/duration.ts';
import { jsonOf, okLine, problemLine } from './render/json.ts';
import { problemOf, renderProblem, type ShownProblem } from './render/problem.ts';
import { safeLine } from './render/safe-text.ts';
import type { RunScreen } from './run-screen.ts';
import type { CommonOptions, Terminal } from './terminal.ts';

/** What went wrong, when the run did not end well; undefined for a run that is done. */
export function problemOfResult(result: RunResult): ShownProblem | undefined {
  const resume = `resprout resume ${result.sessionId}`;
  switch (result.state) {
    case 'done':
      return undefined;
    case 'parked':
      return {
        code: 'SESSION_PARKED',
        message: `parked at event ${result.events}; go on with: ${resume}`,
        saw: unfinished(result),
        kept: `${result.sessionId}, ${result.events} events`,
        do: resume,
      };
    case 'lost': {
      const kept = `${result.sessionId}, ${result.events} events`;
      if (result.problem !== undefined) return problemOf(result.problem, { kept: result.problem.problem.kept ?? kept });
      return { code: 'RUNNER_LOST', message: 'the process that runs the program ended', kept, do: resume };
    }
    case 'failed':
    case 'cancelled': {
      const { failure } = result;
      const kept = `${result.sessionId} ${result.state} at event ${result.events}; what was recorded before is kept`;
      const look = { kept, do: `resprout show ${result.sessionId}` };
      if (failure?.error instanceof Error) return problemOf(failure.error, look);
      const code = result.state === 'cancelled' ? 'SESSION_CANCELLED' : 'PROGRAM_FAILED';
      return { code, message: failure === undefined ? `the session ${result.state}` : `${failure.name}: ${failure.message}`, ...look };
    }
  }
}

function unfinished(result: RunResult): string | undefined {
  if (result.unfinished.length === 0) return undefined;
  const calls = result.unfinished.map((call) =>
    call.site === undefined ? call.label : `${call.label} (${call.site.file}:${call.site.line})`,
  );
  return `no result yet, issued again at resume: ${calls.join(', ')}`;
}

/** Prints how a run ended: value on stdout, the rest on stderr; or one line of JSON. */
export function showEnd(result: RunResult, screen: RunScreen, terminal: Terminal, options: CommonOptions): void {
  screen.close();
  const problem = problemOfResult(result);
  if (options.json) {
    terminal.stdout.write(problem === undefined ? okLine(result.value) : problemLine(problem, result.exitCode));
    return;
  }
  if (result.note !== undefined) terminal.stderr.write(`${safeLine(result.note)}\n`);
  if (result.dropped.length > 0 && !options.quiet) {
    terminal.stderr.write(
      `the program returned while these calls were under way, nobody waits for them: ${result.dropped.map(safeLine).join(', ')}\n`,
    );
  }
  if (problem === undefined) {
    if (!options.quiet) terminal.stderr.write(`${doneLine(screen, terminal)}\n`);
    terminal.stdout.write(valueText(result.value));
  } else if (problem.code === 'SESSION_PARKED') {
    terminal.stderr.write(
      `${terminal.style.symbols.parked} ${problem.message}\n${problem.saw === undefined ? '' : `  ${safeLine(problem.saw)}\n`}`,
    );
  } else {
    terminal.stderr.write(`${renderProblem(problem, terminal.style, terminal.cwd).join('\n')}\n`);
    if (options.verbose && result.failure?.stack !== undefined) terminal.stderr.write(`${result.failure.stack}\n`);
  }
}

function doneLine(screen: RunScreen, terminal: Terminal): string {
  const { activities, contexts } = screen.view.totals;
  const parts = [duration(screen.view.elapsedMs(performance.now())), counted(activities, 'activity', 'activities')];
  if (contexts > 0) parts.push(counted(contexts, 'context', 'contexts'));
  return `${terminal.style.paint('green', terminal.style.symbols.done)} done  ${parts.join(', ')}`;
}

/** Text as it is, nothing for undefined, JSON for the rest. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? `${value}\n` : `${JSON.stringify(jsonOf(value), null, 2)}\n`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

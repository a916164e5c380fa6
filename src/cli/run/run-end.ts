// The last lines of a run: what became of it, and how to go on.
import { ERROR_CODES } from '../../base/errors/error-codes.ts';
import { isResproutError } from '../../base/errors/errors.ts';
import { isError } from '../../base/errors/is-error.ts';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { failedCall, type RunResult } from '../../worker/index.ts';
import { withAbsolutePlace } from '../sessions/absolute-place.ts';
import { callLabel } from '../render/values/call-label.ts';
import { duration } from '../render/text/duration.ts';
import { oneLine } from '../render/errors/causes.ts';
import { okLine, problemLine } from '../render/values/json.ts';
import { problemOf, renderProblem, type ShownProblem } from '../render/errors/problem.ts';
import { safeLine } from '../render/text/safe-text.ts';
import { stacks } from '../render/errors/stacks.ts';
import { valueText } from '../render/values/value-text.ts';
import { scrubValue } from '../../platform/secrets/scrub-value.ts';
import { shownSecrets } from '../shown-secrets.ts';
import type { RunScreen } from './run-screen.ts';
import { recordOf } from '../sessions/session-error.ts';
import { siteOfFailure } from '../sessions/session-calls.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/**
 * What went wrong, when the run did not end well. The result is as it may be shown from then on. Undefined for a run that is done. An error without a place of its own, such as that of
 * a connection, gets the line of the call that it came from.
 */
export async function problemOfResult(result: RunResult, storeFolder: string): Promise<ShownProblem | undefined> {
  scrubValue(result, shownSecrets);
  const problem = shownResult(result);
  if (problem === undefined || result.state === 'parked') return problem;
  const record = await recordOf(storeFolder, result.sessionId);
  if (record === undefined) return problem;
  const at = problem.at ?? (result.failure === undefined ? undefined : siteOfFailure(record.events));
  const cure = result.state === 'failed' ? retryText(problem, result, record.events) : undefined;
  return withAbsolutePlace({ ...problem, at, ...(cure === undefined ? {} : { do: cure }) }, record.info.file);
}

/** How to go on with a session that failed: nothing of what it did before is done again. */
function retryText(problem: ShownProblem, { sessionId, failure }: RunResult, events: readonly JournalEvent[]): string {
  const retry = `resprout resume ${sessionId} --retry`;
  const isOwn = failedCall(events) === undefined;
  const isCoded = isResproutError(failure?.error) && problem.code !== 'PROGRAM_FAILED';
  const cure = isCoded ? (problem.do ?? ERROR_CODES[problem.code].cure) : isOwn ? 'Correct the program' : 'Mend the cause';
  if (!isOwn) return `${cure}; then ${retry} makes the call again`;
  return `${cure}, then ${retry} --build FILE goes on with it; resprout show ${sessionId} lists what it had done`;
}

function shownResult(result: RunResult): ShownProblem | undefined {
  const resume = `resprout resume ${result.sessionId}`;
  switch (result.state) {
    case 'done':
      return undefined;
    case 'parked':
      return {
        code: 'SESSION_PARKED',
        message: `parked at event ${result.events}; go on with: ${resume}`,
        saw: unfinishedText(result),
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
      const show = `resprout show ${result.sessionId}`;
      const look = {
        kept,
        do: result.state === 'cancelled' ? show : `Correct the program and run it again; ${show} lists what it had done`,
      };
      // What to do about a coded error says its own cure.
      if (isError(failure?.error)) return problemOf(failure.error, isResproutError(failure.error) ? { kept } : look);
      const code = result.state === 'cancelled' ? 'SESSION_CANCELLED' : 'PROGRAM_FAILED';
      const message =
        failure === undefined ? `the session ${result.state}` : `the program threw ${oneLine(failure.error)}, which is not an Error`;
      return { code, message, ...look };
    }
  }
}

/**
 * The exit code of a run (docs/exit-codes.md): what the program gave to process.exit; 4 when it failed since a connection or the
 * environment failed and it caught nothing; else what the state says.
 */
export function exitOf({ result, problem }: Ending): number {
  const isOwn = result.state === 'failed' && result.exitCode === 1 && problem !== undefined;
  return isOwn && ERROR_CODES[problem.code].exit === 4 ? 4 : result.exitCode;
}

/** The calls without a result, each with its line: `web-1 upgrade (ops.ts:7)`. */
function unfinishedCalls(result: RunResult): string[] {
  return result.unfinished.map(({ label, context, site }) => {
    const { where, what } = callLabel(label, context);
    const name = where === 'program' ? what : `${where} ${what}`;
    return site === undefined ? name : `${name} (${safeLine(site.file)}:${site.line})`;
  });
}

function unfinishedText(result: RunResult): string | undefined {
  const calls = unfinishedCalls(result);
  return calls.length === 0 ? undefined : `no result yet, made again at resume: ${calls.join(', ')}`;
}

/** What is shown of a run. */
export interface Ending {
  readonly result: RunResult;
  /** Of `problemOfResult`. */
  readonly problem: ShownProblem | undefined;
}

/** Prints how a run ended: value on stdout, the rest on stderr; or one line of JSON. */
export function showEnd({ result, problem }: Ending, screen: RunScreen, terminal: Terminal, options: CommonOptions): void {
  screen.close();
  const { stderr, stdout, style } = terminal;
  if (options.json) {
    stdout.write(problem === undefined ? okLine(result.value) : problemLine(problem, exitOf({ result, problem })));
    return;
  }
  if (result.note !== undefined) stderr.write(`${style.paint('yellow', style.symbols.warning)} ${safeLine(result.note)}\n`);
  // A program that failed or exited has not chosen to leave them.
  if (problem === undefined && result.dropped.length > 0 && !options.quiet) {
    const calls = result.dropped.map((label) => callLabel(label).what).join(', ');
    const ended = result.state === 'done' ? 'returned' : 'ended';
    stderr.write(`the program ${ended} while these calls were under way, nobody waits for them: ${calls}\n`);
  }
  if (problem === undefined) {
    if (!options.quiet) stderr.write(`${doneLine(screen, terminal)}\n`);
    stdout.write(valueText(result.value, stdout.isTTY));
  } else if (problem.code === 'SESSION_PARKED') {
    stderr.write(`${parkedLines(result, problem, terminal).join('\n')}\n`);
  } else {
    stderr.write(`${renderProblem(problem, style, terminal.cwd).join('\n')}\n`);
    const error = result.failure?.error ?? result.problem;
    if (options.verbose && isError(error)) stderr.write(stacks(error));
  }
}

function parkedLines(result: RunResult, { message }: ShownProblem, { style }: Terminal): string[] {
  const calls = unfinishedCalls(result);
  const due = result.dueMs === undefined ? [] : [`  waits for a timer that is due in ${duration(result.dueMs - Date.now())}`];
  const unfinished = calls.length === 0 ? [] : ['  no result yet, made again at resume:', ...calls.map((call) => `    ${call}`)];
  return [`${style.paint('yellow', style.symbols.parked)} ${message}`, ...due, ...unfinished];
}

function doneLine(screen: RunScreen, terminal: Terminal): string {
  const { activities, contexts } = screen.view.totals;
  const parts = [duration(screen.view.elapsedMs(performance.now())), counted(activities, 'activity', 'activities')];
  if (contexts > 0) parts.push(counted(contexts, 'context', 'contexts'));
  return `${terminal.style.paint('green', terminal.style.symbols.done)} done  ${parts.join(', ')}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

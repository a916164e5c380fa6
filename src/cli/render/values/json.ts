import { jsonOf } from '../../../platform/values/json-value.ts';
import { problemJson, type ShownProblem } from '../errors/problem.ts';

/** The one line that a command prints with `--json` when it went well. */
export function okLine(value: unknown): string {
  return `${JSON.stringify({ ok: true, value: jsonOf(value) })}\n`;
}

/** The one line of a command that did several things, of which some may have gone wrong. @param exit the highest exit code */
export function listLine(values: readonly unknown[], exit: number): string {
  return exit === 0 ? okLine(values) : `${JSON.stringify({ ok: false, value: jsonOf(values), exit })}\n`;
}

/** The one line that a command prints with `--json` when it did not. */
export function problemLine(problem: ShownProblem, exit: number): string {
  return `${JSON.stringify({ ok: false, problem: problemJson(problem), exit })}\n`;
}

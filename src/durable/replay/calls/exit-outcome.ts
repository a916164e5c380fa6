// A call to the outside that called `process.exit`: its record says so, and a replay ends the program there too.
const CODE = 'RESPROUT_PROCESS_EXIT';

/** The outcome of a call that ended the program. */
export function exitOutcome(code: number): Error {
  return Object.assign(new Error(`the call ended the program with code ${String(code)}`), { code: CODE, exitCode: code });
}

/** The code with which a call ended the program; undefined for every other outcome. */
export function exitCodeOf(outcome: unknown): number | undefined {
  if (typeof outcome !== 'object' || outcome === null || Reflect.get(outcome, 'code') !== CODE) return undefined;
  return Number(Reflect.get(outcome, 'exitCode'));
}

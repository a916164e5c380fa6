import { ResproutError } from '../../base/errors/errors.ts';
import { codedError } from '../../platform/system-error.ts';
import { okLine } from '../render/values/json.ts';
import { candidatesFor, type Asked, type Candidate } from '../completion/candidates.ts';
import { SCRIPTS } from '../completion/scripts.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** `resprout completion`: prints the script of a shell. @returns 0 */
export function completion(shell: keyof typeof SCRIPTS, options: CommonOptions, terminal: Terminal): number {
  terminal.stdout.write(options.json ? okLine({ shell, script: SCRIPTS[shell] }) : SCRIPTS[shell]);
  return 0;
}

/**
 * What the scripts ask: one candidate a line. Nothing at all when something is wrong: a shell would print it into the line.
 * @param marked the words up to the cursor, the command's own name first, each with `=` in front. @returns 0
 */
export function completeWords(marked: readonly string[], program: Asked['program'], terminal: Terminal): number {
  try {
    const found = candidatesFor({ words: marked.slice(1).map((word) => word.slice(1)), program, terminal });
    terminal.stdout.write(typeof found === 'string' ? `:${found}\n` : found.map(lineOf).join(''));
  } catch (thrown) {
    // A file with a syntax error, a store that may not be read: there is nothing to offer.
    if (!(codedError(thrown, []) instanceof ResproutError)) throw thrown;
  }
  return 0;
}

/** A name with a line end or a tab in it cannot be offered. */
function lineOf({ value, about }: Candidate): string {
  return /[\n\t]/.test(value) ? '' : `${value}\t${about}\n`;
}

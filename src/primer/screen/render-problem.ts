// How an error of the primer looks: the same fields and order as everywhere in Resprout.
import { PRIME_EXITS, PrimeError } from '../problem.ts';
import type { Style } from './style.ts';

/** Names and passwords in addresses, and what npm's settings call secret. npm shows both; nothing here does. */
export function withoutCredentials(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1***@')
    .replace(/(_?auth(?:token)?|_?password)(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi, '$1$2***');
}

const visible = (text: string): string =>
  // Tools and registries answer what they like: nothing of it may act on the terminal.
  // oxlint-disable-next-line no-control-regex
  withoutCredentials(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');

/** The lines of an error; `log`: the file where all of it stands. A stack is shown only for errors that are not ours, and with `verbose`. */
export function renderProblem(error: Error, style: Style, verbose: boolean, log?: string): string[] {
  const code = error instanceof PrimeError ? error.code : 'PRIME_INTERNAL';
  const problem = error instanceof PrimeError ? error.problem : { do: 'Run it again with --verbose and report what it prints' };
  const lines = [`${style.red(`${style.failed} ${code}`)}  ${visible(error.message)}`];
  const field = (name: string, text: string | undefined): void => {
    if (text === undefined || text === '') return;
    visible(text)
      .split('\n')
      .forEach((line, i) => lines.push(`   ${style.dim((i === 0 ? name : '').padEnd(6))} ${line}`));
  };
  field('at', problem.at);
  field('tried', problem.tried);
  field('saw', problem.saw);
  field('kept', problem.kept);
  field('do', problem.do);
  field('log', log);
  if (verbose) field('stack', error.stack);
  return lines;
}

/** Exit code of the process that ends with this error. */
export function exitOf(error: Error): number {
  return error instanceof PrimeError ? (error.toolExit ?? PRIME_EXITS[error.code]) : PRIME_EXITS.PRIME_INTERNAL;
}

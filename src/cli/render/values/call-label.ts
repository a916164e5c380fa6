// Labels of recorded calls, such as `node:fs.readFileSync`, `ops.ts#upgrade`, `$ uname -r` and `open web-1`, as a person reads them.
import { safeLine } from '../text/safe-text.ts';

export interface CallLabel {
  /** Name of the far context; `program` for a call in the program's own process. */
  readonly where: string;
  readonly what: string;
}

/** @param context name of the far context that the call goes to; absent for a call in the program's own process */
export function callLabel(label: string, context?: string): CallLabel {
  if (context === undefined) return { where: 'program', what: safeLine(ownLabel(label)) };
  const isCommand = label.startsWith('$ ');
  return { where: safeLine(context), what: safeLine(isCommand ? label : label.slice(label.lastIndexOf('#') + 1)) };
}

/** Without the scheme of builtins, and without the symbol under which Node keeps the promise form of a function. */
function ownLabel(label: string): string {
  return label.replace(/^(new )?node:/, '$1').replace(/\.nodejs\.util\.promisify\.custom$/, '');
}

// Labels of recorded calls, such as `node:fs.readFileSync`, `web-1: ops.ts#upgrade` and `open web-1`, as a person reads them.
import { safeLine } from './safe-text.ts';

export interface CallLabel {
  /** Name of the far context; `program` for a call in the program's own process. */
  readonly where: string;
  readonly what: string;
}

/** @param context name of the far context, when the call is known to go there; by default read from the label */
export function callLabel(label: string, context: string | undefined = contextOf(label)): CallLabel {
  if (context === undefined) return { where: 'program', what: safeLine(ownLabel(label)) };
  const what = label.startsWith(`${context}: `) ? label.slice(context.length + 2) : label;
  return { where: safeLine(context), what: safeLine(what.slice(what.lastIndexOf('#') + 1)) };
}

/** `web-1` of `web-1: ops.ts#upgrade`. */
function contextOf(label: string): string | undefined {
  const at = label.indexOf(': ');
  return at > 0 && label.includes('#', at) ? label.slice(0, at) : undefined;
}

/** Without the scheme of builtins, and without the symbol under which Node keeps the promise form of a function. */
function ownLabel(label: string): string {
  return label.replace(/^(new )?node:/, '$1').replace(/\.nodejs\.util\.promisify\.custom$/, '');
}

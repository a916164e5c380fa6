// The text of an environment file: `NAME=value` a line, `#` begins a comment, quotes keep blanks. As Node's `--env-file` reads it.

/** An assignment, with its line (1-based). */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

function valueOf(text: string): string {
  const quoted = /^(["'`])(.*?)\1(?:\s*#.*)?$/.exec(text);
  if (quoted === null) return text.replace(/\s*#.*$/, '');
  const [, quote, inside = ''] = quoted;
  return quote === '"' ? inside.replace(/\\n/g, '\n') : inside;
}

/** Reads it. Lines that are none are left out, with the number of the first in `odd`. */
export function parseEnvText(text: string): { readonly assignments: readonly Assignment[]; readonly odd: number | undefined } {
  const assignments: Assignment[] = [];
  let odd: number | undefined;
  text.split(/\r?\n/).forEach((line, i) => {
    if (/^\s*(?:#.*)?$/.test(line)) return;
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) odd ??= i + 1;
    else assignments.push({ name, value: valueOf(value), line: i + 1 });
  });
  return { assignments, odd };
}

/** A line that gives this value back. */
export function envLine(name: string, value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]*$/.test(value)) return `${name}=${value}`;
  if (value.includes('\n')) return `${name}="${value.replace(/\n/g, '\\n')}"`;
  const quote = ["'", '"', '`'].find((one) => !value.includes(one));
  return `${name}=${quote ?? '"'}${value}${quote ?? '"'}`;
}

// Colours and symbols of a stream. Colour only on a terminal and without NO_COLOR; plain letters without UTF-8.

export interface Style {
  readonly live: boolean;
  readonly done: string;
  readonly failed: string;
  readonly busy: string;
  red(text: string): string;
  green(text: string): string;
  dim(text: string): string;
}

/** The style for a stream that is or is not a terminal, by the environment. */
export function styleFor(isTerminal: boolean, env: NodeJS.ProcessEnv): Style {
  const noColor = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  const colour = isTerminal && !noColor && env['TERM'] !== 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const utf8 = process.platform === 'darwin' || /utf-?8/i.test(locale);
  const paint =
    (n: number) =>
    (text: string): string =>
      colour ? `\u001b[${n}m${text}\u001b[0m` : text;
  return {
    live: isTerminal && env['TERM'] !== 'dumb' && env['CI'] === undefined,
    done: utf8 ? '✔' : 'ok',
    failed: utf8 ? '✖' : 'x',
    busy: utf8 ? '◐' : 'o',
    red: paint(31),
    green: paint(32),
    dim: paint(2),
  };
}

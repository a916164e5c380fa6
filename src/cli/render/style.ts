// Colours and symbols for one stream. Colour only where that stream is a terminal and nobody said no.
import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

export interface Style {
  paint(colour: Colour, text: string): string;
  readonly symbols: Symbols;
}

export type Symbols = Readonly<
  Record<'done' | 'failed' | 'running' | 'parked' | 'warning' | 'arrow' | 'none' | 'cut' | 'branch' | 'last', string>
>;

const UNICODE: Symbols = {
  done: '✔',
  failed: '✖',
  running: '●',
  parked: '⏸',
  warning: '⚠',
  arrow: '→',
  none: '–',
  cut: '…',
  branch: '├',
  last: '└',
};
const ASCII: Symbols = {
  done: 'ok',
  failed: 'x',
  running: '*',
  parked: '||',
  warning: '!',
  arrow: '->',
  none: '-',
  cut: '...',
  branch: '|',
  last: '`',
};

/** Whether the locale of this environment can show more than ASCII. */
export function isUnicode(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}

/** The style for a stream; NO_COLOR, FORCE_COLOR and TERM are respected as Node does. */
export function styleFor(stream: Pick<WriteStream, 'isTTY'> & NodeJS.WritableStream, env: NodeJS.ProcessEnv): Style {
  return {
    paint: (colour, text) => styleText(colour, text, { stream }),
    symbols: isUnicode(env) ? UNICODE : ASCII,
  };
}

/** Levels in rising order; `off` keeps everything back. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'off'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of a context: from its console, its stdout or its stderr, or from the transport (ssh's own stderr). */
export interface LogLine {
  /** Name of the context as the user gave it, with its path: `bastion › web-2`. */
  readonly context: string;
  readonly stream: 'console' | 'stdout' | 'stderr' | 'transport';
  readonly level: LogLevel;
  /** One line without its end. Not yet safe for a terminal. */
  readonly text: string;
}

/** Where lines go. Must not throw. */
export type LogSink = (line: LogLine) => void;

/** Whether a line of `level` is wanted when `least` is the lowest wanted level. */
export function isWanted(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least) && least !== 'off';
}

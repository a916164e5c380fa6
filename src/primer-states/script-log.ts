// The log of a script on two channels: people see warnings on stderr, a file keeps more. Every line is written when it is said; nothing stays open.
import { appendFileSync, mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;

/** How important a line is. */
export type LogLevel = (typeof LEVELS)[number];

/** How a log is kept. */
export interface ScriptLogOptions {
  /** What the file is called: `NAME.TIME.PID.log`. */
  readonly name: string;
  /** Folder of the file; made when it is missing. */
  readonly folder: string;
  /** The least that stderr shows. Default: `warning`. */
  readonly stderr?: LogLevel;
  /** The least that the file keeps. Default: `info`. */
  readonly file?: LogLevel;
  /** How many files of this name stay. Default: 10. */
  readonly keep?: number;
}

/** A log. */
export interface ScriptLog {
  /** Absolute path of the file. It appears with the first line. */
  readonly file: string;
  debug(text: string): void;
  info(text: string): void;
  warning(text: string): void;
  error(text: string): void;
}

const COLOURS: Readonly<Record<LogLevel, string>> = { debug: '2', info: '36', warning: '33', error: '31' };
const reaches = (level: LogLevel, least: LogLevel): boolean => LEVELS.indexOf(level) >= LEVELS.indexOf(least);

function prune(folder: string, name: string, keep: number): void {
  const old = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.`) && /^\d{8}T\d{6}Z\.\d+\.log$/.test(file.slice(name.length + 1)))
    .sort();
  for (const file of old.slice(0, Math.max(0, old.length - keep))) {
    try {
      unlinkSync(path.join(folder, file));
    } catch (error) {
      // Another script of this name removed it at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Makes one. @throws the system's error when the file cannot be written, with the first line */
export function createScriptLog({ name, folder, stderr = 'warning', file: least = 'info', keep = 10 }: ScriptLogOptions): ScriptLog {
  const began = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const file = path.resolve(folder, `${name}.${began}.${process.pid}.log`);
  let isBegun = false;
  const say = (level: LogLevel, text: string): void => {
    if (reaches(level, least)) {
      if (!isBegun) {
        mkdirSync(path.dirname(file), { recursive: true });
        prune(path.dirname(file), name, keep - 1);
        isBegun = true;
      }
      appendFileSync(file, `${new Date().toISOString()} ${level.padEnd(7)} ${text}\n`);
    }
    if (!reaches(level, stderr)) return;
    const isColoured = process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '';
    process.stderr.write(`${isColoured ? `\u001b[${COLOURS[level]}m${level}\u001b[0m` : level} ${text}\n`);
  };
  return {
    file,
    debug: (text) => say('debug', text),
    info: (text) => say('info', text),
    warning: (text) => say('warning', text),
    error: (text) => say('error', text),
  };
}

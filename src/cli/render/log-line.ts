import type { LogLine } from '../../base/seams/log.ts';
import { safeLine } from './text/safe-text.ts';

/** A line of a context: its name first, so that a forged line can be recognised. */
export function logLine(line: Pick<LogLine, 'context' | 'text'>): string {
  return `${safeLine(line.context)} | ${safeLine(line.text)}`;
}

import type { LogLevel } from '../../base/seams/log.ts';

/** Where the lines of a far process go. */
export interface FarLog {
  readonly lastLines: readonly string[];
  add(stream: 'console' | 'stdout' | 'stderr' | 'transport', level: LogLevel, text: string): void;
  end(): void;
}

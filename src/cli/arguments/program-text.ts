import { existsSync } from 'node:fs';
import path from 'node:path';

/** `FILE[:EXPORT]` of the command line. */
export interface ProgramText {
  /** Absolute path. */
  readonly file: string;
  readonly exportName: string | undefined;
}

/** Reads `FILE[:EXPORT]`. A file that really has this name, colon included, wins. */
export function parseProgram(text: string, cwd: string): ProgramText {
  const whole = path.resolve(cwd, text);
  const match = /^(.+):([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*)$/u.exec(text);
  const [, file, exportName] = match ?? [];
  if (file === undefined || existsSync(whole)) return { file: whole, exportName: undefined };
  return { file: path.resolve(cwd, file), exportName };
}

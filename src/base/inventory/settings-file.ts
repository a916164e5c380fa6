import { ResproutError } from '../errors/errors.ts';

/** The settings of a project, beside its package.json. */
export const SETTINGS_FILE = 'resprout.config.json';

/** The error of a setting that cannot be understood. @param cure what to write */
export function settingsInvalid(file: string, saw: string, cure: string, cause?: unknown): ResproutError {
  return new ResproutError('CONFIG_INVALID', `${file}: ${saw}`, { tried: `to read ${file}`, saw, do: cure }, { cause });
}

/** The text of a settings file as JSON. @throws ResproutError CONFIG_INVALID */
export function parseSettings(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw settingsInvalid(file, `it is not valid JSON: ${String(error)}`, 'Correct the file', error);
  }
}

/** An environment as callers have it: `process.env` is no plain object. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are set, as plain data. */
export function definedEnv(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

import { matchesGlob } from '../../base/glob.ts';

/** A name pattern as it stands in the settings: letters, digits and `_`, with `*` for any part. */
export function isNamePattern(pattern: string): boolean {
  return /^[\w*.-]+$/.test(pattern);
}

/** Names and values of an environment that patterns name, such as `API_KEY` and `*_TOKEN`. Empty values are none. */
export function secretsOfEnv(
  env: Readonly<Record<string, string | undefined>>,
  patterns: readonly string[],
): readonly { readonly name: string; readonly text: string }[] {
  if (patterns.length === 0) return [];
  const found: { readonly name: string; readonly text: string }[] = [];
  for (const [name, text] of Object.entries(env))
    if (text !== undefined && text !== '' && patterns.some((pattern) => matchesGlob(name, pattern))) found.push({ name, text });
  return found;
}

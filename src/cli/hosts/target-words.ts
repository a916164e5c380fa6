import { ResproutError } from '../../base/errors/errors.ts';

/** A word that names targets: `@NAME`, or a method and a colon. No file with an ending looks like that; `./` in front tells the others. */
export function isTargetWord(word: string): boolean {
  return /^(?:@|[a-z][a-z0-9-]*:)/.test(word);
}

/** Words of a command line, the targets in front. */
export interface TargetWords {
  readonly targets: readonly string[];
  readonly rest: readonly string[];
}

/** The first word is a target whatever it looks like, and so are those behind it that look like one. */
export function targetWords(words: readonly string[]): TargetWords {
  const others = words.findIndex((word, at) => at > 0 && !isTargetWord(word));
  const count = others < 0 ? words.length : others;
  return { targets: words.slice(0, count), rest: words.slice(count) };
}

/** Whether a command does its work on one target and shows it as that: as it is written, not as many as there are today. */
export function isOneTarget(texts: readonly string[]): boolean {
  return texts.length === 1 && !/^@|\{/.test(texts[0] ?? '');
}

/** @throws ResproutError USAGE */
export function missingWord(what: string, targets: readonly string[], form: string): never {
  throw new ResproutError('USAGE', `${what} is missing after ${targets.join(' ')}`, { do: form });
}

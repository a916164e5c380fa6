// The texts that this process must not show, and the one way to take them out of a text. What a program is given, and what a journal holds, never
// goes through here: only what leaves for people and files.
import { formsOf } from './secret-forms.ts';

/** So many are known at most; of more, those that came first are forgotten. */
export const MOST_SECRETS = 500;

/** So many are looked for one by one: of 64 KiB that takes some 30 us each, and one search for all of them 800. */
const FEW_SECRETS = 16;

/** A place in a text that must not be shown. */
export interface Found {
  readonly from: number;
  readonly to: number;
  /** What is shown instead. */
  readonly mark: string;
}

/** Looks for further texts that only their prints are known of. */
export type Finder = (text: string) => readonly Found[];

/** Patterns of one kind of text: the program's texts, or bytes as characters of one byte. */
interface Patterns {
  /** One for each secret, of its forms, while there are few: the engine leaps over text for a few alternatives. Of many it is one for all. */
  readonly searches: readonly RegExp[];
  readonly marks: ReadonlyMap<string, string>;
  readonly all: readonly string[];
  /** Every character of them: most pieces of text end with one that is none of these, a line end. */
  readonly characters: ReadonlySet<string>;
}

interface Kept {
  readonly name: string | undefined;
  readonly forms: readonly string[];
}

/** Texts to keep out of sight. One for each process that shows something, or for each session. */
export class KnownSecrets {
  readonly #known = new Map<string, Kept>();
  readonly #finders: Finder[] = [];
  readonly #listeners = new Set<(text: string, name: string | undefined) => void>();
  #texts: Patterns | undefined;
  #bytes: Patterns | undefined;

  /** Whether nothing is known: what is shown stays as it is. */
  get isEmpty(): boolean {
    return this.#known.size === 0 && this.#finders.length === 0;
  }

  /** Whether a text itself is known; prints alone are looked for in whole texts only. */
  get hasTexts(): boolean {
    return this.#known.size > 0;
  }

  /**
   * From now on a text is not shown.
   * @param name what is shown in its place: `[secret NAME]`. Default: `[secret]`
   * @returns false for a text of fewer than six characters, which is not looked for
   */
  add(text: string, name?: string): boolean {
    const forms = formsOf(text);
    if (forms.length === 0) return false;
    const before = this.#known.get(text);
    if (before !== undefined && (name === undefined || before.name !== undefined)) return true;
    this.#known.set(text, { name, forms });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_SECRETS && oldest !== undefined) this.#known.delete(oldest);
    this.#texts = undefined;
    this.#bytes = undefined;
    for (const listener of this.#listeners) listener(text, name);
    return true;
  }

  /** Texts that are looked for by other means, from now on. */
  addFinder(find: Finder): void {
    this.#finders.push(find);
  }

  /** Told of each text that is known, and of each that comes to be. @returns ends that */
  onKnown(listener: (text: string, name: string | undefined) => void): () => void {
    for (const [text, { name }] of this.#known) listener(text, name);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A text as it may be shown. Costs nothing when nothing is known. */
  scrub(text: string): string {
    if (this.isEmpty) return text;
    let shown = this.hasTexts ? replaced(text, foundIn(text, this.#ofTexts())) : text;
    for (const find of this.#finders) shown = replaced(shown, find(shown));
    return shown;
  }

  /** What is known in bytes that are written as characters of one byte (latin1). */
  foundInBytes(text: string): readonly Found[] {
    return this.hasTexts ? foundIn(text, this.#ofBytes()) : [];
  }

  /** The longest end of a text that is the beginning of something known: its length, and how much of that it is. Texts as for `foundInBytes`. */
  openEnd(text: string): { readonly length: number; readonly share: number; readonly mark: string } {
    let longest = { length: 0, share: 0, mark: '' };
    if (!this.hasTexts) return longest;
    const { all, marks, characters } = this.#ofBytes();
    if (!characters.has(text.charAt(text.length - 1))) return longest;
    for (const pattern of all) {
      const first = pattern.charAt(0);
      const from = Math.max(0, text.length - pattern.length + 1);
      for (let at = text.indexOf(first, from); at >= 0 && text.length - at > longest.length; at = text.indexOf(first, at + 1)) {
        if (!pattern.startsWith(text.slice(at))) continue;
        const length = text.length - at;
        longest = { length, share: length / pattern.length, mark: marks.get(pattern) ?? '' };
        break;
      }
    }
    return longest;
  }

  #ofTexts(): Patterns {
    return (this.#texts ??= this.#patterns((form) => form));
  }

  #ofBytes(): Patterns {
    return (this.#bytes ??= this.#patterns((form) => Buffer.from(form).toString('latin1')));
  }

  #patterns(written: (form: string) => string): Patterns {
    const marks = new Map<string, string>();
    const groups: string[][] = [];
    for (const { name, forms } of this.#known.values()) {
      const texts = forms.map(written);
      for (const text of texts) marks.set(text, markOf(name));
      groups.push(texts);
    }
    const searched = groups.length <= FEW_SECRETS ? groups : [groups.flat()];
    // Of two at one place the longest is taken: what lies behind the shorter one belongs to it.
    const searches = searched.map((texts) => new RegExp(longestFirst(texts).map(escaped).join('|'), 'g'));
    const all = longestFirst([...marks.keys()]);
    return { searches, marks, all, characters: new Set(all.join('')) };
  }
}

/** A name of the environment can be any text: what is shown must not break a line or a JSON text. */
export function markOf(name: string | undefined): string {
  return name === undefined || !/^[\w.-]{1,80}$/.test(name) ? '[secret]' : `[secret ${name}]`;
}

/** A text as a pattern of itself. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

const longestFirst = (texts: readonly string[]): string[] => texts.toSorted((a, b) => b.length - a.length);

function foundIn(text: string, { searches, marks }: Patterns): readonly Found[] {
  const found: Found[] = [];
  for (const search of searches) {
    // One expression for all texts: a copy for each, as matchAll makes it, costs more than the search.
    search.lastIndex = 0;
    for (let match = search.exec(text); match !== null; match = search.exec(text))
      found.push({ from: match.index, to: search.lastIndex, mark: marks.get(match[0]) ?? '[secret]' });
  }
  if (found.length < 2) return found;
  // In their order, none within another one.
  let end = 0;
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  return found.filter(({ from, to }) => from >= end && (end = to) > 0);
}

/** The text with marks in place of what was found. The backslash of an escape that a found text begins amid goes with it: the text stays JSON. */
export function replaced(text: string, found: readonly Found[]): string {
  if (found.length === 0) return text;
  let shown = '';
  let at = 0;
  for (const { from, to, mark } of found) {
    if (from < at) continue;
    const isEscaped = slashesBefore(text, from, at) % 2 === 1 && '"\\/bfnrtu'.includes(text.charAt(from));
    shown += text.slice(at, from - (isEscaped ? 1 : 0)) + mark;
    at = to;
  }
  return shown + text.slice(at);
}

function slashesBefore(text: string, end: number, start: number): number {
  let count = 0;
  while (end - count > start && text.charAt(end - count - 1) === '\\') count++;
  return count;
}

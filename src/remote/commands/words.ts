// The words of a command: what the program wrote in its template, without a shell in between.
import { ResproutError } from '../../base/errors/errors.ts';
import { isSecret, Secret } from '../../base/secret.ts';
import type { Text } from '../child/commands/order.ts';

/** What may stand in `${…}`: a text, a number, a Secret, the result of another command (its stdout), or several of them as an array. */
export type CommandValue = CommandItem | readonly CommandItem[];
type CommandItem = string | number | bigint | Secret | { readonly stdout: string };

/** One word. `shown` is what messages and journals show of it, `secrets` what in it nobody is to see. */
export interface Word {
  readonly text: string;
  readonly shown: string;
  readonly secrets: readonly string[];
}

/** A word of which nothing is hidden. */
export const plainWord = (text: string): Word => ({ text, shown: text, secrets: [] });

const MASK = '[Secret]';

function invalid(saw: string): ResproutError {
  return new ResproutError('COMMAND_INVALID', `the command cannot be made: ${saw}`, { saw });
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value === null ? value : typeof value);
  return value instanceof Promise ? 'a promise (await it first)' : 'an object';
}

/** @throws ResproutError COMMAND_INVALID */
function wordOf(value: unknown): Word {
  if (isSecret(value)) return { text: value.reveal(), shown: MASK, secrets: [value.reveal()] };
  const isResult = typeof value === 'object' && value !== null && !(value instanceof Promise) && 'stdout' in value;
  const plain: unknown = isResult ? value.stdout : value;
  if (typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'bigint')
    throw invalid(`\${…} holds ${kindOf(plain)}, and not a text, a number, a Secret, a result or an array of them`);
  const text = String(plain);
  if (text.includes('\0')) throw invalid('an argument holds a NUL character, which no system can pass on');
  return plainWord(text);
}

const wordsOf = (value: unknown): readonly Word[] => (Array.isArray(value) ? value.map(wordOf) : [wordOf(value)]);

const join = (a: Word, b: Word): Word => ({ text: a.text + b.text, shown: a.shown + b.shown, secrets: [...a.secrets, ...b.secrets] });

/** A Secret when part of it is one: it then shows itself nowhere on its way. */
export const textOf = ({ secrets, text }: Word): Text => (secrets.length > 0 ? new Secret(text) : text);

/** A space as it stands in the source, or the character behind a backslash there: `\ ` and `\n` part no words. */
const PIECE = /[ \t\r\n]+|(?:\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])|[^\\ \t\r\n])+/g;

/** Cooked text of a piece of raw text: the escapes that a template has. */
function cooked(raw: string): string {
  return raw.replace(
    /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g,
    (_all, point, unit, byte, character: string) => {
      const code = (point ?? unit ?? byte) as string | undefined;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return character === '\n' ? '' : (ESCAPES[character] ?? character);
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };

/**
 * Words of a template: parted by spaces and line ends outside of `${…}`. A value is one word as it is, whatever it holds; touching text it is part of
 * that word; an array gives a word for each of its items.
 * @throws ResproutError COMMAND_INVALID
 */
export function splitWords(strings: TemplateStringsArray, values: readonly unknown[]): readonly Word[] {
  const words: Word[] = [];
  let isApart = true;
  const add = (more: readonly Word[]): void => {
    const [first, ...rest] = more;
    const last = words.at(-1);
    if (first === undefined) return;
    if (isApart || last === undefined) words.push(first, ...rest);
    else words.splice(-1, 1, join(last, first), ...rest);
    isApart = false;
  };
  for (const [index, raw] of strings.raw.entries()) {
    if (strings[index] === undefined) throw invalid(`the template has an escape that JavaScript does not know: ${raw}`);
    for (const [piece] of raw.matchAll(PIECE)) {
      if (/^[ \t\r\n]/.test(piece)) isApart = true;
      else {
        const text = cooked(piece);
        if (text !== '') add([wordOf(text)]);
      }
    }
    if (index < values.length) add(wordsOf(values[index]));
  }
  if (words.length === 0) throw invalid('the template is empty');
  return words;
}

/** One word for a shell of the Bourne family. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * A text for a shell: what the template says is the shell's, what stands in `${…}` is quoted, an array as several words.
 * @throws ResproutError COMMAND_INVALID
 */
export function shellWord(strings: TemplateStringsArray, values: readonly unknown[]): Word {
  let all = plainWord('');
  for (const [index, text] of strings.entries()) {
    if (text === undefined) throw invalid(`the template has an escape that JavaScript does not know: ${String(strings.raw[index])}`);
    all = join(all, wordOf(text));
    if (index >= values.length) continue;
    for (const [at, word] of wordsOf(values[index]).entries()) {
      const space = at === 0 ? '' : ' ';
      const shown = word.secrets.length > 0 ? word.shown : quoted(word.text);
      all = join(all, { text: space + quoted(word.text), shown: space + shown, secrets: word.secrets });
    }
  }
  if (all.text.trim() === '') throw invalid('the template is empty');
  return all;
}

const MOST_SHOWN_CHARS = 200;

/** A command as messages and journals show it: what a shell would need quotes for has them. */
export function shownCommand(words: readonly Word[]): string {
  const text = words.map(({ shown }) => (/^[\w@%+=:,./~[\]-]+$/.test(shown) ? shown : quoted(shown))).join(' ');
  return cut(text);
}

/** At most so much of it as fits a line. */
export function cut(text: string): string {
  return text.length > MOST_SHOWN_CHARS ? `${text.slice(0, MOST_SHOWN_CHARS)}…` : text;
}

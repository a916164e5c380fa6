// The one file that knows how wide text is on a terminal.
import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

// Made when they are needed, and the second one by a call: as a literal it takes 15 ms of every start, the first one 7. Most lines are ASCII.
let segmenter: Intl.Segmenter | undefined;
let emoji: RegExp | undefined;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const NO_WIDTH = /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Mark}]+$/u;

function widthOfGrapheme(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  emoji ??= new RegExp(String.raw`^\p{RGI_Emoji}$`, 'v');
  if (emoji.test(grapheme)) return 2;
  return eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

function graphemesOf(plain: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(plain);
}

/** Other text, with the character before it, which it may change: a digit and a keycap are one sign. */
const NOT_ASCII = /[\x20-\x7e]?[^\x20-\x7e]+/g;
/** Widths of the symbols of our own tables, and of what else is short: a line has them again and again. */
const knownWidths = new Map<string, number>();
const KNOWN_LENGTH = 4;
const KNOWN_MOST = 500;

function widthOfOther(text: string): number {
  const known = knownWidths.get(text);
  if (known !== undefined) return known;
  let columns = 0;
  for (const { segment } of graphemesOf(text)) columns += widthOfGrapheme(segment);
  if (text.length <= KNOWN_LENGTH && knownWidths.size < KNOWN_MOST) knownWidths.set(text, columns);
  return columns;
}

/** Columns that the text takes: wide characters count two, combining ones none, colour codes none. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  const plain = stripVTControlCharacters(text);
  let columns = plain.length;
  for (const [other] of plain.matchAll(NOT_ASCII)) columns += widthOfOther(other) - other.length;
  return columns;
}

/** The text cut at `columns`, with a mark in place of what is missing. Give it plain text: colour codes are dropped. */
export function cutTo(text: string, columns: number, mark = '…'): string {
  if (widthOf(text) <= columns) return text;
  let taken = '';
  let used = 0;
  for (const { segment } of graphemesOf(stripVTControlCharacters(text))) {
    const width = widthOfGrapheme(segment);
    if (used + width > columns - mark.length) break;
    taken += segment;
    used += width;
  }
  return `${taken}${mark}`;
}

/** The text filled with blanks up to `columns`. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

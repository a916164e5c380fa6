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

function graphemesOf(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(stripVTControlCharacters(text));
}

/** Columns that the text takes: wide characters count two, combining ones none, colour codes none. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemesOf(text)) columns += widthOfGrapheme(segment);
  return columns;
}

/** The text cut at `columns`, with a mark in place of what is missing. Give it plain text: colour codes are dropped. */
export function cutTo(text: string, columns: number, mark = '…'): string {
  if (widthOf(text) <= columns) return text;
  let taken = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
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

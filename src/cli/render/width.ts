// The one file that knows how wide text is on a terminal.
import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const NO_WIDTH = /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Mark}]+$/u;
const EMOJI = /^\p{RGI_Emoji}$/v;

function widthOfGrapheme(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  return eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}

/** Columns that the text takes: wide characters count two, combining ones none, colour codes none. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) columns += widthOfGrapheme(segment);
  return columns;
}

/** The text cut at `columns`, with … in place of what is missing. Give it plain text: colour codes are dropped. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let taken = '';
  let used = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    const width = widthOfGrapheme(segment);
    if (used + width > columns - 1) break;
    taken += segment;
    used += width;
  }
  return `${taken}…`;
}

/** The text filled with blanks up to `columns`. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

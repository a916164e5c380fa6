const RANGE = /\{(\d{1,9})\.\.(\d{1,9})\}/;

/** More are nobody's hosts. */
export const MOST_IN_RANGES = 100_000;

/**
 * The texts that a text with ranges stands for: `web-{1..3}`, `web-{01..40}` with leading zeros, several of them in every combination.
 * A text without one stands for itself. @returns undefined when a range runs backwards or they are more than MOST_IN_RANGES
 */
export function withRanges(text: string): readonly string[] | undefined {
  const found = RANGE.exec(text);
  if (found === null) return [text];
  const [whole, first = '', last = ''] = found;
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > MOST_IN_RANGES) return undefined;
  const rest = withRanges(text.slice(found.index + whole.length));
  if (rest === undefined || rest.length * count > MOST_IN_RANGES) return undefined;
  const digits = first.startsWith('0') ? first.length : 0;
  const numbers = Array.from({ length: count }, (_, n) => String(Number(first) + n).padStart(digits, '0'));
  return numbers.flatMap((number) => rest.map((end) => `${text.slice(0, found.index)}${number}${end}`));
}

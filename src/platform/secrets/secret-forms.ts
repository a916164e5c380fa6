// The forms in which a text is met where it is shown: as it is, escaped for JSON, a shell, an address or a page, in base64.
import { inspect } from 'node:util';

/** What is shorter than this is not looked for: it would be found in words that say something else. */
const SHORTEST_SECRET = 6;

/** Of a text of several lines, such as a key file, lines of so many characters are looked for alone too: what shows it may show it line by line. */
const SHORTEST_LINE = 16;
const PAGE_MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** All forms of a text, the longest first, none twice; none at all for a text that is too short. */
export function formsOf(text: string): readonly string[] {
  const lines = text.includes('\n') ? text.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----')) : [];
  // Quotes and backslashes at its ends stay where they are: they may be those of the JSON text around it.
  const bare = text.replaceAll(/^["\\]+|["\\]+$/g, '');
  if (bare.length < SHORTEST_SECRET) return [];
  const found = new Set<string>();
  for (const one of [bare, ...lines]) for (const form of formsOfLine(one)) if (form.length >= SHORTEST_SECRET) found.add(form);
  return [...found].sort((a, b) => b.length - a.length);
}

function* formsOfLine(text: string): Iterable<string> {
  yield text;
  const json = JSON.stringify(text).slice(1, -1);
  yield json;
  yield JSON.stringify(json).slice(1, -1);
  yield inspect(text, { maxStringLength: null, breakLength: Number.POSITIVE_INFINITY }).slice(1, -1);
  yield text.replaceAll("'", `'\\''`);
  yield text.replaceAll(/[&<>"']/g, (mark) => PAGE_MARKS[mark] ?? mark);
  yield* addressForms(text);
  yield* base64Forms(Buffer.from(text));
}

function* addressForms(text: string): Iterable<string> {
  // A lone surrogate has no form in an address.
  if (/\p{Surrogate}/u.test(text)) return;
  const whole = encodeURIComponent(text);
  const strict = whole.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  for (const one of [whole, whole.replaceAll("'", '%27'), strict, encodeURI(text), form]) {
    yield one;
    yield one.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  }
}

/** Alone, and as a part of something longer (`user:password`): three ways to lie in groups of three bytes, without the digits that the neighbours share. */
function* base64Forms(bytes: Buffer): Iterable<string> {
  for (const kind of ['base64', 'base64url'] as const) {
    yield bytes.toString(kind);
    for (let before = 0; before < 3; before++) {
      const digits = Buffer.concat([new Uint8Array(before), bytes]).toString(kind);
      yield digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    }
  }
}

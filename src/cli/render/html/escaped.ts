import { safeLine } from '../text/safe-text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A stranger's text inside a page or a quoted attribute, its control characters made visible. */
export function escaped(text: string): string {
  return safeLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

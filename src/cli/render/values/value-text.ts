import { jsonOf } from '../../../platform/values/json-value.ts';
import { safeText } from '../text/safe-text.ts';

/**
 * A returned value as it is printed: text as it is, nothing for undefined, JSON for the rest.
 * @param isTerminal whether it goes to a terminal, which a text from elsewhere must not act on: control characters are shown then
 */
export function valueText(value: unknown, isTerminal: boolean): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(jsonOf(value), null, 2);
  return `${isTerminal ? safeText(text) : text}\n`;
}

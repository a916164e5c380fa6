// How Node ends the text of an error about an argument.
import { inspect } from 'node:util';

const SHOWN = 28;
const KEPT = 25;

/** `type string ('x')`, `an instance of Foo`, `undefined`: what stands after «Received». */
export function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const { constructor } = value as { constructor?: { name?: unknown } };
    const name = constructor?.name;
    return typeof name === 'string' && name !== '' ? `an instance of ${name}` : inspect(value, { depth: -1 });
  }
  const text = inspect(value, { colors: false });
  return `type ${typeof value} (${text.length > SHOWN ? `${text.slice(0, KEPT)}...` : text})`;
}

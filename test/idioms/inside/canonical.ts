// One text for a value, the same in every process. It shows what a user of the value could see, and not which class made it: what comes
// out of a journal is data.

const BYTES_SHOWN = 256;

function bytesText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, BYTES_SHOWN)).toString('hex');
  return `Bytes(${bytes.byteLength}: ${hex}${bytes.byteLength > BYTES_SHOWN ? '…' : ''})`;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function errorText(error: Error, seen: readonly unknown[]): string {
  const parts = [`${error.name}: ${error.message}`];
  if ('code' in error) parts.push(`code ${canonical(error.code, seen)}`);
  if (error.cause !== undefined) parts.push(`cause ${canonical(error.cause, seen)}`);
  if (error instanceof AggregateError) parts.push(`errors ${canonical(error.errors, seen)}`);
  return `Error(${parts.join(', ')})`;
}

function listText(items: Iterable<unknown>, seen: readonly unknown[]): string {
  return [...items].map((item) => canonical(item, seen)).join(', ');
}

function arrayText(list: readonly unknown[], seen: readonly unknown[]): string {
  return `[${Array.from(list, (item, index) => (index in list ? canonical(item, seen) : '<hole>')).join(', ')}]`;
}

function objectText(value: object, seen: readonly unknown[]): string {
  if (value instanceof Error) return errorText(value, seen);
  if (Array.isArray(value)) return arrayText(value, seen);
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof URL) return `URL(${value.href})`;
  if (value instanceof Map) return `Map(${listText(value, seen)})`;
  if (value instanceof Set) return `Set(${listText(value, seen)})`;
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof ArrayBuffer) return bytesText(new Uint8Array(value));
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${bytesText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))})`;
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${canonical(field, seen)}`);
  return `{${fields.join(', ')}}`;
}

/** @param outer objects around this one */
export function canonical(value: unknown, outer: readonly unknown[] = []): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return '<function>';
    case 'symbol':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (outer.includes(value)) return '<circular>';
      return objectText(value, [...outer, value]);
  }
}

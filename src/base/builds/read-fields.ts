// Reading fields of parsed JSON whose shape is not trusted. Every error names the field.

/** An object with the name it has in messages. */
export interface ReadObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly where: string;
}

const bad = (from: ReadObject, key: string, wanted: string): TypeError => new TypeError(`${from.where}.${key} is not ${wanted}`);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const field = (from: ReadObject, key: string): unknown => (Object.hasOwn(from.value, key) ? from.value[key] : undefined);

/** A value as an object. @throws TypeError */
export function objectOf(value: unknown, where: string): ReadObject {
  if (!isRecord(value)) throw new TypeError(`${where} is not an object`);
  return { value, where };
}

export function textAt(from: ReadObject, key: string): string {
  const value = field(from, key);
  if (!isText(value)) throw bad(from, key, 'a text');
  return value;
}

export function optionalTextAt(from: ReadObject, key: string): string | undefined {
  return field(from, key) === undefined ? undefined : textAt(from, key);
}

export function numberAt(from: ReadObject, key: string): number {
  const value = field(from, key);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(from, key, 'a number');
  return value;
}

export function booleanAt(from: ReadObject, key: string): boolean {
  const value = field(from, key);
  if (typeof value !== 'boolean') throw bad(from, key, 'true or false');
  return value;
}

export function oneOfAt<T extends string>(from: ReadObject, key: string, allowed: readonly T[]): T {
  const value = field(from, key);
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw bad(from, key, `one of ${allowed.join(', ')}`);
  return found;
}

export function listAt(from: ReadObject, key: string): readonly unknown[] {
  const value = field(from, key);
  if (!Array.isArray(value)) throw bad(from, key, 'a list');
  return value;
}

export function textListAt(from: ReadObject, key: string): readonly string[] {
  const list = listAt(from, key);
  if (!list.every(isText)) throw bad(from, key, 'a list of texts');
  return list;
}

export function recordAt(from: ReadObject, key: string): ReadObject {
  const value = field(from, key);
  if (!isRecord(value)) throw bad(from, key, 'an object');
  return { value, where: `${from.where}.${key}` };
}

export function textRecordAt(from: ReadObject, key: string): Readonly<Record<string, string>> {
  const { value } = recordAt(from, key);
  const entries = Object.entries(value);
  const texts: [string, string][] = [];
  for (const [name, text] of entries) {
    if (!isText(text)) throw bad(from, `${key}[${JSON.stringify(name)}]`, 'a text');
    texts.push([name, text]);
  }
  // fromEntries defines, so that a name such as __proto__ stays a name.
  return Object.fromEntries(texts);
}

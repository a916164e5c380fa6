const MOST_INDICES = 4_294_967_295;

/** Whether a key names an element of an array, as the language decides it. */
export function isIndex(key: string): boolean {
  const code = key.charCodeAt(0);
  if (code < 48 || code > 57) return false;
  const index = Number(key);
  return Number.isInteger(index) && index < MOST_INDICES && String(index) === key;
}

/** How many of the keys of an array are indices: they come first, in order. */
export function indexCount(keys: readonly string[], length: number): number {
  if (keys.length === length && (length === 0 || keys[length - 1] === String(length - 1))) return length;
  return keys.findLastIndex((key) => isIndex(key)) + 1;
}

const MOST_INDICES = 4_294_967_295;

/** Whether a key names an element of an array, as the language decides it. */
export function isIndex(key: string): boolean {
  const code = key.charCodeAt(0);
  if (code < 48 || code > 57) return false;
  const index = Number(key);
  return Number.isInteger(index) && index < MOST_INDICES && String(index) === key;
}

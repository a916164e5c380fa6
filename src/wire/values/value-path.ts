// Where something stands inside a value, in the words of the program: `result.items[3].socket`.

/** One step into a value: a property, an index, or a part of a Map or Set. */
export type PathKey = string | number | { readonly key: unknown; readonly of: 'key' | 'value' | 'element' };

/** The path along the keys 1 to `depth`; an undefined one is a step that the program does not see. */
export function pathText(root: string, keys: readonly (PathKey | undefined)[], depth: number): string {
  let text = root;
  for (let level = 1; level <= depth; level++) {
    const key = keys[level];
    if (typeof key === 'number') text += `[${key}]`;
    else if (typeof key === 'string') text += /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    else if (key !== undefined) text += key.of === 'value' ? `.get(${shortText(key.key)})` : `<${key.of} ${shortText(key.key)}>`;
  }
  return text;
}

function shortText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value === 'object' && value !== null) return classNameOf(value);
  return typeof value === 'function' ? 'function' : String(value);
}

/** Class of an object by the constructor of its prototype, else by its tag (`Generator`); `Object` when there is none. */
export function classNameOf(value: object): string {
  try {
    const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: unknown } } | null;
    const name = prototype?.constructor?.name;
    return typeof name === 'string' && name !== '' && name !== 'Object' ? name : Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    // A proxy or a prototype with a throwing getter: it has no name that could be told.
    return 'Object';
  }
}

/** `is a Socket`, `is an Agent`. */
export function isWhat(className: string): string {
  return `is ${/^[AEIOaeio]/.test(className) ? 'an' : 'a'} ${className}`;
}

/** Whether an object is plain: without prototype, or directly below the Object.prototype of any realm. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

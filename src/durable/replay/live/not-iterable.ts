import type { SiteInfo } from '../calls/hook-contract.ts';

const forms = /^(for of |for await of |f\(\.\.\.|\.\.\.|yield\* |const \[…\] = |\[…\] = )([^]*)$/;

/**
 * Throws what the engine throws at a site that iterates something that is not iterable. Left to the language it would name the hook.
 * `new Map(x)` and `Array.from(x)` say it themselves in the right words, so nothing is thrown for them; `yield*` does for all but null and undefined.
 * @throws TypeError in the words of V8
 */
export function requireIterable({ label }: SiteInfo, x: unknown): void {
  if (Array.isArray(x) || typeof x === 'string') return;
  const form = forms.exec(label);
  if (form === null) return;
  const [, how = '', subject = ''] = form;
  const nothing = x === undefined || x === null;
  if (how === 'for await of ') {
    // The language's own words for null and undefined name no expression.
    if (nothing || has(x, Symbol.asyncIterator) || has(x, Symbol.iterator)) return;
    throw new TypeError(`${subject}${subject.endsWith('(...)') ? ' is not a function or its return value' : ''} is not async iterable`);
  }
  if (has(x, Symbol.iterator) || (how === 'yield* ' && !nothing)) return;
  throw new TypeError(words(how, subject, x, nothing));
}

function words(how: string, subject: string, x: unknown, nothing: boolean): string {
  if (how === 'f(...')
    return nothing
      ? `${subject} is not iterable (cannot read property undefined)`
      : 'Spread syntax requires ...iterable[Symbol.iterator] to be a function';
  const isCall = subject.endsWith('(...)');
  // In a declaration V8 names a variable or a literal, a member only when there is nothing in it, a call when no object came out of it.
  const namedInDeclaration = nothing || (isCall ? typeof x !== 'object' : !/[.[]/.test(subject));
  const named = how === 'for of ' || how === '...' || (how === 'const […] = ' && namedInDeclaration);
  if (!named) return `${shown(x)} is not iterable (cannot read property Symbol(Symbol.iterator))`;
  return isCall ? `${subject.slice(0, -5)} is not a function or its return value is not iterable` : `${subject} is not iterable`;
}

function has(x: unknown, key: symbol): boolean {
  if (x === undefined || x === null) return false;
  const method: unknown = Reflect.get(Object(x) as object, key, x);
  return method !== undefined && method !== null;
}

/** A value as V8 names it in this message: its type, and the value of a primitive. */
function shown(x: unknown): string {
  if (x === null) return 'null';
  const isPrimitive = typeof x === 'number' || typeof x === 'boolean' || typeof x === 'bigint' || typeof x === 'symbol';
  return isPrimitive ? `${typeof x} ${String(x)}` : typeof x;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** Access of a property by name: `.x` or `["a b"]`. */
export function memberText(name: string): string {
  return identifier.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A property name in an object literal; quoted where it must be. `__proto__` is quoted too, which only a getter may be. */
export function keyText(name: string): string {
  return identifier.test(name) && name !== '__proto__' ? name : JSON.stringify(name);
}

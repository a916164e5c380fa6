/** The last branch of an exhaustive switch: the compiler refuses it while a case is missing. */
export function assertNever(value: never, what: string): never {
  throw new TypeError(`Cannot handle ${what}: ${JSON.stringify(value)}`);
}

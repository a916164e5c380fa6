// The one file of the codec that names Date: as a kind of value, never as a clock.
/* oxlint-disable no-restricted-globals */

/** Milliseconds of a plain Date, NaN when it is invalid; undefined for anything else. */
export function dateMs(value: object): number | undefined {
  return value instanceof Date && Object.getPrototypeOf(value) === Date.prototype ? value.getTime() : undefined;
}

export function dateOf(ms: number): Date {
  return new Date(ms);
}

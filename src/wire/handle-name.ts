import { HANDLE } from './handles.ts';

/** A fixed handle. */
export type FixedHandle = (typeof HANDLE)[keyof typeof HANDLE];

/** Name of a handle for messages and traces: `CALL`, or `#1003` for a dynamic one. */
export function handleName(handle: number): string {
  const entry = Object.entries(HANDLE).find(([, number]) => number === handle);
  return entry === undefined ? `#${handle}` : entry[0];
}

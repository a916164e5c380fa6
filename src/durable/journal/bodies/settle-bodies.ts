// Reads the bodies of a result before it is written: writing is synchronous, bodies are not.
import { ResproutError } from '../../../base/errors/errors.ts';
import { LIMITS, isPlainObject } from '../../../wire/index.ts';
import { readBody, type BodySource } from './read-body.ts';
import type { NodeKinds } from '../values/node-kinds.ts';

/** How bodies are read. */
export interface SettleOptions {
  readonly kinds: NodeKinds;
  /** Bytes of all bodies together. @default LIMITS.recordedValueBytes */
  readonly limitBytes?: number;
  /** Ends the reading: rejects with its reason and cancels the body that is being read. */
  readonly signal?: AbortSignal | undefined;
}

/** Bodies stand near the top of results: `response`, `output.Body`, `results[3]`. Deeper ones are live. */
const DEEPEST = 8;
/** Objects looked at in one result. A result of a million rows has no body in each. */
const MOST_OBJECTS = 100_000;

/**
 * Reads every unread body of a result to its end: Response, Request, Blob and File, also in FormData, and streams that stand inside it.
 * A stream that is the result itself is live and not touched. The originals are used up.
 * @throws ResproutError JOURNAL_VALUE_TOO_LARGE, the signal's reason, and what the bodies reject with
 */
export async function settleBodies(value: unknown, options: SettleOptions): Promise<Map<object, Uint8Array>> {
  const bodies = new Map<object, Uint8Array>();
  const limitBytes = options.limitBytes ?? LIMITS.recordedValueBytes;
  let left = limitBytes;
  for (const holder of holders(value, options.kinds)) {
    const body = await readBody(sourceOf(holder, options.kinds), left, options.signal);
    if (body === undefined) throw tooLarge(limitBytes);
    left -= body.length;
    bodies.set(holder, body);
  }
  return bodies;
}

function tooLarge(limitBytes: number): ResproutError {
  return new ResproutError('JOURNAL_VALUE_TOO_LARGE', `a body of more than ${limitBytes} bytes cannot be recorded`, {
    tried: 'record the body of a result',
    saw: `more than ${limitBytes} bytes`,
    do: 'Read it inside activity(), write it to a file and return the path',
  });
}

function sourceOf(holder: object, kinds: NodeKinds): BodySource {
  if (kinds.isFetchObject('Response', holder) || kinds.isFetchObject('Request', holder)) return { kind: 'web', body: holder.body };
  if (holder instanceof Blob) return { kind: 'blob', blob: holder };
  return { kind: 'stream', stream: holder, pieceBytes: (piece) => kinds.pieceBytes(piece) };
}

/** The objects of a result that have an unread body, in the order in which they stand. */
function holders(root: unknown, kinds: NodeKinds): object[] {
  const found: object[] = [];
  const seen = new Set<object>();
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || depth > DEEPEST || seen.size > MOST_OBJECTS) return;
    if (kinds.isProxy(value)) return;
    seen.add(value);
    if (kinds.isFetchObject('Response', value) || kinds.isFetchObject('Request', value)) {
      if (!value.bodyUsed && value.body !== null && value.body !== undefined) found.push(value);
    } else if (value instanceof Blob || (depth > 0 && kinds.isUnreadStream(value))) found.push(value);
    else for (const part of partsOf(value, kinds)) look(part, depth + 1);
  };
  look(root, 0);
  return found;
}

/** Getters are not run: what they make is not there when the value is written. */
function* partsOf(value: object, kinds: NodeKinds): Iterable<unknown> {
  if (Array.isArray(value)) yield* value;
  else if (value instanceof Map) yield* value.values();
  else if (kinds.isFetchObject('FormData', value)) for (const [, content] of value) yield content;
  else if (isPlainObject(value)) for (const property of Object.values(Object.getOwnPropertyDescriptors(value))) yield property.value;
}

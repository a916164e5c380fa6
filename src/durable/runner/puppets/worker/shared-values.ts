// What cannot be sent to a worker of a session: what both threads would then hold.
import { MessagePort } from 'node:worker_threads';
import { ResproutError } from '../../../../base/errors/errors.ts';

const MAX_VALUES = 100_000;

const isShared = (value: object): boolean =>
  value instanceof SharedArrayBuffer || (ArrayBuffer.isView(value) && value.buffer instanceof SharedArrayBuffer);

function parts(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value as unknown[];
  if (value instanceof Map) return [...value.keys(), ...value.values()] as unknown[];
  if (value instanceof Set) return value;
  if (ArrayBuffer.isView(value)) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? (Object.values(value) as unknown[]) : [];
}

/** Names what of a message both threads would hold; undefined when there is nothing. */
function sharedIn(message: unknown): string | undefined {
  const seen = new Set<object>();
  const todo: unknown[] = [message];
  while (todo.length > 0 && seen.size < MAX_VALUES) {
    const value = todo.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isShared(value)) return 'memory that threads share';
    if (value instanceof MessagePort) return 'a MessagePort';
    todo.push(...parts(value));
  }
  return undefined;
}

/** @param where `workerData`, `a message to a worker` @throws ResproutError JOURNAL_VALUE_UNRECORDABLE */
export function refuseShared(where: string, message: unknown): void {
  const shared = sharedIn(message);
  if (shared === undefined) return;
  throw new ResproutError(
    'JOURNAL_VALUE_UNRECORDABLE',
    `${where} holds ${shared}: what then passes between the threads is not seen by the journal`,
    {
      tried: `to send ${where}`,
      saw: shared,
      do: 'Send messages with postMessage, or use the worker inside activity() and return what it computed',
    },
  );
}

// Every call of the program passes here: it gets its number, and its record while there is one.
import { ResproutError } from '../../../base/errors/errors.ts';
import { shownName } from '../../journal/events/event.ts';
import { hashArgs } from '../../journal/hashes/hash-args.ts';
import type { CallSpec } from './call-spec.ts';
import type { Numbered, SessionParts } from '../session/session-parts.ts';
import { shownPlace } from '../time/outstanding.ts';

/** A numbered call. */
export interface Issued extends Numbered {
  readonly argsHash: string;
  /** Arguments for the call: channels in the place of the program's functions. */
  readonly args: readonly unknown[];
}

const MAX_NODES = 10_000;
/** How deep live objects are looked for in plain objects. */
const LEVELS = 3;

/** Bytes that the arguments carry at least: texts and buffers. Cheap, and bounded in time. */
function payloadBytes(args: readonly unknown[]): number {
  let bytes = 0;
  const todo: unknown[] = [...args];
  for (let seen = 0; todo.length > 0 && seen < MAX_NODES; seen++) {
    const value = todo.pop();
    if (typeof value === 'string') bytes += value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (value instanceof ArrayBuffer) bytes += value.byteLength;
    else if (Array.isArray(value)) for (const item of value as unknown[]) todo.push(item);
    else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      for (const property of Object.values(Object.getOwnPropertyDescriptors(value))) if ('value' in property) todo.push(property.value);
  }
  return bytes;
}

function refuseLarge(parts: SessionParts, spec: CallSpec): void {
  const limit = parts.options.maxValueBytes;
  if (limit === undefined) return;
  const bytes = payloadBytes(spec.args);
  if (bytes <= limit) return;
  throw new ResproutError(
    'JOURNAL_VALUE_TOO_LARGE',
    `the arguments of ${shownName(spec)} at ${shownPlace(spec.site) ?? spec.site.id} hold ${String(bytes)} bytes, and ${String(limit)} is the most that a session keeps`,
    {
      tried: shownName(spec),
      saw: `${String(bytes)} bytes of arguments`,
      do: 'Write the data to a file and pass its path; nothing was sent',
    },
  );
}

/** Live objects and stand-ins count by class: what they are made of differs from process to process. */
function stable(parts: SessionParts, arg: unknown, levels = LEVELS): unknown {
  const info = parts.live.of(arg);
  if (info !== undefined) return `live ${info.className}`;
  if (levels === 0 || typeof arg !== 'object' || arg === null || Object.getPrototypeOf(arg) !== Object.prototype) return arg;
  const fields = Object.entries(arg).map(([key, value]): [string, unknown] => [key, stable(parts, value, levels - 1)]);
  return fields.every(([key, value]) => value === Reflect.get(arg, key)) ? arg : Object.fromEntries(fields);
}

/** Numbers a call and compares it with its record. @throws ResproutError JOURNAL_DIVERGED, JOURNAL_VALUE_TOO_LARGE */
export function issue(parts: SessionParts, spec: CallSpec): Issued {
  refuseLarge(parts, spec);
  const argsHash = hashArgs(
    spec.args.map((arg) => stable(parts, arg)),
    { kinds: parts.options.realm.nodeKinds, secretHash: parts.options.secretHash },
  );
  const { fn, context, site, mode } = spec;
  const numbered = parts.issue({ t: mode === 'async' ? 'call' : 'sync', fn, context, site, argsHash });
  return { ...numbered, argsHash, args: spec.channels ? parts.channels.wrap(numbered.id, spec.args) : spec.args };
}

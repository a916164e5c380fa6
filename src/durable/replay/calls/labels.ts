// How calls are named in the journal. A name must be the same in record and replay, so for a method of a live object it is made of what
// both know: the class as recorded and the name at the call site, never the function (on replay it may belong to a stand-in).
import type { SiteInfo } from './hook-contract.ts';
import type { LiveInfo } from '../live/live-objects.ts';
import type { KnownExport } from '../kinds/module-exports.ts';
import { isObject } from '../kinds/value-checks.ts';

const lastName = /(?:\.|\?\.)(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)$/u;

/** The name of a method: as the program writes it, else as the function calls itself. */
export function methodName(fn: object, info: SiteInfo): string {
  const written = lastName.exec(info.label)?.[1];
  if (written !== undefined) return written;
  const name: unknown = Reflect.get(fn, 'name');
  return typeof name === 'string' && name !== '' ? name : info.label;
}

/** `node:fs.readFile`, `pg.Pool.query`, `client.query`. */
export function callName(
  fn: object,
  known: KnownExport | undefined,
  receiver: unknown,
  live: LiveInfo | undefined,
  info: SiteInfo,
): string {
  if (live !== undefined) return `${live.module === '' ? '' : `${live.module}.`}${live.className}.${methodName(fn, info)}`;
  if (known !== undefined) return known.name === '' || known.name === 'default' ? known.module : `${known.module}.${known.name}`;
  const name: unknown = Reflect.get(fn, 'name');
  const own = typeof name === 'string' && name !== '' ? name : info.label;
  const holder = isObject(receiver) ? receiver.constructor?.name : undefined;
  return holder === undefined || holder === '' || holder === 'Object' ? own : `${holder}.${own}`;
}

/** `new node:sqlite.DatabaseSync`. */
export function constructName(Class: object, known: KnownExport | undefined, info: SiteInfo): string {
  if (known === undefined) return `new ${String(Reflect.get(Class, 'name')) || info.label.replace(/^new /, '')}`;
  return `new ${known.module}${known.name === '' || known.name === 'default' ? '' : `.${known.name}`}`;
}

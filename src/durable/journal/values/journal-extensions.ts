// The extension table of journals. Tables without bodies are made once per NodeKinds and kind of call.
import type { ValueExtension } from '../../../wire/index.ts';
import { bodyExtensions } from '../bodies/body-extensions.ts';
import { dataExtensions } from './data-extensions.ts';
import { ghosts, instances } from './instance-extensions.ts';
import type { NodeKinds } from './node-kinds.ts';
import type { RecordOptions } from './record-options.ts';

type TableOptions = Pick<RecordOptions, 'bodies' | 'ghosts' | 'behaviourIsLive'>;
const NO_BODIES: ReadonlyMap<object, Uint8Array> = new Map();
const tables = new WeakMap<NodeKinds, Map<string, readonly ValueExtension[]>>();

/** The table for one call. */
export function journalExtensions(kinds: NodeKinds, options: TableOptions): readonly ValueExtension[] {
  if (options.bodies !== undefined && options.bodies.size > 0) return table(kinds, options);
  const known = tables.get(kinds) ?? new Map<string, readonly ValueExtension[]>();
  tables.set(kinds, known);
  const key = `${options.ghosts !== false} ${options.behaviourIsLive === true}`;
  const made = known.get(key) ?? table(kinds, options);
  known.set(key, made);
  return made;
}

function table(kinds: NodeKinds, options: TableOptions): readonly ValueExtension[] {
  return [...dataExtensions(kinds), ...bodyExtensions(kinds, options.bodies ?? NO_BODIES), ghosts, instances(options)];
}

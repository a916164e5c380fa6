import { createDisk } from '../../platform/disk.ts';
import { programFacts } from '../../platform/program-facts.ts';
import { createPlainServe } from './create-plain-serve.ts';
import type { PlainServe } from './plain-serve.ts';

/** The plain serve of this process: what the public entry registers for its first plain call. */
export function processServe(): PlainServe {
  return createPlainServe({ disk: createDisk({ sync: false }), ...programFacts() });
}

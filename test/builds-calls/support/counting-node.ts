// A Node that counts how often it is started as a far process: `local({ node })` runs a script that notes the start and becomes Node.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface CountingNode {
  /** For the option `node`. */
  readonly path: string;
  /** Far processes started so far; questions for the version are left out. */
  starts(): number;
}

/** Makes the script in a folder. */
export function countingNode(folder: string, node: string): CountingNode {
  const file = path.join(folder, 'counting-node');
  const log = path.join(folder, 'starts');
  writeFileSync(file, `#!/bin/sh\n[ "$1" = -v ] || echo started >> '${log}'\nexec '${node}' "$@"\n`);
  chmodSync(file, 0o700);
  return { path: file, starts: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0) };
}

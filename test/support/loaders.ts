// Finds the programs of test/loaders, which run TypeScript in ways of their own.
import { existsSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(import.meta.dirname, '../loaders/node_modules');

/** Files of ts-node: `bin` runs CommonJS, `esm` is a loader for ES modules. */
export const TS_NODE: { readonly bin: string; readonly esm: string } = {
  bin: path.join(FOLDER, 'ts-node/dist/bin.js'),
  esm: path.join(FOLDER, 'ts-node/esm.mjs'),
};

/** For the `skip` option of a test: false when ts-node is there, else the reason with the install command. In CI always false. */
export function missingTsNode(): string | false {
  if (process.env['CI'] === 'true' || existsSync(TS_NODE.bin)) return false;
  return 'ts-node missing; install with: ./prime --target testPackages';
}

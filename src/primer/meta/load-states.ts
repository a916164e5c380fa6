// Loads the module that adds states to the graph: in the required Node, when the packages that it imports are there.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PrimeConfig } from '../config/config.ts';
import type { ClientStates } from '../config/client-states.ts';
import { lstat } from '../files.ts';
import { PrimeError, systemCode, toError } from '../problem.ts';

/** Where a text of an error names a file of ours, as `FILE:LINE`; undefined when it does not. */
export function placeIn(error: Error, root: string): string | undefined {
  const place = /(?:file:\/\/)?(\/.+?:\d+)(?::\d+)?\)?$/;
  const line = (error.stack ?? '').split('\n').find((one) => one.includes(root) && !one.includes('node_modules') && place.test(one));
  return line === undefined ? undefined : place.exec(line)?.[1];
}

function cureOf(error: Error, { module }: ClientStates): string {
  if (systemCode(error) === 'ERR_UNKNOWN_FILE_EXTENSION')
    return `Write it as JavaScript (.mjs): Node ${process.versions.node} runs no TypeScript`;
  if (systemCode(error) === 'ERR_MODULE_NOT_FOUND' && error.message.includes("'resprout'"))
    return 'Take the helpers from ./proto_kernel.cjs, or add resprout to devDependencies';
  return `Correct ${module}, then run it again`;
}

/** What the module exports as `states`. @throws PrimeError PRIME_STATES_INVALID */
export async function loadStates({ root }: PrimeConfig, client: ClientStates): Promise<readonly unknown[]> {
  const file = path.join(root, client.module);
  if (lstat(file) === undefined)
    throw new PrimeError('PRIME_STATES_INVALID', `${client.module} is missing in ${root}`, {
      do: 'Restore it from version control, or remove states from prime.config.json',
    });
  let loaded: { readonly states?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as typeof loaded;
  } catch (thrown) {
    const error = toError(thrown);
    throw new PrimeError('PRIME_STATES_INVALID', `${client.module} cannot be loaded`, {
      at: placeIn(error, root) ?? file,
      saw: error.message,
      do: cureOf(error, client),
    });
  }
  if (Array.isArray(loaded.states)) return loaded.states as readonly unknown[];
  throw new PrimeError('PRIME_STATES_INVALID', `${client.module} exports no list named states`, {
    at: file,
    saw: `exports: ${Object.keys(loaded).join(', ') || 'none'}`,
    do: 'Write: export const states = [ … ]',
  });
}

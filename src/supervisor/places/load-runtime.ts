// In the thread or process of a unit: finds the Runtime by its address.
import { pathToFileURL } from 'node:url';
import { ResproutError } from '../../base/errors/errors.ts';
import { importUrl } from '../../platform/process/program-process.ts';
import type { RuntimeAddress } from '../unit/messages.ts';

/** Loads the file with Node's own loader and follows the names. @throws ResproutError RUNTIME_INVALID, or what the file throws */
export async function loadRuntime({ file, label, path }: RuntimeAddress): Promise<unknown> {
  let value: unknown = await importUrl(pathToFileURL(file).href);
  for (const name of path) {
    const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isHolder || !Object.hasOwn(value as object, name))
      throw new ResproutError('RUNTIME_INVALID', `${label} is not there: the file has no export ${path.join('.')}`, { saw: `no ${name}` });
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

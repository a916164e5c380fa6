import type { FunctionAddress } from '../../../../base/builds/build.ts';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { FarFile } from './module-store.ts';

/** How modules are loaded and what their files hand out. */
export interface FunctionSource {
  /** Waits for the file and imports it, or a builtin. */
  load(file: FarFile): Promise<object>;
  builtin(name: string): Promise<object>;
  accessorOf(file: FarFile): ((n: number) => unknown) | undefined;
}

type Callable = (...args: unknown[]) => unknown;

/** Follows own names only: what a prototype gives is no export. */
function follow(start: unknown, path: readonly string[], what: string): readonly [value: unknown, holder: unknown] {
  let value = start;
  let holder: unknown;
  for (const name of path) {
    const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isHolder || !Object.hasOwn(value as object, name))
      throw new ResproutError('REMOTE_FUNCTION_MISSING', `${what} has no ${path.join('.')} on the far side`, {
        saw: `"${name}" is missing`,
      });
    holder = value;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return [value, holder];
}

/** The function of an address, with the object or class that holds it. */
export async function findFunction(address: FunctionAddress, source: FunctionSource): Promise<readonly [fn: Callable, self: unknown]> {
  const [value, self, what] = await locate(address, source);
  if (typeof value !== 'function')
    throw new ResproutError('REMOTE_FUNCTION_MISSING', `${what} is not a function on the far side, but ${typeof value}`);
  return [value as Callable, self];
}

async function locate(address: FunctionAddress, source: FunctionSource): Promise<readonly [value: unknown, self: unknown, what: string]> {
  if (address.kind === 'builtin') {
    const names = await source.builtin(address.module);
    const [value, holder] = follow(names, address.path, address.module);
    return [value, holder === names ? undefined : holder, `${address.module} ${address.path.join('.')}`];
  }
  const file: FarFile = { build: address.build, path: address.file };
  const names = await source.load(file);
  if (address.kind === 'export') {
    const [value, holder] = follow(names, address.path, address.file);
    return [value, holder === names ? undefined : holder, `${address.path.join('.')} of ${address.file}`];
  }
  const accessor = source.accessorOf(file);
  const what = `function ${address.n} of ${address.file}`;
  if (accessor === undefined)
    throw new ResproutError('REMOTE_FUNCTION_MISSING', `${address.file} did not reach its end on the far side`, {
      tried: `load ${address.file}`,
    });
  const found = accessor(address.n);
  if (!Array.isArray(found)) return [found, undefined, what];
  const [start, path] = found as [unknown, string[]];
  const [value, holder] = follow(start, path, what);
  return [value, holder, what];
}

import { pathToFileURL } from 'node:url';
import { builtinExports } from '../../platform/engine/builtins.ts';

/** A function found by identity: the module that the program imports, and where in it. */
export interface FoundExport {
  readonly module: string;
  readonly path: readonly string[];
}

/** Keys of a namespace worth a look: data fields and `promises`. Getters of builtins may load more and warn. */
function fieldsOf(holder: object, allowGetter: (key: string) => boolean): readonly (readonly [string, unknown])[] {
  return Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([key, property]): readonly (readonly [string, unknown])[] => {
    if ('value' in property) return property.enumerable === true ? [[key, property.value]] : [];
    return allowGetter(key) ? [[key, Reflect.get(holder, key)]] : [];
  });
}

const isHolder = (value: unknown): value is object => (typeof value === 'object' || typeof value === 'function') && value !== null;

/** All functions of a namespace, two levels deep, with their paths. The first path of a function wins. */
function functionsOf(namespace: object, allowGetter: (key: string) => boolean): Map<unknown, readonly string[]> {
  const found = new Map<unknown, readonly string[]>();
  const put = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'function' && !found.has(value)) found.set(value, path);
  };
  const fields = fieldsOf(namespace, allowGetter);
  for (const [key, value] of fields) put(value, [key]);
  for (const [key, value] of fields) {
    if (!isHolder(value) || key === 'constants') continue;
    for (const [inner, member] of fieldsOf(value, () => false)) put(member, [key, inner]);
  }
  return found;
}

/** Finds functions by identity among what the program's files import: builtins at once, packages through their namespaces. */
export class KnownExports {
  readonly #builtins = new Map<string, Map<unknown, readonly string[]>>();
  readonly #packages = new Map<string, Map<unknown, readonly string[]>>();

  /** @param modules builtins that the program's files import, as `node:fs` */
  builtin(fn: unknown, modules: Iterable<string>): FoundExport | undefined {
    for (const module of modules) {
      let known = this.#builtins.get(module);
      if (known === undefined) {
        const exports = builtinExports(module);
        known = exports === undefined ? new Map() : functionsOf(exports, (key) => key === 'promises');
        if (typeof exports === 'function') known.set(exports, ['default']);
        this.#builtins.set(module, known);
      }
      const path = known.get(fn);
      if (path !== undefined) return { module, path };
    }
    return undefined;
  }

  /** @param files package files that the program's files import. They are loaded already, save those behind an `import()` that has not run. */
  async package(fn: unknown, files: Iterable<string>): Promise<FoundExport | undefined> {
    for (const module of files) {
      let known = this.#packages.get(module);
      if (known === undefined) this.#packages.set(module, (known = await this.#namespace(module)));
      const path = known.get(fn);
      if (path !== undefined) return { module, path };
    }
    return undefined;
  }

  async #namespace(file: string): Promise<Map<unknown, readonly string[]>> {
    try {
      const namespace: unknown = await import(pathToFileURL(file).href);
      return isHolder(namespace) ? functionsOf(namespace, () => false) : new Map();
    } catch {
      // A package that cannot be loaded here gave this program no function.
      return new Map();
    }
  }
}

// Which function, class or object is an export of which module: by identity, so re-exports and barrels do not matter.
import { isObject } from './value-checks.ts';

/** What is known of something that a module exports. */
export interface KnownExport {
  /** Package or builtin, such as `pg`, `@octokit/core`, `node:fs`. */
  readonly module: string;
  /** As the journal shows it, such as `readFile`, `DatabaseSync.prepare`; empty for the namespace itself. */
  readonly name: string;
  /** Where it is in the module's namespace; null for members of prototypes. */
  readonly path: readonly string[] | null;
  /** Absolute path of the package's file, or the name of the builtin. */
  readonly target: string;
}

/** The package of a file or url; the builtin's own name; undefined for files outside of `node_modules`. */
export function packageOf(target: string): string | undefined {
  if (target.startsWith('node:')) return target;
  const start = target.replaceAll('\\', '/').lastIndexOf('/node_modules/');
  if (start < 0) return undefined;
  const parts = target.slice(start + '/node_modules/'.length).split('/');
  return parts[0]?.startsWith('@') === true ? `${parts[0]}/${parts[1] ?? ''}` : parts[0];
}

/** The exports of all modules that files of the realm have imported. */
export class ModuleExports {
  readonly #known = new WeakMap<object, KnownExport>();
  readonly #classes = new Map<string, object>();

  /** What is known of a value; undefined when no imported module exports it. */
  of(value: unknown): KnownExport | undefined {
    return isObject(value) ? this.#known.get(value) : undefined;
  }

  /** A class of a package or builtin by its name; the last one seen wins. */
  classNamed(name: string): object | undefined {
    return this.#classes.get(name);
  }

  /** A class of one module by its name. */
  classOf(module: string, name: string): object | undefined {
    return this.#classes.get(`${module}.${name}`);
  }

  /** Notes what a module exports: its namespace, its exports, their statics and methods. Known values keep their first name. */
  add(specifier: string, target: string, namespace: unknown): void {
    if (!isObject(namespace) || this.#known.has(namespace)) return;
    const module = packageOf(target) ?? packageOf(specifier) ?? specifier;
    const whole: unknown = Reflect.get(namespace, 'default');
    this.#put(namespace, { module, name: '', path: [], target });
    if (isObject(whole)) this.#put(whole, { module, name: 'default', path: ['default'], target });
    this.#members(namespace, module, [], target);
    if (isObject(whole)) this.#members(whole, module, ['default'], target);
  }

  #members(holder: object, module: string, path: readonly string[], target: string): void {
    for (const key of Object.keys(holder)) {
      const property = Object.getOwnPropertyDescriptor(holder, key);
      // Getters of builtins do things: process.stdin opens a descriptor.
      if (property?.get !== undefined && module.startsWith('node:')) continue;
      const value: unknown = property !== undefined && 'value' in property ? property.value : this.#read(holder, key);
      // Newer Nodes name the whole of a CommonJS module `module.exports` too: the names in a journal must not depend on that.
      if (!isObject(value) || key === 'default' || (key === 'module.exports' && path.length === 0)) continue;
      this.#put(value, { module, name: key, path: [...path, key], target });
      if (typeof value === 'object' && path.length < 2 && this.#isPlain(value)) this.#nested(value, module, [...path, key], target, key);
    }
  }

  /**
   * One level of plain objects. Those of builtins are builtins too, and have the same functions (`promises` of node:fs): they get the
   * same name, whichever is imported first.
   */
  #nested(holder: object, module: string, path: readonly string[], target: string, prefix: string): void {
    const isBuiltin = module.startsWith('node:');
    for (const key of Object.keys(holder)) {
      const value: unknown = this.#read(holder, key);
      if (typeof value !== 'function') continue;
      if (isBuiltin) this.#put(value, { module: `${module}/${prefix}`, name: key, path: [...path, key], target });
      else this.#put(value, { module, name: `${prefix}.${key}`, path: [...path, key], target });
    }
  }

  /** A getter of a package may do anything, even throw: then the export has no name. */
  #read(holder: object, key: string): unknown {
    try {
      return Reflect.get(holder, key);
    } catch {
      return undefined;
    }
  }

  #isPlain(value: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
  }

  #put(value: object, known: KnownExport): void {
    if (this.#known.has(value)) return;
    this.#known.set(value, known);
    if (typeof value === 'function') this.#class(value, known);
  }

  #class(value: object, known: KnownExport): void {
    const prototype: unknown = Reflect.get(value, 'prototype');
    if (!isObject(prototype)) return;
    const { name } = known;
    const className = name === 'default' ? String(Reflect.get(value, 'name')) : name.slice(name.lastIndexOf('.') + 1);
    this.#classes.set(className, value);
    this.#classes.set(`${known.module}.${className}`, value);
    for (const holder of [prototype, value])
      for (const key of Reflect.ownKeys(holder)) {
        const method: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
        if (typeof method !== 'function' || key === 'constructor' || this.#known.has(method)) continue;
        const shown = typeof key === 'symbol' ? (key.description ?? '') : key;
        // What hangs on a class may be a class too, as `Writable` on `Stream`: its methods are its own, not those of who is met later.
        this.#put(method, {
          ...known,
          name: `${className}.${shown}`,
          path: holder === value && known.path ? [...known.path, shown] : null,
        });
      }
  }
}

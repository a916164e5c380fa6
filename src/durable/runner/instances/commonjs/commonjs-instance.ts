import { dirname } from 'node:path';
import type { RequireFunction } from '../../../../platform/engine/node-require.ts';
import type { Hook, ImportFunction } from '../../../replay/calls/hook-contract.ts';
import type { ClassAccessor, CommonJsFunction } from '../../build/compile.ts';
import { createInstance, type ModuleInstance } from '../module-instance.ts';
import type { UserModule } from '../module-types.ts';

/** The `module` object of a CommonJS file. */
interface CommonJsModule {
  exports: unknown;
  readonly id: string;
  readonly filename: string;
  readonly path: string;
  loaded: boolean;
  readonly children: readonly unknown[];
  readonly paths: readonly string[];
  require: unknown;
}

/** A CommonJS file in one session, with its `module.exports`. */
export interface CommonJsInstance extends ModuleInstance {
  /** Its `module`. */
  readonly record: { readonly exports: unknown };
}

/** What `require` has in all files of a session. */
export interface SharedRequire {
  /** `require.main`. */
  main: object | undefined;
  /** `require.cache`, made from Node's own when it is looked at first. */
  cache(real: object): object;
}

/** `require` of a user file. */
export function createUserRequire(require: (specifier: string) => unknown, real: RequireFunction, shared: SharedRequire): object {
  const requireHere = Object.assign((specifier: string) => require(specifier), {
    resolve: real.resolve,
    extensions: {},
  });
  Object.defineProperties(requireHere, {
    cache: { enumerable: true, configurable: true, get: () => shared.cache(real.cache) },
    main: { enumerable: true, configurable: true, get: () => shared.main },
  });
  return requireHere;
}

export function instantiateCommonJs(
  module: UserModule,
  fn: CommonJsFunction,
  hook: Hook,
  load: ImportFunction,
  require: (specifier: string) => unknown,
  real: RequireFunction,
  { shared, isMain }: { readonly shared: SharedRequire; readonly isMain: boolean },
): CommonJsInstance {
  const folder = dirname(module.file);
  const requireHere = createUserRequire(require, real, shared);
  const { file } = module;
  const record: CommonJsModule = {
    exports: {},
    id: isMain ? '.' : file,
    filename: file,
    path: folder,
    loaded: false,
    children: [],
    paths: [],
    require: requireHere,
  };
  if (isMain) shared.main = record;
  const names = module.facts.table.exports.filter((name) => name !== 'default');
  const bindings: Record<string, unknown> = Object.fromEntries(['default', ...names].map((name) => [name, undefined]));
  let classes: ClassAccessor | undefined;
  const take = (accessor: ClassAccessor): void => {
    classes = accessor;
  };
  const instance = createInstance(module, bindings, {
    link: () => undefined,
    run() {
      fn.call(record.exports, hook, load, take, record.exports, requireHere, record, file, folder);
      record.loaded = true;
      bindings['default'] = record.exports;
      for (const name of names) bindings[name] = readExport(record.exports, name);
      return undefined;
    },
  });
  instance.classes = (name) => classes?.(name);
  return Object.assign(instance, { record });
}

function readExport(exports: unknown, name: string): unknown {
  const isHolder = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  const value: unknown = isHolder ? Reflect.get(exports, name) : undefined;
  return value;
}

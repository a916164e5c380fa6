// Node's module hooks over the store: everything is loaded from memory. A CommonJS file gets an ES face for importers, with the export
// names that travelled with it, since Node's own detection reads the disk.
import { Module, createRequire, isBuiltin, registerHooks, type LoadHookContext, type ResolveHookContext } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ImportKind, ModuleTarget } from '../../../base/builds/build.ts';
import { faceText, type FaceNames } from '../core/face.ts';
import type { FarFile, ModuleStore } from '../core/calls/module-store.ts';

const FACE_QUERY = '?c';
const OWN = 'resprout-own:';
const REQUIRE_KEY = Symbol.for('resprout.require');
const ACCESSOR_KEY = Symbol.for('resprout.far');
const FACE_KEY = Symbol.for('resprout.face');

/** What a file hands out at its end: number of a function to the function, or to its holder and the path from there. */
type Accessor = (n: number) => unknown;

/** Asks for a late module and blocks until it is in the store. */
export type AskLate = (from: FarFile, specifier: string, kind: ImportKind) => ModuleTarget;

/** What the hooks of this process know. */
export interface Importer {
  /** Url under which a file is imported. */
  urlOf(file: FarFile): string;
  accessorOf(file: FarFile): Accessor | undefined;
}

function pathOfUrl(url: string | undefined): string | undefined {
  if (url?.startsWith('file://') !== true) return undefined;
  return decodeURIComponent(url.slice(7).replace(/[?#].*$/, ''));
}

function notFound(specifier: string, kind: ImportKind, from: string): Error {
  const error = new Error(`Cannot find ${kind === 'i' ? 'package or module' : 'module'} '${specifier}' imported from ${from}`);
  return Object.assign(error, { code: kind === 'i' ? 'ERR_MODULE_NOT_FOUND' : 'MODULE_NOT_FOUND' });
}

/** Names of a CommonJS module, as an ES module that requires it. */
function commonJsFace(path: string, names: readonly string[]): string {
  const lines = names
    .filter((name) => name !== 'default')
    .map((name, index) => `const $${index}=m==null?undefined:m[${JSON.stringify(name)}];export{$${index} as ${JSON.stringify(name)}};`);
  return `const m=globalThis[Symbol.for('resprout.require')](${JSON.stringify(path)});export default m;${lines.join('')}`;
}

/** Installs the hooks. Once per process. */
export function installHooks(store: ModuleStore, faces: FaceNames, faceMember: (name: string) => unknown, askLate: AskLate): Importer {
  const accessors = new Map<string, Accessor>();
  const define = (key: symbol, value: unknown): void => void Object.defineProperty(globalThis, key, { value });
  define(REQUIRE_KEY, createRequire('/resprout.cjs'));
  define(FACE_KEY, faceMember);
  define(ACCESSOR_KEY, (place: string, accessor: Accessor) => {
    accessors.set(place.startsWith('file:') ? (pathOfUrl(place) ?? place) : place, accessor);
  });
  const urlOf = (file: FarFile): string => pathToFileURL(store.farPath(file)).href;

  const targetOf = (from: FarFile, specifier: string, kind: ImportKind): ModuleTarget => {
    const known = store.target(from, specifier, kind);
    if (known !== undefined) return known;
    return isBuiltin(specifier) ? specifier : askLate(from, specifier, kind);
  };

  const resolve = (
    specifier: string,
    context: ResolveHookContext,
    next: (specifier: string, context: ResolveHookContext) => ReturnType<typeof nextType>,
  ): ReturnType<typeof nextType> => {
    if (specifier.startsWith(OWN)) return { url: specifier, format: 'module', shortCircuit: true };
    const from = store.parsePath(pathOfUrl(context.parentURL));
    const whole = store.parsePath(specifier.startsWith('file:') ? pathOfUrl(specifier) : specifier);
    if (from === undefined && whole === undefined) return next(specifier, context);
    // Node gives an array, and gave a set in some versions.
    const kind: ImportKind = [...context.conditions].includes('import') ? 'i' : 'r';
    const build = (whole ?? from)?.build ?? '';
    const target = whole?.path ?? targetOf(from as FarFile, specifier, kind);
    if (target.startsWith('own:')) return { url: `${OWN}${target.slice(4)}`, format: 'module', shortCircuit: true };
    if (isBuiltin(target)) return next(target, context);
    const file = store.file({ build, path: target });
    if (file === undefined) throw notFound(specifier, kind, from?.path ?? 'the program');
    const url = urlOf({ build, path: target });
    if (file.format === 'commonjs' && kind === 'i') return { url: url + FACE_QUERY, format: 'module', shortCircuit: true };
    return { url, format: file.format, shortCircuit: true };
  };

  const load = (
    url: string,
    context: LoadHookContext,
    next: (url: string, context: LoadHookContext) => ReturnType<typeof nextLoadType>,
  ): ReturnType<typeof nextLoadType> => {
    if (url.startsWith(OWN)) {
      const entry = url.slice(OWN.length).replace(/^resprout/, '.');
      const source = faceText(entry, faces);
      if (source === undefined) throw notFound(url.slice(OWN.length), 'i', 'a far module');
      return { format: 'module', source, shortCircuit: true };
    }
    const far = store.parsePath(pathOfUrl(url));
    const file = far === undefined ? undefined : store.file(far);
    if (far === undefined || file === undefined) return next(url, context);
    if (url.endsWith(FACE_QUERY)) {
      return { format: 'module', source: commonJsFace(store.farPath(far), file.exportNames ?? []), shortCircuit: true };
    }
    return { format: file.format, source: file.text, shortCircuit: true };
  };

  registerHooks({ resolve, load });
  patchResolveFilename(store, targetOf);
  return { urlOf, accessorOf: (file) => accessors.get(store.farPath(file)) };
}

declare function nextType(): { url: string; format?: string | null | undefined; shortCircuit?: boolean | undefined };
declare function nextLoadType(): {
  format: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | undefined;
  shortCircuit?: boolean | undefined;
};

/** `require.resolve` passes no hook in some versions of Node. */
function patchResolveFilename(store: ModuleStore, targetOf: (from: FarFile, specifier: string, kind: ImportKind) => ModuleTarget): void {
  type ResolveFilename = (specifier: string, parent: { filename?: string } | undefined, ...rest: unknown[]) => string;
  const holder = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = holder._resolveFilename;
  holder._resolveFilename = function resolveFilename(specifier, parent, ...rest) {
    const whole = store.parsePath(specifier);
    if (whole !== undefined && store.file(whole) !== undefined) return specifier;
    const from = store.parsePath(parent?.filename);
    if (from !== undefined && !isBuiltin(specifier)) {
      const target = targetOf(from, specifier, 'r');
      if (!target.startsWith('own:') && !isBuiltin(target)) return store.farPath({ build: from.build, path: target });
    }
    return original.call(this, specifier, parent, ...rest);
  };
}

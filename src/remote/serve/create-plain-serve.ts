// Which function of the program is this? Asked in a plain process, where functions carry no brand (BC 4: the first step that answers wins).
// 1. A debugger is asked last, and is never left on.
// 2. Nothing of the user's is run, save namespaces of packages that the program has loaded.
// 3. The answer is kept per function; a refusal is not.
import { fileURLToPath } from 'node:url';
import type { FunctionAddress, FunctionEntry } from '../../base/builds/build.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { isOwn, withoutMarker, type IdentifiedFunction } from '../../base/recorder.ts';
import { findOwnPackage, type Build, type OwnPackage } from '../../modules/index.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';
import { Inspector, type ScriptPlace } from '../../platform/engine/inspector.ts';
import { isFunctionRef, type FunctionRef } from '../calls/fn-ref.ts';
import type { ExportedValue } from '../calls/plain-calls.ts';
import * as refusals from '../calls/refusals.ts';
import type { CallPlace } from '../calls/refusals.ts';
import { callPlace, wrappedArgument } from './call-place.ts';
import { counterpart, entryAtPlace } from './find-entry.ts';
import { Freshness } from './freshness.ts';
import { KnownExports, type FoundExport } from './known-exports.ts';
import { entryInLoaderText, isWrapped } from './loader-text.ts';
import { checkClosure, createModuleServer } from './module-server.ts';
import type { ErrorClass, PlainServe, PlainServeOptions } from './plain-serve.ts';
import { ProgramBuild } from './program-build.ts';
import { anchorsIn, hasInlineMap, isOtherText, isSameText, offsetOf } from './same-text.ts';
import { Scripts } from './scripts.ts';

type AnyFunction = (...args: never) => unknown;
const textOf = (fn: AnyFunction): string => Function.prototype.toString.call(fn);
const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function';

/** Makes the finder and server of a plain process. Nothing is built, loaded or asked before the first call. One per thread. */
export function createPlainServe(options: PlainServeOptions): PlainServe {
  const finder = new FunctionFinder(options);
  return {
    server: finder.server,
    identify: (fn, frames) => finder.identify(fn, frames),
    known: (fn) => finder.known(fn),
    errorClass: (fn, name) => finder.errorClass(fn, name),
    exported: (value, via, frames) => finder.exported(value, via, frames),
    close: () => finder.close(),
  };
}

class FunctionFinder {
  readonly server: PlainServe['server'];
  readonly #disk: Disk;
  readonly #own: OwnPackage;
  readonly #program: ProgramBuild;
  readonly #inspector = new Inspector();
  readonly #scripts: Scripts;
  readonly #freshness: Freshness;
  readonly #exports = new KnownExports();
  readonly #answers = new WeakMap<object, IdentifiedFunction>();

  constructor({ disk, entryFile, cacheFolder, startedMs }: PlainServeOptions) {
    this.#disk = disk;
    this.#own = findOwnPackage(disk);
    this.#program = new ProgramBuild(disk, entryFile, cacheFolder);
    this.#scripts = new Scripts(this.#inspector, disk);
    this.#freshness = new Freshness(disk, this.#program, this.#scripts, startedMs);
    this.server = createModuleServer({ builder: this.#program.builder, findBuild: (id) => this.#findBuild(id) });
  }

  close(): void {
    this.#inspector.close();
  }

  errorClass(fn: unknown, name: string): ErrorClass | undefined {
    const called = withoutMarker(fn);
    if (!isFunction(called) || isFunctionRef(called)) return undefined;
    const found = this.#inspector.scopeValue(called, name);
    return isErrorClass(found) ? found : undefined;
  }

  known(fn: unknown): IdentifiedFunction | undefined {
    const called = withoutMarker(fn);
    return isFunction(called) ? this.#answers.get(called) : undefined;
  }

  async identify(fn: unknown, frames: readonly CallFrame[]): Promise<IdentifiedFunction> {
    this.#scripts.noteFrames(frames);
    const place = callPlace(frames, (file) => this.#own.holds(file));
    if (isFunctionRef(fn)) return this.#byReference(fn);
    const called = withoutMarker(fn);
    if (!isFunction(called)) throw refusals.notAFunction(fn, place);
    const known = this.#answers.get(called);
    if (known !== undefined) return known;
    if (isOwn(called)) throw refusals.refusedOwn(called.name, place);
    const answer = this.#byBuiltin(called) ?? (await this.#byLocation(called, place));
    this.#answers.set(called, answer);
    return answer;
  }

  /** @param via a function by whose place the file is found: the class itself, or a member of the object */
  async exported(value: object, via: AnyFunction, frames: readonly CallFrame[]): Promise<ExportedValue> {
    if (value !== via) {
      const { address } = await this.identify(via, frames);
      if (address.kind === 'export') return this.#export(address.build, address.file, address.path.slice(0, -1));
      const { file = '', n } = address.kind === 'function' ? address : {};
      const path = file === '' ? undefined : this.#program.table(file).functions.find((entry) => entry.n === n)?.path;
      if (address.kind !== 'function' || path?.length !== 2) throw refusals.notExported(via.name, file);
      return this.#export(address.build, file, path.slice(0, 1));
    }
    this.#scripts.noteFrames(frames);
    const place = callPlace(frames, (one) => this.#own.holds(one));
    const { place: at } = this.#inspector.facts(via);
    const found = at === undefined ? undefined : await this.#fileOf(via, at);
    if (found === undefined) throw refusals.refusedNoFile(place);
    if (typeof found !== 'string') {
      const { address } = this.#packageAnswer(found);
      return this.#export(address.kind === 'export' ? address.build : '', found.module, found.path);
    }
    if (!this.#program.builder.isUserFile(found)) throw refusals.refusedForeign(via.name, packageName(found), place);
    const isIt = ({ exports, kind, name }: FunctionEntry): boolean =>
      kind === 'class' && exports.length > 0 && (name === via.name || exports.includes(via.name));
    const exports = this.#program.table(found).functions.find(isIt)?.exports;
    if (exports === undefined) throw refusals.notExported(via.name, found);
    return this.#export(this.#checked(found).id, found, exports.slice(0, 1));
  }

  #export(build: string, file: string, path: readonly string[]): ExportedValue {
    const isUser = this.#program.builder.isUserFile(file);
    const table = isUser ? this.#program.table(file) : undefined;
    const [name = ''] = path;
    if (table !== undefined && !table.exports.includes(name)) throw refusals.notExported(name, file);
    return { build, file, path, label: table === undefined ? labelOf(packageName(file) ?? file, path) : `${table.path}#${name}` };
  }

  #findBuild(id: string): Build {
    const build = this.#program.whole();
    if (build?.id === id) return build;
    return this.#program.builder.open(id);
  }

  #byReference(ref: FunctionRef): IdentifiedFunction {
    const file = this.#disk.realPath(ref.url.startsWith('file:') ? fileURLToPath(ref.url.replace(/[?#].*$/, '')) : ref.url);
    if (file === undefined || !this.#program.builder.isUserFile(file)) throw refusals.missingFunction(ref.url, ref.name, undefined);
    const table = this.#program.table(file);
    const entry = table.functions.find(({ path, exports }) => path !== null && (path.join('.') === ref.name || exports.includes(ref.name)));
    if (entry !== undefined) return this.#answer(file, entry);
    if (!table.exports.includes(ref.name) && table.stars.length === 0) throw refusals.missingFunction(file, ref.name, table);
    const build = this.#checked(file);
    return { address: { kind: 'export', build: build.id, file, path: [ref.name] }, label: `${table.path}#${ref.name}` };
  }

  #byBuiltin(fn: AnyFunction): IdentifiedFunction | undefined {
    const builtins = [...this.#program.targets()].filter((target) => target.startsWith('node:'));
    const found = this.#exports.builtin(fn, builtins);
    if (found === undefined) return undefined;
    const address: FunctionAddress = { kind: 'builtin', ...found };
    return { address, label: labelOf(found.module, found.path) };
  }

  async #byLocation(fn: AnyFunction, place: CallPlace): Promise<IdentifiedFunction> {
    const { place: at, isBound } = this.#inspector.facts(fn);
    if (at === undefined || isBound) throw this.#nativeRefusal(fn, isBound, place);
    const file = await this.#fileOf(fn, at);
    if (file === undefined)
      throw this.#scripts.knownName(at.scriptId)?.startsWith('node:') === true
        ? refusals.refusedNative(fn.name, place)
        : refusals.refusedNoFile(place);
    if (typeof file !== 'string') return this.#packageAnswer(file);
    if (!this.#program.builder.isUserFile(file)) return this.#inPackage(fn, file, place);
    return this.#inUserFile(fn, file, at, place);
  }

  /** The file that a place is in, or the export of a package that the function is; undefined when it has no file. */
  async #fileOf(fn: AnyFunction, at: ScriptPlace): Promise<string | FoundExport | undefined> {
    let name = this.#scripts.knownName(at.scriptId);
    if (name === undefined) {
      const file = this.#fileByText(fn, at);
      if (file !== undefined) this.#scripts.noteFile(at.scriptId, file);
      const found = file === undefined ? await this.#exports.package(fn, this.#packageTargets('static')) : undefined;
      if (found !== undefined) return found;
      name = this.#scripts.name(at.scriptId);
    }
    return name === undefined || name.startsWith('node:') ? undefined : this.#scripts.realFile(name);
  }

  /** Native and bound functions have no place. */
  #nativeRefusal(fn: AnyFunction, isBound: boolean, place: CallPlace): ResproutError {
    if (!isBound) return refusals.refusedNative(fn.name, place);
    const wrapped = wrappedArgument(place, this.#disk, this.#program);
    return wrapped === undefined ? refusals.refusedBound(fn.name, place) : refusals.refusedWrapped(wrapped, place);
  }

  /** The one file of the program whose text at that place is the function's own. */
  #fileByText(fn: AnyFunction, at: ScriptPlace): string | undefined {
    const text = textOf(fn);
    const matching = this.#program.files().filter((file) => this.#isAt(text, this.#program.source(file) ?? '', at));
    return matching.length === 1 ? matching[0] : undefined;
  }

  #isAt(text: string, source: string, at: ScriptPlace): boolean {
    const offset = offsetOf(source, at.line, at.column);
    if (offset === undefined) return false;
    return anchorsIn(text).some((anchor) => {
      const rest = text.slice(anchor);
      return anchor >= 0 && isSameText(rest, source.slice(offset, offset + rest.length));
    });
  }

  async #inPackage(fn: AnyFunction, file: string, place: CallPlace): Promise<IdentifiedFunction> {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(file)?.[0];
    const targets = this.#packageTargets('all').filter((target) => folder !== undefined && target.startsWith(folder));
    const found = await this.#exports.package(fn, targets);
    if (found !== undefined) return this.#packageAnswer(found);
    const wrapped = wrappedArgument(place, this.#disk, this.#program);
    if (wrapped !== undefined) throw refusals.refusedWrapped(wrapped, place);
    throw refusals.refusedForeign(fn.name, packageName(file), place);
  }

  #inUserFile(fn: AnyFunction, file: string, at: ScriptPlace, place: CallPlace): IdentifiedFunction {
    const build = this.#program.withFile(file);
    const artefacts = build.artefacts(file);
    const source = this.#program.source(file) ?? '';
    const { table } = artefacts;
    const text = textOf(fn);
    let entry = this.#isAt(text, source, at) ? entryAtPlace(artefacts, at, text) : undefined;
    if (entry === undefined) {
      // V8 runs another text than the one on the disk: a loader made it, or the file was edited.
      const running = this.#scripts.text(at.scriptId);
      if (running === undefined) throw refusals.refusedNoFile(place);
      const found = entryInLoaderText(running, at.line, at.column);
      if (!hasInlineMap(running) && !isWrapped(running) && isOtherText(running, source))
        throw this.#freshness.isNewer(file) ? refusals.sourceChanged(file) : refusals.otherText(file);
      if (found === undefined) throw refusals.refusedForeign(fn.name, table.path, place);
      entry = counterpart(table.functions, found);
      if (entry === undefined && found.path === null) throw refusals.refusedFunction(found, file, place);
      if (entry === undefined) throw refusals.missingFunction(file, found.path?.join('.') ?? fn.name, table);
    }
    if (entry.path === null) {
      const wrapped = entry.why?.rule === 'nested' ? wrappedArgument(place, this.#disk, this.#program) : undefined;
      throw wrapped === undefined ? refusals.refusedFunction(entry, file, place) : refusals.refusedWrapped(wrapped, place);
    }
    return this.#answer(file, entry);
  }

  #answer(file: string, entry: FunctionEntry): IdentifiedFunction {
    const build = this.#checked(file);
    const { path } = build.artefacts(file).table;
    return { address: { kind: 'function', build: build.id, file, n: entry.n }, label: `${path}#${(entry.path ?? []).join('.')}` };
  }

  /** The build, after everything that a call to this file would need has been looked at. */
  #checked(file: string): Build {
    const build = this.#program.withFile(file);
    checkClosure(this.#program.builder, build, file);
    const { files } = this.#program.builder.closureOf(build, file);
    this.#freshness.check([...files.keys()].filter((one) => build.has(one)));
    return build;
  }

  #packageTargets(which: 'static' | 'all'): readonly string[] {
    const build = this.#program.whole();
    if (build === undefined) return [];
    const found = new Set<string>();
    for (const file of build.files()) {
      for (const { kind, specifier } of build.artefacts(file).table.imports) {
        if (kind === 'd' && which === 'static') continue;
        const target = build.targetOf(file, `${kind === 'r' ? 'r' : 'i'}:${specifier}`);
        if (target?.startsWith('/') === true && !build.has(target)) found.add(target);
      }
    }
    return [...found];
  }

  #packageAnswer(found: FoundExport): IdentifiedFunction {
    const build = this.#program.whole();
    if (build === undefined) throw new ResproutError('INTERNAL', 'a package export was found without a build');
    checkClosure(this.#program.builder, build, found.module);
    const address: FunctionAddress = { kind: 'export', build: build.id, file: found.module, path: found.path };
    return { address, label: labelOf(packageName(found.module) ?? found.module, found.path) };
  }
}

function labelOf(module: string, path: readonly string[]): string {
  const names = path.filter((name) => name !== 'default');
  return `${module}.${names.length === 0 ? 'default' : names.join('.')}`;
}

function packageName(file: string): string | undefined {
  return /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

/** Whether a function is `Error` or a class below it, of whatever realm. */
function isErrorClass(value: unknown): value is ErrorClass {
  for (let at: unknown = value; isFunction(at); at = Object.getPrototypeOf(at))
    if (at.name === 'Error' && /\[native code\]/.test(textOf(at))) return true;
  return false;
}

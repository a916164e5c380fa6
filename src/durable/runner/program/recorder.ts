// What `own` functions see of a session. Refusals are thrown and never recorded: the next build may mend them.
import { fileURLToPath } from 'node:url';
import type { FunctionAddress, FunctionEntry } from '../../../base/builds/build.ts';
import { isOwn, withoutMarker, type IdentifiedFunction, type Recorded, type Recorder } from '../../../base/recorder.ts';
import type { Site } from '../../../base/site.ts';
import { decodeValue, REMOTE_TAG, type ErrorConstructorLike, type ValueExtension } from '../../../wire/index.ts';
import { errorExtensions } from '../../../remote/calls/error-extensions.ts';
import { isFunctionRef, type FunctionRef } from '../../../remote/calls/fn-ref.ts';
import {
  mainUnguarded,
  missingFunction,
  notAFunction,
  refusedBound,
  refusedForeign,
  refusedFunction,
  refusedNative,
  refusedOwn,
  type CallPlace,
} from '../../../remote/calls/refusals.ts';
import { brandOf, textOf } from '../../replay/kinds/brand-of.ts';
import type { Realm } from '../../replay/session/realm.ts';
import type { Session } from '../../replay/session/session-api.ts';
import type { RunnerBuild } from '../instances/index.ts';
import { reachesEntry } from './reaches-entry.ts';

function fileFromUrl(url: string): string | undefined {
  return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : undefined;
}

/**
 * A Secret that a far error holds arrives as the text that stands for it: the error is recorded, and a Secret never is. It was one for a moment,
 * so that it is known and not shown.
 */
const recordedErrors: readonly ValueExtension[] = errorExtensions.map((entry) =>
  entry.tag === REMOTE_TAG.SECRET ? { ...entry, decode: (payload) => String(entry.decode(payload)) } : entry,
);

const nativeText = /\{ \[native code\] \}$/;

/** What a recorder needs. */
export interface RecorderOptions {
  readonly session: Session;
  readonly realm: Realm;
  /** The session's build: tables of its files, late ones too. */
  readonly build: RunnerBuild;
  /** A class of the session by its name and, when it is known, its file. */
  readonly classNamed: (name: string, file?: string) => unknown;
}

class SessionRecorder implements Recorder {
  readonly sessionId: string;
  readonly buildId: string;
  readonly #options: RecorderOptions;
  readonly #stable = new Map<string, object>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.sessionId = options.session.id;
    this.buildId = options.build.id;
  }

  site(): Site | undefined {
    const info = this.#options.session.hook.at?.info;
    return info === undefined ? undefined : { id: info.id, file: info.file, line: info.line, column: info.column };
  }

  record<T>(call: Recorded<T>): Promise<T> {
    return this.#options.session.world.call(call);
  }

  timer(ms: number): Promise<void> {
    return this.#options.session.world.timer(ms).fired;
  }

  stable<T extends object>(key: string, make: () => T): T {
    const known = this.#stable.get(key);
    if (known !== undefined) return known as T;
    const made = make();
    this.#stable.set(key, made);
    return made;
  }

  outside<T>(run: () => T): T {
    return this.#options.realm.context.run(undefined, run);
  }

  decode(bytes: Uint8Array, from: FunctionAddress): unknown {
    const file = from.kind === 'builtin' ? undefined : from.file;
    const { classNamed, realm } = this.#options;
    return decodeValue(bytes, {
      extensions: recordedErrors,
      errorClass: (name) => asClass(classNamed(name, file)) ?? asClass(classNamed(name)) ?? asClass(realm.exports.classNamed(name)),
    });
  }

  identify(given: unknown): IdentifiedFunction {
    const fn = withoutMarker(given);
    const place = this.#place();
    if (isFunctionRef(fn)) return this.#ofReference(fn, place);
    if (typeof fn !== 'function') throw notAFunction(fn, place);
    if (isOwn(fn)) throw refusedOwn(fn.name, place);
    return this.#ofBrand(fn, place) ?? this.#ofExport(fn) ?? this.#refuse(fn, place);
  }

  /** The owner refuses such a closure too, but what it says would be the recorded result of the call. */
  #checkGuarded(file: string): void {
    const { build } = this.#options;
    const { table } = build.factsOf(build.manifest.entry);
    const [statement] = table.unguarded;
    if (statement !== undefined && reachesEntry(build, file)) throw mainUnguarded(table.path, statement);
  }

  #place(): CallPlace {
    const site = this.site();
    return site === undefined ? undefined : { file: site.file, line: site.line, column: site.column };
  }

  #ofReference(reference: FunctionRef, place: CallPlace): IdentifiedFunction {
    const { build } = this.#options;
    const file = fileFromUrl(reference.url);
    if (file === undefined || !build.has(file)) throw missingFunction(file ?? reference.url, reference.name, undefined);
    const { table } = build.factsOf(file);
    const { name } = reference;
    const entry = table.functions.find(({ path, exports }) => path?.join('.') === name || exports.includes(name));
    if (entry !== undefined) return this.#addressOf(file, entry, place);
    if (!table.exports.includes(name)) throw missingFunction(table.path, name, table);
    this.#checkGuarded(file);
    return { address: { kind: 'export', build: build.id, file, path: [name] }, label: `${table.path}#${name}` };
  }

  #ofBrand(fn: object, place: CallPlace): IdentifiedFunction | undefined {
    const brand = brandOf(fn);
    const file = brand === undefined ? undefined : this.#options.build.fileOf(brand.key);
    if (brand === undefined || file === undefined) return undefined;
    const entry = this.#options.build.factsOf(file).table.functions[brand.n];
    return entry === undefined ? undefined : this.#addressOf(file, entry, place);
  }

  #addressOf(file: string, entry: FunctionEntry, place: CallPlace): IdentifiedFunction {
    const { build } = this.#options;
    const { path } = build.factsOf(file).table;
    if (entry.path === null) throw refusedFunction(entry, path, place);
    this.#checkGuarded(file);
    return { address: { kind: 'function', build: build.id, file, n: entry.n }, label: `${path}#${entry.path.join('.')}` };
  }

  #ofExport(fn: object): IdentifiedFunction | undefined {
    const known = this.#options.realm.exports.of(fn);
    if (known === undefined || known.path === null || known.path.length === 0) return undefined;
    const label = `${known.module}.${known.name}`;
    const { target, path } = known;
    if (target.startsWith('node:')) return { address: { kind: 'builtin', module: target, path }, label };
    return { address: { kind: 'export', build: this.buildId, file: target, path }, label };
  }

  #refuse(fn: { readonly name: string }, place: CallPlace): never {
    if (fn.name.startsWith('bound ')) throw refusedBound(fn.name, place);
    const { kinds } = this.#options.realm;
    // Functions of the language that a session replaces (`fetch`, `setTimeout`) are marked so, whatever their text.
    const { how } = kinds.of(fn);
    if (how === 'language' || how === 'own' || nativeText.test(textOf(fn))) throw refusedNative(fn.name, place);
    throw refusedForeign(fn.name, kinds.moduleOf(fn), place);
  }
}

function asClass(value: unknown): ErrorConstructorLike | undefined {
  if (typeof value !== 'function') return undefined;
  const prototype: unknown = Reflect.get(value, 'prototype');
  return typeof prototype === 'object' && prototype !== null ? { prototype } : undefined;
}

/** Makes the recorder of a session. The runner sets it as `session.recorder` before it runs the program. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new SessionRecorder(options);
}

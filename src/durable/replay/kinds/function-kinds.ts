// What is this function? Asked once per function and cached: a function never changes its kind.
// 1. Marked by us (patched globals, promise resolvers, bound functions). 2. Intrinsics. 3. `own`. 4. A brand in its text: user code.
// 5. Nameless native functions (a promise's resolvers): inline, or a replay would wait for them for ever.
// 6. An export of an imported module, else where V8 says it was defined: a package, whose profile decides. 7. Unknown: of the platform.
import { BRAND_PREFIX } from '../../../base/builds/build.ts';
import { isOwn } from '../../../base/recorder.ts';
import { textOf } from './brand-of.ts';
import { packageOf, type ModuleExports } from './module-exports.ts';
import type { Intrinsics } from './intrinsics.ts';
import { GENERATOR_METHODS } from './intrinsics.ts';
import { looksAtCaller, type Profiles } from '../profiles/profiles.ts';

/** What the hook does with a function. */
export type FunctionKind =
  /** User code and the language: called, and cached at the call site. */
  | { readonly how: 'user' | 'language' }
  /** Of the platform or of an inline builtin: called, unless the receiver or an argument came from outside. */
  | { readonly how: 'platform' }
  /** Of an inline package: called, and cached at the call site. */
  | { readonly how: 'inline' }
  /** Of the platform, and looks at the place it is called from. */
  | { readonly how: 'placed' }
  /** Ours: called with the call site left in the hook. */
  | { readonly how: 'own' }
  /** A method of generators: the receiver decides. */
  | { readonly how: 'generator' }
  /** Leaves the program: recorded. */
  | { readonly how: 'outside'; readonly module: string };

const USER: FunctionKind = { how: 'user' };
const LANGUAGE: FunctionKind = { how: 'language' };
const PLATFORM: FunctionKind = { how: 'platform' };
const INLINE: FunctionKind = { how: 'inline' };
const PLACED: FunctionKind = { how: 'placed' };
const OWN: FunctionKind = { how: 'own' };
const GENERATOR: FunctionKind = { how: 'generator' };

const nativeText = /\{ \[native code\] \}$/;

/** Classifies the functions of a realm. */
export class FunctionKinds {
  readonly #kinds = new WeakMap<object, FunctionKind>();
  readonly #targets = new WeakMap<object, object>();
  readonly #intrinsics: Intrinsics;
  readonly #exports: ModuleExports;
  readonly #profiles: Profiles;
  readonly #locate: (fn: object) => string | undefined;

  /** @param locate url of the script a function was defined in; undefined when nobody knows */
  constructor(intrinsics: Intrinsics, exports: ModuleExports, profiles: Profiles, locate: (fn: object) => string | undefined) {
    this.#intrinsics = intrinsics;
    this.#exports = exports;
    this.#profiles = profiles;
    this.#locate = locate;
  }

  /** Says what a function is, before anybody asks: patched globals, promise resolvers. */
  mark(fn: object, how: 'user' | 'language' | 'own'): void {
    this.#kinds.set(fn, how === 'own' ? OWN : how === 'user' ? USER : LANGUAGE);
  }

  /** Says that a function stands for one of a module that leaves the program. */
  markOutside(fn: object, module: string): void {
    this.#kinds.set(fn, { how: 'outside', module });
  }

  /** A callable proxy is of the kind of its target, whenever that is asked. */
  standsFor(proxy: object, target: object): void {
    this.#targets.set(proxy, target);
  }

  /** A function made from another one (`bind`) is of its kind. */
  copy(from: object, to: object): void {
    this.#kinds.set(to, this.of(from));
  }

  /**
   * @param module module of the live object it is called on: spares the question to V8. It counts for this call only, since methods are
   * inherited from classes of other modules.
   */
  of(fn: object, module?: string): FunctionKind {
    const target = this.#targets.get(fn);
    if (target !== undefined) return this.of(target, module);
    const known = this.#kinds.get(fn) ?? this.#ask(fn);
    if (known === undefined && module !== undefined) return this.#byProfile(module);
    const kind = known ?? this.#located(fn);
    this.#kinds.set(fn, kind);
    return kind;
  }

  /** Whether a value is a function of the program itself: its calls are hooked. */
  isUser(value: unknown): boolean {
    if (typeof value !== 'function') return false;
    const known = this.#kinds.get(value);
    return known === undefined ? textOf(value).includes(BRAND_PREFIX) : known.how === 'user';
  }

  /** What is known without V8. */
  #ask(fn: object): FunctionKind | undefined {
    if (GENERATOR_METHODS.has(fn)) return GENERATOR;
    if (this.#intrinsics.language.has(fn)) return LANGUAGE;
    if (this.#intrinsics.platform.has(fn)) return PLATFORM;
    if (isOwn(fn)) return OWN;
    const text = textOf(fn);
    if (text.includes(BRAND_PREFIX)) return USER;
    const exported = this.#exports.of(fn);
    if (exported !== undefined) return this.#byProfile(exported.module);
    return Reflect.get(fn, 'name') === '' && nativeText.test(text) ? LANGUAGE : undefined;
  }

  #located(fn: object): FunctionKind {
    const module = this.moduleOf(fn);
    // Bound by a package, or made of a text: what it does outside is recorded there.
    return module === undefined ? PLATFORM : this.#byProfile(module);
  }

  #byProfile(module: string): FunctionKind {
    if (looksAtCaller(module)) return PLACED;
    if (module === '' || module.startsWith('node:')) return PLATFORM;
    return this.#profiles.of(module) === 'boundary' ? { how: 'outside', module } : INLINE;
  }

  /** The package or builtin in whose files a function was defined; undefined when nobody knows. */
  moduleOf(fn: object): string | undefined {
    const url = this.#locate(fn);
    return url === undefined ? undefined : packageOf(url);
  }
}

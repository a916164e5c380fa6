import type { AsyncContext } from '../../../base/seams/async-context.ts';
import type { NodeKinds } from '../../journal/values/node-kinds.ts';
import { FunctionKinds } from '../kinds/function-kinds.ts';
import { walkIntrinsics } from '../kinds/intrinsics.ts';
import { ModuleExports } from '../kinds/module-exports.ts';
import type { AnyFunction } from '../kinds/value-checks.ts';
import { Profiles, type Profile } from '../profiles/profiles.ts';
import type { Scope, Session } from './session-api.ts';

/** What a realm needs from outside. */
export interface RealmOptions {
  /** Follows code through its awaits. One for all sessions of the process. */
  readonly context: AsyncContext<Scope>;
  /** Url of the script in which a function was defined. Asked once per function, and only for those no import names. */
  readonly locate: (fn: object) => string | undefined;
  /** `f.apply(o, args)`, for the engine called where the program calls it. Without it such functions see this package as their caller. */
  readonly callInPlace?: ((f: AnyFunction, o: unknown, args: readonly unknown[]) => unknown) | undefined;
  /** The global object, before anything of it is patched. */
  readonly globals: object;
  /** What the codec asks of Node. Real: platform/values/node-kinds.ts. */
  readonly nodeKinds: NodeKinds;
  /** Profiles of the configuration, over the shipped ones. */
  readonly profiles?: Readonly<Record<string, Profile>> | undefined;
}

/** What all sessions of a process share. Made once, before the globals are patched and before any package is loaded. */
export class Realm {
  readonly context: AsyncContext<Scope>;
  readonly kinds: FunctionKinds;
  readonly exports: ModuleExports;
  readonly nodeKinds: NodeKinds;
  readonly profiles: Profiles;
  readonly callInPlace: (f: AnyFunction, o: unknown, args: readonly unknown[]) => unknown;

  constructor(options: RealmOptions) {
    this.context = options.context;
    this.nodeKinds = options.nodeKinds;
    this.callInPlace = options.callInPlace ?? ((f, o, args) => Reflect.apply(f, o, args));
    this.exports = new ModuleExports();
    this.profiles = new Profiles(options.profiles);
    this.kinds = new FunctionKinds(walkIntrinsics(options.globals), this.exports, this.profiles, options.locate);
  }

  /** The session whose code runs now; undefined in activities and outside of sessions. */
  session(): Session | undefined {
    const scope = this.context.current();
    return scope?.kind === 'session' ? scope.session : undefined;
  }

  /** The session this code belongs to, in activities too. */
  owner(): Session | undefined {
    return this.context.current()?.session;
  }

  /**
   * Notes what a module exports, for names in the journal and for the profile of its functions.
   * Called for each package and builtin that a user file imports. @param target absolute path of its file, or the builtin's name
   */
  registerModule(specifier: string, target: string, namespace: unknown): void {
    this.exports.add(specifier, target, namespace);
  }
}

import type { ClassAccessor } from '../build/compile.ts';
import type { UserModule } from './module-types.ts';

/** How far an instance is. `evaluated` includes one whose top-level await is under way: then `done` is there. */
export type InstanceState = 'linked' | 'evaluating' | 'evaluated' | 'failed';

/** One user file in one session. */
export interface ModuleInstance {
  readonly module: UserModule;
  /** Exports by name, live: what other modules read. */
  readonly bindings: Record<string, unknown>;
  /** Bindings as `import * as` and `import()` give them. Made when first asked for. */
  namespace: object | undefined;
  /** Classes of the top level. */
  classes: ClassAccessor | undefined;
  /** Runs the body: for ES modules up to the first await. */
  readonly body: ModuleBody;
  state: InstanceState;
  failure: unknown;
  /** Resolves when the body with its awaits is through; undefined before and after. */
  done: Promise<void> | undefined;
  /** The module of its import cycle that the others wait for; itself outside of cycles. */
  cycleRoot: ModuleInstance | undefined;
  /** Place in the depth-first search of the running evaluation, as in Tarjan's algorithm. */
  index: number;
  low: number;
}

/** What is run of a module. */
export interface ModuleBody {
  /** Gives the bindings of dependencies to an ES module; nothing for others. */
  link(bound: readonly object[]): void;
  /** Runs the body; a promise when it awaits. */
  run(): Promise<void> | undefined;
}

export function createInstance(module: UserModule, bindings: Record<string, unknown>, body: ModuleBody): ModuleInstance {
  return {
    module,
    bindings,
    namespace: undefined,
    classes: undefined,
    body,
    state: 'linked',
    failure: undefined,
    done: undefined,
    cycleRoot: undefined,
    index: -1,
    low: -1,
  };
}

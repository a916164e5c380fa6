// How packages are treated. Builtins have no profile: whatever of them leaves JavaScript records itself, whoever calls it (runner/edge,
// runner/puppets), and the rest runs again. A package runs inline for the same reason, unless the build says that it leaves JavaScript by a way that
// nobody sees.

/** `inline`: executed again on replay. `boundary`: each call from the program is recorded, what it gives may be a live object. */
export type Profile = 'inline' | 'boundary';

/**
 * Methods of boundary packages whose function arguments are called for a value, at once: it runs inside the call and nothing of it is recorded.
 * Other functions that stand last are callbacks and listeners: each call of one is an event.
 */
const VALUE_METHODS: ReadonlySet<string> = new Set([
  'transaction',
  'function',
  'aggregate',
  'table',
  'map',
  'filter',
  'each',
  'forEach',
  'sort',
  'reduce',
]);

/** Whether a function that this method is given is called for its value. */
export function wantsValue(method: string): boolean {
  return VALUE_METHODS.has(method.slice(method.lastIndexOf('.') + 1));
}

/** Whether functions of this builtin look at the place of their caller. node:test tells it of each test. */
export function looksAtCaller(module: string): boolean {
  return module === 'node:test' || module.startsWith('node:internal/test_runner/');
}

/** The profiles of one process, by package. */
export class Profiles {
  readonly #table: Map<string, Profile>;

  constructor(packages: Readonly<Record<string, Profile>> = {}) {
    this.#table = new Map(Object.entries(packages));
  }

  /** Whether there are packages whose objects must not be handed to others unseen. */
  get hasBoundary(): boolean {
    for (const profile of this.#table.values()) if (profile === 'boundary') return true;
    return false;
  }

  /** Adds the packages of a build. Before any of them is loaded: a function never changes its kind. */
  add(packages: Readonly<Record<string, Profile>>): void {
    for (const [name, profile] of Object.entries(packages)) this.#table.set(name, profile);
  }

  /** @param module name of a package or builtin, such as `pg`, `@scope/name` */
  of(module: string): Profile {
    return this.#table.get(module) ?? 'inline';
  }
}

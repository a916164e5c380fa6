// Evaluation of a module graph as the language has it: depth first, each module once, import cycles as one, modules with a top-level await
// side by side with their siblings. InnerModuleEvaluation of ECMA-262, with promises in place of its counters.
import type { ModuleInstance } from './module-instance.ts';

/** What evaluation asks of a session. */
export interface InstanceSource {
  /** Instances of the static imports of a module, user files only. */
  dependencies(instance: ModuleInstance): readonly ModuleInstance[];
}

/**
 * Evaluates a module and everything that it imports. A promise when something awaits.
 * @throws the error of the first module that fails; asked again, the same one
 */
export function evaluate(root: ModuleInstance, source: InstanceSource): Promise<void> | undefined {
  const search = new Search(source);
  try {
    search.visit(root);
  } catch (error) {
    search.fail(error);
    throw error;
  }
  const waited = root.cycleRoot ?? root;
  if (waited.state === 'failed') throw waited.failure;
  return waited.done;
}

class Search {
  readonly #source: InstanceSource;
  readonly #stack: ModuleInstance[] = [];
  #next = 0;

  constructor(source: InstanceSource) {
    this.#source = source;
  }

  visit(instance: ModuleInstance): void {
    if (instance.state === 'failed') throw instance.failure;
    if (instance.state !== 'linked') return;
    instance.state = 'evaluating';
    instance.index = instance.low = this.#next++;
    this.#stack.push(instance);
    const waits: Promise<void>[] = [];
    for (const dependency of this.#source.dependencies(instance)) {
      this.visit(dependency);
      const waited = this.#awaited(instance, dependency);
      if (waited !== undefined) waits.push(waited);
    }
    start(instance, waits);
    if (instance.low === instance.index) this.#close(instance);
  }

  /** Every module that had begun fails with the one that threw. */
  fail(error: unknown): void {
    for (const instance of this.#stack) {
      instance.state = 'failed';
      instance.failure = error;
    }
  }

  /** What `instance` waits for before it runs: a member of its own cycle that has begun, or the root of another one. */
  #awaited(instance: ModuleInstance, dependency: ModuleInstance): Promise<void> | undefined {
    if (dependency.state === 'evaluating') {
      // Still open in another search (an import() during evaluation): it is not part of this cycle.
      if (this.#stack.includes(dependency)) instance.low = Math.min(instance.low, dependency.low);
      return dependency.done;
    }
    const root = dependency.cycleRoot ?? dependency;
    if (root.state === 'failed') throw root.failure;
    return root.done;
  }

  #close(root: ModuleInstance): void {
    for (;;) {
      const member = this.#stack.pop();
      if (member === undefined) return;
      if (member.state === 'evaluating') member.state = 'evaluated';
      member.cycleRoot = root;
      if (member === root) return;
    }
  }
}

/** Runs the body now, or when what it waits for is done. */
function start(instance: ModuleInstance, waits: readonly Promise<void>[]): void {
  const done = waits.length === 0 ? instance.body.run() : Promise.all(waits).then(() => instance.body.run());
  if (done === undefined) return;
  instance.done = done.then(
    () => {
      instance.done = undefined;
    },
    (error: unknown) => {
      instance.done = undefined;
      instance.state = 'failed';
      instance.failure = error;
      throw error;
    },
  );
  // Whoever imports the module hears of it; when nobody does any more, nobody has to.
  instance.done.catch(() => undefined);
}

import type { Hook, ImportFunction } from '../../replay/calls/hook-contract.ts';
import type { ClassAccessor, EsmFunction } from '../build/compile.ts';
import { Disposals, DisposingSteps } from './disposals.ts';
import { createInstance, type ModuleInstance } from './module-instance.ts';
import type { UserModule } from './module-types.ts';

/** Makes an instance of an ES module and runs its first step: functions are hoisted, exports can be read, nothing has run. */
export function instantiateEsm(module: UserModule, fn: EsmFunction, hook: Hook, meta: object, load: ImportFunction): ModuleInstance {
  const steps = fn.call(undefined, hook, meta, load);
  const [bindings, classes] = firstStep(steps.next().value);
  const instance = createInstance(module, bindings, {
    link(bound) {
      steps.next(bound);
    },
    run() {
      const disposals = new Disposals();
      const body = new DisposingSteps(steps, disposals);
      const result = body.next(disposals);
      return result.done === true ? undefined : drive(body, result.value);
    },
  });
  instance.classes = classes;
  return instance;
}

/** What the transform's first `yield` gives. */
function firstStep(value: unknown): [Record<string, unknown>, ClassAccessor] {
  return value as [Record<string, unknown>, ClassAccessor];
}

/** Each `yield` of the body is a top-level await. */
async function drive(steps: DisposingSteps, awaited: unknown): Promise<void> {
  for (let value = awaited; ;) {
    let resume: () => IteratorResult<unknown, void>;
    try {
      const settled: unknown = await value;
      resume = () => steps.next(settled);
    } catch (error) {
      resume = () => steps.throw(error);
    }
    const result = resume();
    if (result.done === true) return;
    value = result.value;
  }
}

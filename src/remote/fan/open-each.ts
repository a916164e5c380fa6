// Openings of many targets.
import type { Target } from '../../base/inventory/inventory.ts';
import { recorder } from '../../base/recorder.ts';
import type { Site } from '../../base/site.ts';
import type { Context } from '../contexts/context.ts';
import { eachOnce } from '../inventory/expand-targets.ts';
import { targetsAt } from '../inventory/targets.ts';
import { openTarget } from '../contexts/open.ts';
import type { OpenOptions } from '../contexts/options.ts';
import { Completions, type Task } from './completions.ts';
import { fanLimits, type FanOptions } from './fan-options.ts';

/** What came of opening one of many targets. */
export type OpenOutcome =
  | { readonly target: Target; readonly ok: true; readonly context: Context }
  | { readonly target: Target; readonly ok: false; readonly error: unknown };

/** Those of `connect`, and how many at once. */
export interface OpenEachOptions extends FanOptions, Omit<OpenOptions, 'signal' | 'name' | 'node' | 'env'> {}

/**
 * Opens every target, `concurrency` at once, and tells what came of each: one that fails or hangs holds up no other one. What was opened and
 * not seen, because the loop was left or aborted, stays open until the program ends.
 * @param wanted texts (`ssh://web-1`, `@web`, `local:n-{1..9}`), or what `targets` has given; what several texts name is opened once
 * @returns outcomes as they come (`for await`), or all in the order of the targets (`await openEach(…).all()`)
 * @throws ResproutError CALL_OPTIONS_INVALID; when it is read: REMOTE_TARGET_INVALID and CONFIG_INVALID for a name. What an opening throws is its outcome
 */
export function openEach(wanted: Iterable<string | Target>, options: OpenEachOptions = {}): Completions<OpenOutcome> {
  const { batch: _batch, concurrency: _concurrency, signal, stopAfter: _stopAfter, ...opening } = options;
  const site = recorder()?.site();
  const taskOf = (target: Target): Task<OpenOutcome> => ({
    run: async (stop) => ({ target, ok: true, context: await openTarget(target, { ...opening, signal: stop }, site) }),
    failed: (error) => ({ target, ok: false, error }),
  });
  const found = targetsOf([...wanted], site);
  const tasks = found instanceof Promise ? found.then((known) => known.map(taskOf)) : found.map(taskOf);
  return new Completions(tasks, fanLimits(options), signal);
}

/** Each target once. The settings are asked only for what they may know: in a session that is an event. */
function targetsOf(wanted: readonly (string | Target)[], site: Site | undefined): readonly Target[] | Promise<readonly Target[]> {
  const isAsked = (one: string | Target): one is string => typeof one === 'string' && /^@|\{/.test(one);
  const plain = (one: string | Target): Target => (typeof one === 'string' ? { name: one, target: one, vars: {} } : one);
  if (!wanted.some(isAsked)) return eachOnce(wanted.map(plain));
  return Promise.all(wanted.map(async (one) => (isAsked(one) ? await targetsAt([one], site) : [plain(one)]))).then((all) =>
    eachOnce(all.flat()),
  );
}

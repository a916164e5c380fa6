// A program in four ways: as plain Node runs it, recorded, replayed, and killed after each of its events and resumed.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { codeOf } from '../../../src/base/errors/errors.ts';
import { killAfter, program, run, type Program, type Run } from '../../replay/support/program.ts';
import { inTime } from '../../support/in-time.ts';

/** What is known of the outside. */
export interface Outside {
  /** What reached it since the last look. */
  take(): readonly string[];
}

/** What a program may do besides the usual. */
export interface FourWaysOptions {
  /** What the program is given as `data`. */
  readonly data?: unknown;
  readonly outside: Outside;
  /** Codes with which it may end when it is resumed: of its error, or of a cause of that. */
  readonly coded?: readonly string[];
}

async function plainly(built: Program, data: unknown): Promise<unknown> {
  const loaded: unknown = await import(pathToFileURL(built.file).href);
  const entry: unknown = Reflect.get(loaded as object, 'default');
  return await (Reflect.apply(entry as (event: object) => unknown, undefined, [{ data }]) as Promise<unknown>);
}

/** Runs a program in all ways and compares. Gives the recorded run. */
export async function fourWays(text: string, { data, outside, coded = [] }: FourWaysOptions): Promise<Run> {
  using built = await program(text);
  const plain = await inTime('the plain program', plainly(built, data));
  const effects = outside.take();
  const first = await inTime('the first run', run(built, { data }));
  assert.deepEqual(endOf(first), { how: 'done', value: plain }, 'first run');
  assert.deepEqual(outside.take(), effects, 'effects of the first run');
  const again = await inTime('the replay', run(built, { data, history: first.events, strict: true }));
  assert.deepEqual(endOf(again), endOf(first), 'replay');
  assert.deepEqual([again.appended.length, outside.take()], [0, []], 'a replay does nothing');
  for (let n = 2; n < first.events.length; n++) {
    const left = await inTime(`kill after ${n}`, killAfter(built, n, { data }));
    const before = outside.take();
    const resumed = await inTime(`resume after ${n}`, run(built, { data, history: left }));
    const after = outside.take();
    const codes = resumed.outcome.how === 'failed' ? codesOf(resumed.outcome.error) : [];
    if (!codes.some((code) => coded.includes(code))) assert.deepEqual(endOf(resumed), endOf(first), `resumed after event ${n}`);
    // Those that were answered are not asked again; those in flight are, once.
    assert.ok(before.length + after.length <= effects.length + inFlight(left), `after event ${n}: ${String([...before, '|', ...after])}`);
    const replayed = await inTime(`replay after ${n}`, run(built, { data, history: resumed.events, strict: true }));
    assert.deepEqual([replayed.outcome.how, replayed.appended.length], [resumed.outcome.how, 0], `replay of the resumed session ${n}`);
    assert.deepEqual(outside.take(), [], `replay of the resumed session ${n}`);
  }
  return first;
}

/** What a run gave. What was dropped at its end may differ: an answer that nobody waits for comes or does not. */
function endOf({ outcome }: Run): unknown {
  return outcome.how === 'done' ? { how: outcome.how, value: outcome.value } : { how: outcome.how, error: outcome.error };
}

function codesOf(error: unknown): readonly string[] {
  const code = codeOf(error);
  const cause: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'cause') : undefined;
  return [...(code === undefined ? [] : [code]), ...(cause === undefined ? [] : codesOf(cause))];
}

function inFlight(events: Run['events']): number {
  const done = new Set(events.flatMap((event) => (event.t === 'done' ? [event.id] : [])));
  return events.filter((event) => event.t === 'call' && !done.has(event.id)).length;
}

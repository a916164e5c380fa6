// One small program in every way: plain, recorded, replayed, and cut after each event and resumed.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import type { SessionOutcome } from '../../../src/durable/replay/session/session-report.ts';
import { buildProgram, killAfter, run, type Program, type RunOptions } from '../../replay/support/program.ts';
import { inTime } from '../../support/in-time.ts';

/** What a program came to: its value, or the code or text of its error. */
export type Came = { readonly value: unknown } | { readonly error: string };

/** How programs are compared. */
export interface Ways {
  /** Codes with which a resumed program may end instead. */
  readonly coded?: readonly string[];
  /** Whether plain Node is asked too. */
  readonly plain?: boolean;
  /** Whether another run may come to another value: a race. Each journal is still replayed to its own. */
  readonly varies?: boolean;
  /** Other files. */
  readonly files?: Readonly<Record<string, string>>;
  /** Before each run: what it finds outside. */
  readonly reset?: () => void;
  readonly options?: RunOptions;
}

const shown = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  return typeof code === 'string' ? code : message;
};

/** What an outcome came to. */
export const came = (outcome: SessionOutcome): Came =>
  outcome.how === 'done' ? { value: outcome.value } : { error: shown(outcome.error) };

async function plainly(built: Program): Promise<Came> {
  const { default: main } = (await import(pathToFileURL(built.file).href)) as { readonly default: (input: object) => unknown };
  try {
    return { value: await main({}) };
  } catch (error) {
    return { error: shown(error) };
  }
}

let numbered = 0;

/** Runs a program in every way. @returns its result, and the journal of the whole run */
export async function everyWay(text: string, ways: Ways = {}): Promise<{ readonly came: Came; readonly events: readonly JournalEvent[] }> {
  using built = await buildProgram({ ...ways.files, 'main.ts': text });
  const reset = (): void => ways.reset?.();
  const options = { ...ways.options, id: `ses_way${String(++numbered)}` };
  reset();
  const plain = ways.plain === false ? undefined : await inTime('plain Node', plainly(built));
  reset();
  const first = await inTime('the first run', run(built, options));
  const expected = came(first.outcome);
  if (plain !== undefined) assert.deepEqual(expected, plain, 'the first run is as plain Node');
  reset();
  const again = await inTime('the replay', run(built, { ...options, history: first.events, strict: true }));
  assert.deepEqual([came(again.outcome), again.appended], [expected, []], 'a replay agrees and appends nothing');
  for (let events = 1; events < first.events.length; events++) {
    reset();
    const history = await inTime(`the run to event ${String(events)}`, killAfter(built, events, options));
    const at = `killed after event ${String(events)} of ${String(first.events.length)} (${history.at(-1)?.t ?? ''})`;
    const resumed = await inTime(at, run(built, { ...options, history }));
    const result = came(resumed.outcome);
    const isCoded = 'error' in result && (ways.coded?.includes(result.error) ?? false);
    if (!isCoded && ways.varies !== true) assert.deepEqual(result, expected, at);
    const replayed = await inTime(`${at}, resumed and replayed`, run(built, { ...options, history: resumed.events, strict: true }));
    assert.deepEqual([came(replayed.outcome), replayed.appended], [result, []], `${at}, resumed and replayed`);
  }
  return { came: expected, events: first.events };
}

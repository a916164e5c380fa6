// builds and calls 2: the program of 75 calls, killed after every event; in CI after each third of them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, it, test, type TestContext } from 'node:test';
import { openStore, readSession } from '../../src/worker.ts';
import type { Kill } from '../kill-sweep/plan.ts';
import type { Subject } from '../kill-sweep/subject.ts';
import { trial } from '../kill-sweep/trial.ts';
import { needs } from '../support/needs.ts';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { ownHere } from './support/owned-here.ts';
import { MARKS_IN_ALL, marksIn, plainLines, SESSION, traceIn } from './support/seventy-five.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(): StagedProgram {
  const program = stageProgram('forms');
  staged.push(program);
  return program;
}

/** The lines that a stream which was half read when its process ended may change: the rule for them is STREAM_INTERRUPTED. */
const STREAMS = /^\["(?:async )?generator",/;
const withoutStreams = (lines: readonly string[]): readonly string[] => lines.filter((line) => !STREAMS.test(line));

/** From one kill to the next: those after a call and those after its result have a chain each. */
const STEP = process.env['CI'] === 'true' ? 6 : 2;

/** Some 90 resumes one after the other. */
const LONG = { timeout: 1_800_000 };

let whole: Promise<{ readonly lines: readonly string[]; readonly marks: readonly string[] }> | undefined;

/** What the program gives when nobody is killed. */
function reference(): NonNullable<typeof whole> {
  whole ??= (async () => {
    const program = stage();
    const marks = program.path('marks');
    const session = { file: program.path('seventy-five.ts'), sessionId: SESSION, data: { marks }, storeFolder: program.path('store') };
    const { value } = await ownHere('run', session);
    return { lines: plainLines(value as string[], program), marks: marksIn(marks) };
  })();
  return whole;
}

/**
 * One session whose owner is stopped again and again: after event `first`, `first + STEP`, … of its journal, until it is done.
 */
async function chain(first: number, answered: boolean, context: TestContext): Promise<void> {
  const program = stage();
  const marks = program.path('marks');
  const session = { file: program.path('seventy-five.ts'), sessionId: SESSION, data: { marks }, storeFolder: program.path('store') };
  const expected = await reference();
  let kills = 0;
  for (let event = first; event < 400; event += STEP) {
    const result = await ownHere(event === first ? 'run' : 'resume', session, { event, answered });
    const { events } = await readSession(openStore({ folder: session.storeFolder }), SESSION);
    if (result.state === 'lost') {
      assert.equal(events.length, event + 1, 'nothing after the stop is in the journal');
      kills++;
      if (events.at(-1)?.t !== 'end') continue;
    }
    context.diagnostic(`${kills} kills, ${events.length} events`);
    // Resumes may add steps that end a stream, and every event has been the last one once.
    assert.ok(kills >= Math.floor((events.length - 1 - first) / STEP), `${kills} kills, ${events.length} events`);
    if (result.state === 'done') {
      const lines = plainLines(result.value as string[], program);
      assert.deepEqual(withoutStreams(lines), withoutStreams(expected.lines));
      for (const line of lines.filter((one) => STREAMS.test(one))) assert.match(line, /,\[0,1,2\]\]$|STREAM_INTERRUPTED/);
    }
    const runs = new Map<string, number>();
    for (const text of marksIn(marks)) runs.set(text, (runs.get(text) ?? 0) + 1);
    assert.deepEqual([...runs.keys()].toSorted(), expected.marks.toSorted());
    // Once more for each kill that hit it: those that are under way together are hit together, up to their last result.
    for (const [text, times] of runs) assert.ok(times <= (text.startsWith('together') ? 4 : 2), `${text} ran ${times} times`);
    // An effect whose result was lost has run twice, an answer that was never given out does not run anything again.
    context.diagnostic(`${[...runs.values()].filter((times) => times === 2).length} of ${runs.size} effects ran twice`);
    return;
  }
  assert.fail('the session did not come to its end');
}

describe('a session of 75 calls that is killed after every event', { concurrency: 2, timeout: 1_800_000 }, () => {
  it(
    'a session of 75 calls ends right when it is killed after every call whose effect was made and whose result was lost',
    LONG,
    (context) => chain(1, true, context as TestContext),
  );

  it('a session of 75 calls ends right when it is killed after every result that was recorded and not delivered', LONG, (context) =>
    chain(2, false, context as TestContext),
  );
});

/** For real kills of processes: the command, its runner, both, one context. */
const subject: Subject = {
  name: 'seventy-five',
  file: () => path.join(stageOnce().folder, 'seventy-five.ts'),
  data: (folder) => ({ marks: path.join(folder, 'marks') }),
  outcome: (_folder, value) => withoutStreams(plainLines(value as string[], stageOnce())),
  trace: (folder) => traceIn(path.join(folder, 'marks')),
  effects: (folder) => marksIn(path.join(folder, 'marks')).length,
};
let once: StagedProgram | undefined;
const stageOnce = (): StagedProgram => (once ??= stage());

test(
  'a session of 75 calls ends right when its command with its runner, or a context, is killed for real',
  { skip: needs('linux') },
  async () => {
    const expected = await trial({ subject, packageFolder: REPOSITORY, kill: undefined });
    assert.deepEqual([expected.faults, expected.calls], [[], MARKS_IN_ALL]);
    const kills: readonly Kill[] = [
      { way: 'both', moment: { kind: 'event', seq: 92 } },
      { way: 'context', moment: { kind: 'event', seq: 121 } },
    ];
    const trials = await Promise.all(kills.map((kill) => trial({ subject, packageFolder: REPOSITORY, kill, expected: expected.outcome })));
    assert.deepEqual(
      trials.map(({ faults }) => faults),
      [[], []],
    );
  },
);

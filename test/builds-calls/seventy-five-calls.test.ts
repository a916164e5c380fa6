// builds and calls 1: 75 calls, plain, as a session and as a replay, on three Nodes. 3: every form in both kinds of process, with the words
// of refusals that forms.test.ts leaves out. 13: the keys of a namespace. 23: no refusal is in the journal.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { shownName } from '../../src/durable/journal/events/event.ts';
import { openStore, readSession } from '../../src/worker.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
import { NODES, runProgram } from '../serve/support/run-program.ts';
import { run } from '../worker/support/harness.ts';
import { countingNode } from './support/counting-node.ts';
import { CALLS, MARKS_IN_ALL, marksIn, orderOf, plainLines, SESSION, withoutWords } from './support/seventy-five.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(): StagedProgram {
  const program = stageProgram('forms');
  staged.push(program);
  return program;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The lines of each Node's plain run: they are the same everywhere. */
const seen = new Map<string, readonly string[]>();

describe('the program of 75 calls', () => {
  for (const name of NODES) {
    const skip = name === 'this' ? false : missingNodes(name);
    it(
      `the program of 75 calls prints the same lines plain and as a session, and its replay opens, calls and appends nothing (Node ${name})`,
      {
        skip,
      },
      async () => {
        const node = name === 'this' ? process.execPath : testNode(name);
        const program = stage();
        const marks = program.path('plain-marks');
        const plain = await runProgram(['seventy-five.ts', JSON.stringify({ marks })], program.folder, { node: name });
        assert.equal(plain.code, 0, plain.stderr);
        const lines = plainLines(plain.stdout.trimEnd().split('\n'), program);
        assert.equal(lines.at(-1), CALLS);
        assert.ok(lines.includes('["keys of a namespace",{"same":true,"count":36}]'), lines.join('\n'));
        assert.equal(marksIn(marks).length, MARKS_IN_ALL);
        seen.set(name, lines);
        assert.deepEqual(lines, seen.get('this'));

        const far = countingNode(program.folder, node);
        const data = { marks: program.path('session-marks'), node: far.path };
        const session = await run(orderOf('run', program, data, { runnerNode: node }), program.folder);
        assert.equal(session.result?.state, 'done', JSON.stringify([session.thrown, session.result, session.output]));
        const recorded = plainLines(session.result?.value as string[], program);
        assert.deepEqual(recorded.map(withoutWords), lines.map(withoutWords));
        assert.deepEqual(plainLines(session.output.trimEnd().split('\n'), program), recorded, 'what is printed is what is returned');
        assert.deepEqual([far.starts(), marksIn(data.marks)], [2, marksIn(marks)]);

        const journal = program.path(`.resprout/runs/${SESSION}/journal-1.db`);
        const before = [readFileSync(journal), session.result?.events] as const;
        // What one Node has recorded, another one replays.
        for (const runnerNode of new Set([node, process.execPath])) {
          const replay = await run(orderOf('replay', program, data, { runnerNode }), program.folder);
          assert.equal(replay.result?.state, 'done', JSON.stringify([replay.thrown, replay.result, replay.output]));
          // Other lines, or other arguments of any call, would be a note.
          assert.deepEqual(replay.events, []);
          assert.deepEqual([far.starts(), marksIn(data.marks).length], [2, MARKS_IN_ALL]);
          assert.deepEqual([readFileSync(journal), replay.result?.events], before);
        }
      },
    );
  }

  it('a refusal is not in the journal: it has the two openings and the 75 calls, and no error of a refusal', async () => {
    const program = staged[0] ?? stage();
    const { events } = await readSession(openStore({ folder: program.path('.resprout') }), SESSION);
    const calls = events.flatMap((event) => (event.t === 'call' ? [shownName(event)] : []));
    const ends = events.filter((event) => event.t === 'done').length;
    // The body of lib/tla.ts waits for a timer.
    const timers = events.filter((event) => event.t === 'timer').length;
    assert.deepEqual([timers, ends], [1, calls.length + timers]);
    const opened = calls.filter((fn) => fn.startsWith('open '));
    const steps = calls.filter((fn) => /\.(next|return)$/.test(fn));
    const functions = calls.filter((fn) => !opened.includes(fn) && !steps.includes(fn) && !fn.startsWith('close '));
    assert.deepEqual([opened.length, functions.length], [2, 75], calls.join('\n'));
    assert.doesNotMatch(calls.join('\n'), /reassigned|inner|nested|computed|#p\b|max|sleep|nope/);
    const errors = events.flatMap((event) => (event.t === 'done' && event.outcome.kind === 'error' ? [textOf(event.outcome.bytes)] : []));
    assert.doesNotMatch(errors.join('\n'), /REMOTE_FUNCTION_|REMOTE_NOT_A_FUNCTION|REMOTE_MAIN_UNGUARDED|REMOTE_SOURCE_CHANGED/);
  });

  it('control: a replay of a program that returns what is not recorded says so', async () => {
    const program = stage();
    // What Node has made so far is more in the first run than in a replay, and nothing of it is recorded.
    program.write(
      'seventy-five.ts',
      `import { AsyncResource } from 'node:async_hooks';\nimport { readFile } from 'node:fs/promises';\nexport const main = async (): Promise<number> => {\n  for (let i = 0; i < 9; i++) await readFile(import.meta.filename);\n  return new AsyncResource('MINE').asyncId();\n};\n`,
    );
    const session = await run(orderOf('run', program, { marks: '' }), program.folder);
    assert.equal(typeof session.result?.value, 'number');
    const replay = await run(orderOf('replay', program, { marks: '' }), program.folder);
    assert.match(JSON.stringify(replay.thrown ?? replay.result), /JOURNAL_DIVERGED.*with another value/);
  });
});

// builds and calls 16: functions of this package, however they are reached, are recorded once each. 17: `info` after a reopening (in
// test/far-calls/lost.test.ts too). 18: two openers of one recipe at once. All in real sessions.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { shownName } from '../../src/durable/journal/events/event.ts';
import { openStore, readSession, replaySession, type JournalEvent } from '../../src/worker.ts';
import { stageProgram, type StagedProgram } from '../support/programs.ts';
import { countingNode } from './support/counting-node.ts';
import { ownHere, type Session } from './support/owned-here.ts';
import { SESSION } from './support/seventy-five.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(main: string, data: object = {}): { readonly program: StagedProgram; readonly session: Session } {
  const program = stageProgram();
  staged.push(program);
  program.write('node_modules/caller/package.json', '{ "name": "caller", "version": "1.0.0", "type": "module", "main": "index.js" }');
  program.write('node_modules/caller/index.js', `export const callIt = (fn, ...args) => fn(...args);\n`);
  program.write(
    'ops.ts',
    `import { contextInfo } from 'resprout';\nexport const add = (n: number): number => n + 1;\nexport const where = (): string => contextInfo().name;\n`,
  );
  program.write('main.ts', main);
  return { program, session: { file: program.path('main.ts'), sessionId: SESSION, data, storeFolder: program.path('.resprout') } };
}

async function eventsOf({ storeFolder }: Session): Promise<readonly JournalEvent[]> {
  return (await readSession(openStore({ folder: storeFolder }), SESSION)).events;
}

/** Replays; gives what the replay had to say, which is nothing when it agrees. */
async function notesOfReplay(session: Session): Promise<readonly unknown[]> {
  const notes: unknown[] = [];
  const result = await replaySession({ ...session, env: {}, command: 'a test', observer: { on: (event) => void notes.push(event) } });
  assert.equal(result.state, 'done');
  return notes;
}

describe('functions of this package in a session', () => {
  it('functions of this package are recorded once each, with their line where a call of the program leads to them', async () => {
    const { session } = stage(`import { callIt } from 'caller';
import { local, Secret } from 'resprout';
import * as durable from 'resprout/durable';
import { add } from './ops.ts';
const { sleep } = durable;
const holder = { deep: { sleep, local } };
export async function main() {
  await sleep(1);
  await durable.sleep(1);
  await holder?.deep?.sleep?.(1);
  await sleep.call(undefined, 1);
  await sleep.apply(undefined, [1]);
  await Reflect.apply(sleep, undefined, [1]);
  await sleep.bind(undefined, 1)();
  await Promise.all(['1ms'].map(sleep as never));
  await callIt(sleep, 1);
  const context = await holder.deep.local();
  const { call } = context;
  const sums = [
    await context.call(add, 1),
    await context?.call?.(add, 2),
    await call.call(context, add, 3),
    await call.apply(context, [add, 4]),
    await Reflect.apply(call, context, [add, 5]),
    await context.call.bind(context, add)(6),
    await callIt(call.bind(context), add, 7),
    await context.with({ timeoutMs: 60_000 }).call(add, 8),
    await Promise.all([9].map((n) => context.call(add, n))),
  ];
  return [sums.flat(), new Secret('s') instanceof Secret, Reflect.construct(Secret, ['s']) instanceof Secret];
}
`);
    const { state, value, failure } = await ownHere('run', session);
    assert.deepEqual([state, value], ['done', [[2, 3, 4, 5, 6, 7, 8, 9, 10], true, true]], String(failure?.stack));
    const events = await eventsOf(session);
    const timers = events.flatMap((event) => (event.t === 'timer' ? [event.site.line] : []));
    // Called by the language or by a package the line is that of the program's last call.
    assert.deepEqual(timers, [8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const calls = events.flatMap((event) => (event.t === 'call' ? [shownName(event)] : []));
    assert.deepEqual(calls, ['open local', ...Array<string>(9).fill('local: ops.ts#add')]);
    assert.deepEqual(
      events.flatMap((event) => (event.t === 'call' && event.fn.endsWith('#add') ? [event.site.line] : [])),
      [20, 21, 22, 23, 24, 25, 26, 27, 28],
    );
    assert.deepEqual(
      events.filter(({ t }) => t === 'sync' || t === 'cb'),
      [],
    );
    assert.deepEqual(await notesOfReplay(session), []);
  });

  it('functions of this package open one process for one recipe, with one event, also when it is asked for twice at once', async () => {
    const { program, session } = stage(`import { connect, local } from 'resprout';
import { where } from './ops.ts';
export async function main({ data: { node } }: { data: { node: string } }) {
  const [one, two] = await Promise.all([local({ node }), local({ node })]);
  const [other, again] = await Promise.all([local({ node, name: 'other' }), local({ name: 'other', node })]);
  const third = await local({ node });
  const named = await connect('local:other?node=' + encodeURIComponent(node));
  return [one === two, one === third, one === other, other === again, named === other, await one.call(where), await again.call(where)];
}
`);
    const far = countingNode(program.folder, process.execPath);
    const given = { ...session, data: { node: far.path } };
    const { value, failure } = await ownHere('run', given);
    assert.deepEqual(value, [true, true, false, true, true, 'local', 'other'], String(failure?.stack));
    assert.equal(far.starts(), 2);
    const opened = (await eventsOf(session)).flatMap((event) => (event.t === 'call' && event.fn.startsWith('open ') ? [event.fn] : []));
    assert.deepEqual(opened, ['open local', 'open other']);
    assert.deepEqual(await notesOfReplay(given), []);
    assert.equal(far.starts(), 2);
  });

  it('functions of this package show the same info in record and replay, before and after a context was opened again', async () => {
    const { session } = stage(`import { existsSync } from 'node:fs';
import { local } from 'resprout';
import { sleep } from 'resprout/durable';
import { add } from './ops.ts';
export async function main() {
  const context = await local();
  const seen = [JSON.stringify(context.info)];
  await context.call(add, 1);
  seen.push(JSON.stringify(context.info));
  await sleep(1);
  const call = context.call(add, 2);
  seen.push(JSON.stringify(context.info));
  await call;
  seen.push(JSON.stringify(context.info));
  existsSync(seen.join());
  return seen;
}
`);
    // After the sleep: the call is made by another runner, with another far process.
    const timers = 6;
    assert.equal((await ownHere('run', session, { event: timers, answered: false })).state, 'lost');
    const { state, value, failure } = await ownHere('resume', session);
    assert.equal(state, 'done', String(failure?.stack));
    const infos = (value as string[]).map((text) => JSON.parse(text) as { generation: number; pid: number });
    assert.deepEqual(
      infos.map(({ generation }) => generation),
      [1, 1, 1, 2],
    );
    assert.equal(new Set(infos.map(({ pid }) => pid)).size, 2);
    // What the program saw is an argument and its result: another one would be a note.
    assert.deepEqual(await notesOfReplay(session), []);
  });
});

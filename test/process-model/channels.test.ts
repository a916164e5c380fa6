// process model 16: children inherit none of the channels; a program that closes one or writes into it ends its run with a coded error and
// the journal is good. 18: rows with a wrong first number, count, length or session are refused, and nothing of them is written.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import path from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { encodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';
import { rowFrame, valueFrame } from '../../src/durable/journal/runner/runner-frames.ts';
import { HANDLE } from '../../src/wire/frames/handles.ts';
import type { SpawnedRunner } from '../../src/worker.ts';
import { ownHere, type Session } from '../builds-calls/support/owned-here.ts';
import { needs } from '../support/needs.ts';
import { groupGone, workFolder } from '../worker/support/harness.ts';
import { effectFile, eventsIn, runFolder, SESSION } from './support/sessions.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/phases.ts');

function sessionOf(folder: string, data: object): Session {
  writeFileSync(effectFile(folder), '0');
  return { file: PROGRAM, sessionId: SESSION, data: { file: effectFile(folder), ...data }, storeFolder: path.join(folder, 'store') };
}

/** The whole journal is read and checked, opened by a next owner too. */
async function goodJournal(folder: string): Promise<readonly string[]> {
  openSqliteJournal({ folder: runFolder(folder) }).close();
  return (await eventsIn(folder)).map(({ t }) => t);
}

const timer = encodeRowBytes([{ t: 'timer', id: 0, delivered: 0, site: { id: '', file: '', line: 0, column: 0 }, dueMs: 1, atMs: 1 }]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const row = (firstSeq: number, session = SESSION): Uint8Array =>
  rowFrame(HANDLE.APPEND, { n: 1, flags: 0, rows: [{ session, firstSeq, count: 1, bytes: timer }] });
const hugeFrame = Buffer.from(row(1));
hugeFrame.writeUInt32BE(0xffff_ffff, 22);

const MISUSES: Readonly<Record<string, object>> = {
  'closes its link': { kind: 'close', fd: 3 },
  'closes the channel of answers': { kind: 'close', fd: 4 },
  'closes the channel of rows': { kind: 'close', fd: 5 },
  'writes text into its link': { kind: 'wrong bytes', fd: 3, bytes: hex(Buffer.from('hello, this is no frame')) },
  'writes text into the channel of answers': { kind: 'wrong bytes', fd: 4, bytes: hex(Buffer.from('hello')) },
  'writes text into the channel of rows': { kind: 'wrong bytes', fd: 5, bytes: hex(Buffer.from('hello, this is no frame')) },
  'writes a frame of four gigabytes': { kind: 'wrong bytes', fd: 5, bytes: hex(hugeFrame) },
  'writes a row of its own': { kind: 'wrong bytes', fd: 5, bytes: hex(row(3)) },
  'says that the session has ended': {
    kind: 'wrong bytes',
    fd: 5,
    bytes: hex(valueFrame(HANDLE.ENDED, Buffer.from([]))),
  },
};

describe('the channels of a runner', { skip: needs('linux'), concurrency: 2 }, () => {
  it('the channels of a runner are in none of the children of the program, however they are started', async () => {
    using folder = workFolder();
    const { state, value } = await ownHere('run', sessionOf(folder.path, { kind: 'descriptors' }));
    assert.equal(state, 'done');
    const { own, children } = value as { own: string[]; children: string[] };
    assert.equal(new Set(own).size, 3);
    for (const name of own) assert.match(name, /^socket:\[\d+\]$/);
    assert.equal(children.length, 6);
    // The listing does see sockets: the last one has two of its own.
    assert.match(children.at(-1) ?? '', /^3 socket:.*\n(?:.*\n)*4 socket:/m);
    for (const [i, seen] of children.entries()) for (const name of own) assert.ok(!seen.includes(name), `child ${i} has ${name}: ${seen}`);
  });

  for (const [what, data] of Object.entries(MISUSES)) {
    it(`the channels of a runner end a run whose program ${what}, with a code, and the journal is good`, async () => {
      using folder = workFolder();
      const session = sessionOf(folder.path, data);
      const { state, exitCode, problem } = await ownHere('run', session);
      assert.deepEqual([state, exitCode], ['lost', 4], String(problem));
      assert.match(problem?.code ?? '', /^(?:RUNNER_LOST|REMOTE_PROTOCOL)$/);
      if (!what.startsWith('closes')) assert.equal(problem?.code, 'REMOTE_PROTOCOL');
      const kinds = await goodJournal(folder.path);
      assert.deepEqual(kinds.slice(0, 3), ['start', 'open', 'timer']);
      assert.ok(!kinds.includes('end'));
      assert.equal(kinds.filter((kind) => kind === 'timer').length, 1, 'nothing of what it wrote is there');
    });
  }
});

/** A process of the test in place of a runner. */
function rogueRunner(what: string): SpawnedRunner {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'support/rogue-runner.ts')], {
    detached: true,
    env: { ...process.env, RESPROUT_ROGUE: what },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, link, journal, rows] = child.stdio as unknown as [null, Readable, Readable, Duplex, Duplex, Duplex];
  for (const stream of [link, journal, rows]) stream.on('error', () => {});
  const close = (): void => {
    for (const stream of [link, journal, rows, stdout, stderr]) stream.destroy();
    if (child.exitCode === null) child.kill('SIGKILL');
  };
  return { child, link, journal, rows, stdout, stderr, close };
}

/** What a runner may say, and what is in the journal then: its start event and perhaps the one right row before the wrong one. */
const WRONG: readonly (readonly [what: string, code: RegExp, events: number])[] = [
  ['a first number that is taken', /^JOURNAL_CORRUPT$/, 1],
  ['a first number that leaves a gap', /^JOURNAL_CORRUPT$/, 1],
  ['more events than it says', /^REMOTE_PROTOCOL$/, 1],
  ['fewer events than it says', /^REMOTE_PROTOCOL$/, 1],
  ['no events', /^REMOTE_PROTOCOL$/, 1],
  ['an absurd count', /^REMOTE_PROTOCOL$/, 1],
  ['a length beyond its frame', /^REMOTE_PROTOCOL$/, 1],
  ['a length that ends in the middle of an event', /^REMOTE_PROTOCOL$/, 1],
  ['an end in its head', /^REMOTE_PROTOCOL$/, 1],
  ['the session of somebody else', /^REMOTE_PROTOCOL$/, 1],
  ['no session', /^REMOTE_PROTOCOL$/, 1],
  ['bytes that are no event', /^REMOTE_PROTOCOL$/, 1],
  ['a frame number twice', /^REMOTE_PROTOCOL$/, 2],
  ['a frame number left out', /^REMOTE_PROTOCOL$/, 1],
  ['a barrier with a wrong row', /^JOURNAL_CORRUPT$/, 1],
  ['an end for another session', /^REMOTE_PROTOCOL$/, 1],
  ['an end that the journal does not have', /^INTERNAL$/, 1],
  ['a message of the owner', /^REMOTE_PROTOCOL$/, 1],
];

describe('rows of a runner', { skip: needs('linux'), concurrency: 2 }, () => {
  for (const [what, code, events] of WRONG) {
    it(`rows of a runner are refused and the runner is ended: ${what}`, async () => {
      using folder = workFolder();
      const runner = rogueRunner(what);
      const seen = await ownHere('run', sessionOf(folder.path, { kind: 'idle' }), undefined, { spawnedRunner: runner }).then(
        ({ problem, exitCode }) => [problem?.code ?? '', exitCode] as const,
        (error: unknown) => [(error as { code?: string }).code ?? String(error), 4] as const,
      );
      assert.match(seen[0], code);
      assert.equal(seen[1], 4);
      await groupGone(runner.child.pid ?? 0);
      assert.equal((await goodJournal(folder.path)).length, events);
    });
  }
});

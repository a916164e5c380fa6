// process model 9: barriers with nothing unsent, with results that have left unanswered, with 20 MiB of them. 10: a result of 8 MiB (in
// test/worker/faults.test.ts too), 200,000 reads in one turn, and how large both processes get.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { decodeRecorded } from '../../src/durable/journal/index.ts';
import { nodeKinds } from '../../src/platform/values/node-kinds.ts';
import { ownHere } from '../builds-calls/support/owned-here.ts';
import { needs } from '../support/needs.ts';
import { workFolder } from '../worker/support/harness.ts';
import { peakMiB } from './support/processes.ts';
import { effectFile, eventsIn, runFolder, SESSION } from './support/sessions.ts';

const READS = 200_000;
/** What the runner of the package may have at most. How much is on its heap when it is largest is up to the collector: the least of a few. */
const RUNNER_MIB = 150;
const TRIES = 3;
/** In the command, which parses every event for the screen: a heap between two collections. The history as objects takes 240. */
const COMMAND_MIB = 190;
/** The built command: from its sources the runner has 20 MiB more, for the text of each module. */
const CLI = path.resolve(import.meta.dirname, '../../dist/cli/main.js');

describe('barriers', { skip: needs('linux') }, () => {
  it('barriers let an effect begin when everything before it is on disk, once each', async () => {
    using folder = workFolder();
    const file = effectFile(folder.path);
    writeFileSync(file, '0');
    writeFileSync(`${file}.big`, Buffer.alloc(700_000));
    const counter = [process.execPath, path.join(import.meta.dirname, 'support/count-events.ts'), runFolder(folder.path), SESSION];
    const session = {
      file: path.join(import.meta.dirname, 'programs/phases.ts'),
      sessionId: SESSION,
      data: { kind: 'barriers', file, counter },
      storeFolder: `${folder.path}/store`,
    };
    const result = await ownHere('run', session);
    assert.equal(result.state, 'done', String(result.problem ?? result.failure?.stack));
    const events = await eventsIn(folder.path);
    const seen = events.flatMap((event, index) => {
      if (event.t !== 'sync' || !event.fn.endsWith('execFileSync') || event.outcome.kind !== 'value') return [];
      return [[index, Number(decodeRecorded(event.outcome.bytes, { kinds: nodeKinds }))]];
    });
    assert.equal(seen.length, 4);
    // An effect sees exactly the events that come before its own.
    for (const [index, onDisk] of seen) assert.equal(onDisk, index);
    assert.equal(events.filter((event) => event.t === 'sync' && event.fn.endsWith('readFileSync')).length, 31);
  });

  it(`barriers keep ${READS} reads in one turn small, in the runner and in the command`, { timeout: 600_000 }, async (context) => {
    const peaks: Peaks[] = [];
    while (peaks.length < TRIES && !peaks.some(({ runner, command }) => runner < RUNNER_MIB && command < COMMAND_MIB)) {
      const peak = await peaksOfReads();
      peaks.push(peak);
      context.diagnostic(
        `runner ${peak.runner.toFixed(0)} MiB, command ${peak.command.toFixed(0)} more than it began with, ${peak.tookMs.toFixed(0)} ms`,
      );
    }
    assert.ok(Math.min(...peaks.map(({ runner }) => runner)) < RUNNER_MIB, 'the runner is too large');
    assert.ok(Math.min(...peaks.map(({ command }) => command)) < COMMAND_MIB, 'the command is too large');
  });
});

interface Peaks {
  /** Most memory of the runner, MiB. */
  readonly runner: number;
  /** What the command had more than when the program began, MiB. */
  readonly command: number;
  readonly tookMs: number;
}

/** Runs a program that reads a file again and again in one turn. */
async function peaksOfReads(): Promise<Peaks> {
  using folder = workFolder();
  const file = effectFile(folder.path);
  writeFileSync(file, '0');
  const data = JSON.stringify({ kind: 'reads', file, count: READS });
  const program = path.join(import.meta.dirname, 'programs/phases.ts');
  const startedMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'run', program, '--data', data, '--store', path.join(folder.path, 'store'), '--json'], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err, begunMiB, commandMiB] = ['', '', 0, 0];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
    if (err.includes('begins') && begunMiB === 0) begunMiB = peakMiB(child.pid ?? 0);
  });
  const look = setInterval(() => (commandMiB = Math.max(commandMiB, peakMiB(child.pid ?? 0))), 20);
  await once(child, 'close');
  clearInterval(look);
  const [total, , after] = (JSON.parse(out) as { value: [number, number, number] }).value;
  assert.equal(total, READS);
  assert.ok(begunMiB > 40, 'the command was looked at');
  return { runner: after / 1024, command: commandMiB - begunMiB, tookMs: performance.now() - startedMs };
}

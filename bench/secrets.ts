// What does it cost that secrets are not shown, and that rows are sealed? Beside output and rows that are copied once.
import { createHash } from 'node:crypto';
import { StoreSeal } from '../src/durable/engines/index.ts';
import { ByteScrubber } from '../src/platform/secrets/byte-scrubber.ts';
import { KnownSecrets } from '../src/platform/secrets/known-secrets.ts';
import { realClock } from '../src/platform/time/clock.ts';
import { each, inTurn, type Bench, type Measured } from './support/bench.ts';
import { runAlone } from './support/run-alone.ts';

const SLICES = 9;
const LINE_BYTES = 80;
const PIECE_BYTES = 64 * 1024;
const PIECES = 16;
const ROWS = 1000;
const ROW_BYTES = 300;

/** Lines as a service prints them. */
const piece = Buffer.from(
  Array.from({ length: PIECE_BYTES / LINE_BYTES + 1 }, (_, i) =>
    `2026-11-30T18:00:0${i % 10} request ${i} of user-${i % 97} took ${(i * 7) % 93} ms, status 200`.padEnd(LINE_BYTES - 1).concat('\n'),
  ).join(''),
).subarray(0, PIECE_BYTES);

async function output(count: number): Promise<Measured> {
  const secrets = new KnownSecrets();
  for (let i = 0; i < count; i++) secrets.add(createHash('sha256').update(String(i)).digest('base64url'), `KEY_${i}`);
  let bytes = 0;
  const scrubber = new ByteScrubber(secrets, realClock, (shown) => void (bytes += shown.length));
  const times = (run: () => void) => (): void => {
    for (let n = 0; n < PIECES; n++) run();
  };
  const taken = await inTurn(
    SLICES,
    { ours: times(() => scrubber.push(piece)), theirs: times(() => void (bytes += Buffer.from(piece).length)) },
    2,
  );
  const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, PIECES, 'us'));
  return {
    figure: `64 KiB of output with ${count} known secrets`,
    unit: 'us',
    ours: us(taken.ours),
    peer: 'one copy of it',
    theirs: us(taken.theirs),
  };
}

async function rows(): Promise<Measured> {
  const seal = new StoreSeal(new Uint8Array(32).fill(1), new Uint8Array(8)).session('a session');
  const row = { session: 'a session', firstSeq: 0, count: 1, bytes: new Uint8Array(ROW_BYTES) };
  let bytes = 0;
  const times = (run: () => Uint8Array) => (): void => {
    for (let n = 0; n < ROWS; n++) bytes += run().length;
  };
  const taken = await inTurn(SLICES, { ours: times(() => seal.open(seal.seal(row)).bytes), theirs: times(() => row.bytes.slice()) }, 2);
  const us = (samples: readonly number[]): number[] => samples.map((ms) => each(ms, ROWS, 'us'));
  return {
    figure: `seal a row of ${ROW_BYTES} bytes and open it`,
    unit: 'us',
    ours: us(taken.ours),
    peer: 'one copy of it',
    theirs: us(taken.theirs),
  };
}

export const bench: Bench = {
  name: 'secrets',
  question: 'What do scrubbing and sealing cost?',
  async run() {
    return [await output(0), await output(1), await output(10), await output(100), await rows()];
  },
};

if (import.meta.main) await runAlone(bench);

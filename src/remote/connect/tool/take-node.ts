// The side of a push that holds the far side: carries lines up and bytes down.
import type { Writable } from 'node:stream';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Clock } from '../../../base/seams/clock.ts';
import type { Deadline } from '../deadline.ts';
import type { PushAnswer, PushStep } from '../push/push-step.ts';
import type { MarkerLine } from '../start/marker.ts';
import type { FarLines } from './far-lines.ts';
import { within } from './within.ts';

/** A push in which nothing moves for so long is given up. */
const STALLED_MS = 60_000;

export interface TakeNode {
  readonly tried: string;
  readonly lines: FarLines;
  readonly stdin: Writable;
  readonly push: PushStep;
  readonly clock: Clock;
  /** Stands still meanwhile: a push takes what its bytes take. */
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
}

/** Resolves when they have left. Not when the tool has ended meanwhile: how it ended says more than that nobody reads. */
const written = (stdin: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    stdin.write(bytes, (error) => {
      if (error === null || error === undefined) resolve();
    });
  });

/** Puts a Node on a far side that has none that fits. @returns its line when it is started. @throws ResproutError REMOTE_PUSH_*, REMOTE_CONNECT_TIMEOUT */
export async function takeNode(first: MarkerLine, { tried, lines, stdin, push, clock, deadline, signal }: TakeNode): Promise<MarkerLine> {
  const moving = async <T>(wait: Promise<T>): Promise<T> => {
    if (await within(wait, STALLED_MS, clock)) return await wait;
    const saw = `nothing moved for ${STALLED_MS / 1000} s`;
    throw new ResproutError('REMOTE_CONNECT_TIMEOUT', `${tried}: ${saw} while Node was put there`, { tried, saw });
  };
  deadline.pause();
  try {
    for (let line = first; ; line = await moving(lines.next())) {
      if (line.found === true) return line;
      let next: Promise<PushAnswer> | undefined = push(line.found === false ? `system ${line.system}` : line.said, signal);
      while (next !== undefined) {
        const { bytes, hashBytes, isMore }: PushAnswer = await moving(next);
        // The next bytes come while these leave.
        next = isMore ? push('more', signal) : undefined;
        next?.catch(() => {});
        await moving(written(stdin, bytes));
        if (hashBytes > 0) next = push(`hash ${await moving(lines.hash(hashBytes))}`, signal);
      }
    }
  } finally {
    deadline.resume();
  }
}

// Owns sessions one after the other while commits of their journals fail: `node failing-owner.ts ORDERS.json`, with the shim of
// test/power-cut preloaded. Prints one line of JSON a session.
import { readFileSync } from 'node:fs';
import type { Failure } from '../../power-cut/shim.ts';
import { failureText } from '../../power-cut/shim.ts';
import { ownHere, type Session } from '../../builds-calls/support/owned-here.ts';
import { codeOf } from '../../../src/base/errors/errors.ts';

export interface FailingOrder {
  readonly session: Session;
  readonly failure: Failure;
}

/** What came of one. */
export interface FailedRun {
  readonly code: string | undefined;
  readonly exitCode: number;
  /** Steps that the program said it saw. */
  readonly seen: number;
}

const orders = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as readonly FailingOrder[];
for (const { session, failure } of orders) {
  process.env['SHIM_FAIL'] = failureText(failure);
  let text = '';
  const stdout = { write: (bytes: Uint8Array) => ((text += Buffer.from(bytes).toString()), true), once: () => undefined };
  let run: Omit<FailedRun, 'seen'>;
  try {
    const { problem, exitCode } = await ownHere('run', session, undefined, { output: { stdout, stderr: stdout } });
    run = { code: problem?.code, exitCode };
  } catch (error) {
    run = { code: codeOf(error), exitCode: 4 };
  }
  const seen = Math.max(0, ...[...text.matchAll(/^saw (\d+)$/gm)].map(([, step]) => Number(step)));
  console.log(JSON.stringify({ ...run, seen } satisfies FailedRun));
}

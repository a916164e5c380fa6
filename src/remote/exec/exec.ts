// Runs a command in a context for a person who watches it.
import { ResproutError } from '../../base/errors/errors.ts';
import type { OwnCaller } from '../calls/own-calls.ts';
import type { ExecEnd, ExecOrder, ExecPiece } from '../child/exec/order.ts';

export type { ExecEnd, ExecOrder, ExecPiece, TerminalSize } from '../child/exec/order.ts';

/** Pieces of one context at once. */
const isPiece = (value: unknown): value is ExecPiece =>
  typeof value === 'object' &&
  value !== null &&
  'from' in value &&
  (value.from === 'stdout' || value.from === 'stderr') &&
  'bytes' in value &&
  value.bytes instanceof Uint8Array;

/**
 * Runs `argv` there to its end. @param onPiece takes what it writes, as it comes; nothing more is read until it has. When it throws, the command
 * is ended with all its processes
 * @param signal ends it with all its processes
 * @throws ResproutError REMOTE_*
 */
export async function exec(
  context: OwnCaller,
  order: ExecOrder,
  signal: AbortSignal,
  onPiece: (piece: ExecPiece) => Promise<void> | void,
): Promise<ExecEnd> {
  const place = new Error();
  const label = `exec ${order.argv[0] ?? ''}`;
  const answer = await context.callOwn({ module: 'exec', fn: 'exec', label, args: [order], signal, place, site: undefined });
  if (!isStream(answer)) throw odd(context.name);
  const pieces = answer[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return parseEnd(value, context.name);
      if (isPiece(value)) await onPiece(value);
    }
  } catch (error) {
    // Nobody takes what it writes any more: it is ended there.
    await pieces.return?.();
    throw error;
  }
}

const isStream = (value: unknown): value is AsyncIterable<unknown, unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** What a far side says of an end. @throws ResproutError REMOTE_PROTOCOL */
function parseEnd(value: unknown, name: string): ExecEnd {
  if (typeof value !== 'object' || value === null) throw odd(name);
  const { exitCode, problem, signal }: Readonly<Record<string, unknown>> = { ...value };
  const isCode = exitCode === null || (typeof exitCode === 'number' && Number.isInteger(exitCode) && exitCode >= 0 && exitCode <= 255);
  const isSignal = signal === null || (typeof signal === 'string' && /^SIG[A-Z0-9]{1,12}$/.test(signal));
  if (!isCode || !isSignal) throw odd(name);
  return { exitCode, signal, problem: typeof problem === 'string' ? problem.slice(0, 1000) : undefined };
}

function odd(name: string): ResproutError {
  return new ResproutError('REMOTE_PROTOCOL', `${name} did not say how the command ended`);
}

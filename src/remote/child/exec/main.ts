// The far half of `resprout exec`: a module that travels when it is used.
import { contextInfo } from '../own-face.ts';
import { FarCommand, unstarted } from '../commands/far-command.ts';
import type { CommandOrder } from '../commands/order.ts';
import type { Output } from '../commands/output.ts';
import { openTerminal } from './far-terminal.ts';
import type { ExecEnd, ExecOrder, ExecPiece } from './order.ts';

const KILL_GRACE_MS = 2000;

type NamedOutput = readonly [ExecPiece['from'], Output];

interface Running {
  readonly outputs: readonly NamedOutput[];
  stop(): Promise<void>;
  end(): Promise<ExecEnd>;
}

/** Runs a command and gives what it writes as it comes; how it ended is what the iterator returns. Aborted, it ends with all its processes. */
export function exec(order: ExecOrder): AsyncGenerator<ExecPiece, ExecEnd> {
  const { signal } = contextInfo();
  const running = order.terminal === undefined ? plain(order) : openTerminal(order);
  if (running === undefined)
    return neverRan({ exitCode: null, signal: null, problem: 'there is neither perl nor python3 to make a terminal with' });
  if ('exitCode' in running) return neverRan(running);
  const onAbort = (): void => void running.stop();
  signal.addEventListener('abort', onAbort, { once: true });
  return pieces(running, () => signal.removeEventListener('abort', onAbort));
}

function plain({ argv, input }: ExecOrder): Running | ExecEnd {
  const order: CommandOrder = { argv, input, isEnvExtended: true, isBinary: true, killGraceMs: KILL_GRACE_MS, maxBufferBytes: 0 };
  try {
    const command = new FarCommand(order);
    return {
      outputs: [
        ['stdout', command.stdout],
        ['stderr', command.stderr],
      ],
      stop: () => command.stop('stopped'),
      end: () => command.end(),
    };
  } catch (error) {
    return unstarted(error, order);
  }
}

// oxlint-disable-next-line require-yield -- it wrote nothing
async function* neverRan(end: ExecEnd): AsyncGenerator<ExecPiece, ExecEnd> {
  return await Promise.resolve(end);
}

async function* pieces(running: Running, release: () => void): AsyncGenerator<ExecPiece, ExecEnd> {
  const next = async (named: NamedOutput): Promise<readonly [NamedOutput, Uint8Array | undefined]> => [named, await named[1].next()];
  const waiting = new Map(running.outputs.map((named) => [named, next(named)]));
  let hasEnded = false;
  try {
    while (waiting.size > 0) {
      const [named, bytes] = await Promise.race(waiting.values());
      if (bytes === undefined) waiting.delete(named);
      else {
        waiting.set(named, next(named));
        yield { from: named[0], bytes };
      }
    }
    hasEnded = true;
    const { exitCode, problem, signal: by } = await running.end();
    return { exitCode, signal: by, problem };
  } finally {
    release();
    // Nobody reads any more.
    if (!hasEnded) await running.stop();
  }
}

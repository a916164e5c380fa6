// The far half of `context.$`: a module that travels when the first command runs there.
import type { ResproutError } from '../../../base/errors/errors.ts';
import { contextInfo } from '../own-face.ts';
import { FarCommand, unstarted } from './far-command.ts';
import { LineReading } from './line-reading.ts';
import type { CommandEnd, CommandLinesEnd, CommandOrder, CommandOutcome } from './order.ts';
import { Collected } from './collected.ts';
import type { Output } from './output.ts';

/** A context that is being closed waits no longer than this for SIGTERM to work. */
const CLOSING_GRACE_MS = 1000;

/** Starts a command that ends with the signal of its call. */
function start(order: CommandOrder): { readonly command: FarCommand; readonly release: () => void } {
  const { signal } = contextInfo();
  const command = new FarCommand(order);
  const onAbort = (): void => {
    const isClosing = (signal.reason as Partial<ResproutError> | undefined)?.code === 'REMOTE_CLOSED';
    void command.stop('stopped', isClosing ? CLOSING_GRACE_MS : undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return { command, release: () => signal.removeEventListener('abort', onAbort) };
}

async function collect(output: Output, into: Collected, onFull: () => void): Promise<void> {
  for (let piece = await output.next(); piece !== undefined; piece = await output.next()) if (!into.add(piece)) onFull();
}

type Started = ReturnType<typeof start>;

/** What cannot be started has ended; who would have been read is told. */
function tryStart(order: CommandOrder): Started | CommandEnd {
  try {
    return start(order);
  } catch (error) {
    const { input } = order;
    if (typeof input === 'object' && Symbol.asyncIterator in input) void input[Symbol.asyncIterator]().return?.();
    return unstarted(error, order);
  }
}

/** Runs a command to its end and gives what it wrote. */
export async function run(order: CommandOrder): Promise<CommandOutcome> {
  const { isBinary, maxBufferBytes } = order;
  const started = tryStart(order);
  if ('ending' in started) return { ...started, stdout: new Collected(0).value(isBinary), stderr: new Collected(0).value(isBinary) };
  const { command, release } = started;
  const stdout = new Collected(maxBufferBytes);
  const stderr = new Collected(maxBufferBytes);
  const onFull = (): void => void command.stop('output');
  await Promise.all([collect(command.stdout, stdout, onFull), collect(command.stderr, stderr, onFull)]);
  const end = await command.end();
  release();
  return { ...end, stdout: stdout.value(isBinary), stderr: stderr.value(isBinary) };
}

/** Runs a command and gives its lines as they come, some at a time; its end is what the iterator returns. */
export function lines(order: CommandOrder): AsyncIterableIterator<readonly string[], CommandLinesEnd> {
  const started = tryStart(order);
  if ('ending' in started) return neverRan({ ...started, stderr: '' });
  return new LineReading(started.command, order.maxBufferBytes, started.release);
}

// oxlint-disable-next-line require-yield -- it has no lines
async function* neverRan(end: CommandLinesEnd): AsyncGenerator<readonly string[], CommandLinesEnd> {
  return await Promise.resolve(end);
}

// What a child prints when its parent goes: programs of the system take the ends of its pipes over, and lead what comes to where the child itself reads it.
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../base/seams/clock.ts';
import { type PipeEnd, type StartedProcess, startProcess } from '../../../platform/process/spawner.ts';
import type { ByteSource, DialSeams } from '../method.ts';
import { byteSource, readablePipe, writablePipe } from './byte-source.ts';
import { within } from './within.ts';

const LIMIT_MS = 5000;
/** Opens a pipe and nothing else, says so, waits for the word, and becomes what copies to it until nobody writes any more. */
const KEEPER = '[ -p "$0" ]&&exec 4>"$0"||exit 1;echo ok;read l<&3||exit 1;exec cat >&4 3<&-';

interface Kept {
  readonly source: Readable;
  readonly keeper: StartedProcess;
}

function descriptorOf(pipe: PipeEnd): number | undefined {
  const { _handle: handle }: { _handle?: { readonly fd?: unknown } | null } = pipe as object;
  return pipe instanceof Socket && typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}

async function saysOk(source: ByteSource, clock: Clock): Promise<boolean> {
  let said = '';
  const line = new Promise<void>((resolve) => {
    source.onData((bytes) => {
      said += Buffer.from(bytes).toString('latin1');
      if (said.includes('\n')) resolve();
    });
    source.onEnd(resolve);
  });
  await within(line, LIMIT_MS, clock);
  return said.startsWith('ok');
}

/** Starts who will keep an end that this process reads. It reads nothing yet. @throws Error when it cannot */
async function startKeeper(source: Readable, path: string, { clock, env }: Pick<DialSeams, 'clock' | 'env'>): Promise<StartedProcess> {
  const fd = descriptorOf(source);
  if (fd === undefined) throw new Error('an output of it is no pipe any more');
  const args = ['-c', KEEPER, path];
  const keeper = await startProcess({
    file: 'sh',
    args,
    env: { PATH: env['PATH'] ?? '' },
    stdio: [fd, 'pipe', 'null', 'pipe'],
    cwd: '/',
  });
  if (await saysOk(byteSource(readablePipe(keeper.pipes[1])), clock)) return keeper;
  keeper.signal('SIGKILL', 'group');
  throw new Error('an output of it could not be led on');
}

/** Leads the outputs of a child to the pipes that it has made; all of them or none. @throws Error when it cannot be done */
export async function keepPipes(
  outputs: readonly (PipeEnd | undefined)[],
  paths: readonly string[],
  seams: Pick<DialSeams, 'clock' | 'env'>,
): Promise<void> {
  const kept: Kept[] = [];
  const sources = paths.map((_, index) => readablePipe(outputs[index]));
  for (const source of sources) source.pause();
  try {
    for (const [index, source] of sources.entries()) kept.push({ source, keeper: await startKeeper(source, paths[index] ?? '', seams) });
  } catch (error) {
    for (const { keeper } of kept) keeper.signal('SIGKILL', 'group');
    for (const source of sources) source.resume();
    throw error;
  }
  for (const { keeper, source } of kept) {
    keeper.unref();
    writablePipe(keeper.pipes[3]).end('\n');
    source.destroy();
  }
}

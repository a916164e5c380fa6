// Cases of far calls, each run by a plain program and in a session. They return plain data: what a caller sees.
import { existsSync, readFileSync } from 'node:fs';
import { connect, contextInfo, local, type ResproutError, Secret, type Context } from 'resprout';
import { block, count, disks, exit, fill, isDiskFull, lengthOf, mark, never, print, reasonOf, sizeOf, step, sum } from './far.ts';

export interface Given {
  readonly data: { readonly file: string };
}

class HereError extends Error {
  readonly place = 'here';
}

function failHere(): never {
  throw new HereError(`in ${contextInfo().name}`);
}

/** What a program can tell about an error. */
function told(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const fields = error as { code?: unknown };
  return { name: error.name, code: fields.code, message: error.message };
}

const failure = (call: Promise<unknown>): Promise<Record<string, unknown>> => call.then((value) => ({ value: typeof value }), told);

async function errors(): Promise<unknown> {
  const far = await local({ name: 'errors' });
  const full = await far.call(fill, '/data').catch((error: unknown) => error);
  if (!isDiskFull(full)) return { isInstance: false };
  const here = await far.call(failHere).catch((error: unknown) => error);
  const cause = full.cause instanceof RangeError ? full.cause : undefined;
  return {
    ...told(full),
    freeBytes: full.freeBytes,
    seen: full.seen.get('/data')?.getTime(),
    cause: { ...told(cause), cause: cause?.cause },
    stack: full.stack,
    causeStack: cause?.stack,
    here: here instanceof HereError ? [here.message, here.place, here.constructor.name] : told(here),
  };
}

async function largeResult(): Promise<unknown> {
  const far = await local({ name: 'large' });
  const before = far.info.pid;
  const got = await far.call(block, 64 * 1024 * 1024).then((bytes) => {
    const places = [0, 65_536 * 511, 65_536 * 1023];
    return { length: bytes.length, right: places.every((at) => bytes.readUInt32BE(at) === at) };
  }, told);
  const next = await far.call(block, 8);
  return { got, next: next.length, isSame: far.info.pid === before, generation: far.info.generation };
}

async function largeArgument({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'arguments' });
  const got = await far.call(sizeOf, data.file, new Uint8Array(17 * 1024 * 1024)).catch(told);
  return { got, next: await far.call(sizeOf, data.file, new Uint8Array(17)) };
}

async function unsendable({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'odd' });
  const result = await failure(far.call(disks as () => never));
  const argument = await far
    .call(sizeOf, data.file, { list: [1, () => 1] } as never)
    .catch((error: ResproutError) => ({ ...told(error), at: error.problem.at }));
  return { result, argument, next: (await far.call(mark, data.file, 'next')).generation };
}

/** Until the far side has said something in the file, perhaps several times. */
async function saw(far: Context, file: string, text: string, times = 1): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await far.call(timesIn, file, text)) >= times) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function timesIn(file: string, text: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split(text).length - 1 : 0;
}

async function neverReturns({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'never' });
  // The limit begins when the call is made: the function is to be there by then.
  await saw(far, data.file, '', 0);
  const late = await failure(far.with({ timeoutMs: 4000 }).call(never, data.file));
  const sawLate = await saw(far, data.file, 'aborted: REMOTE_CALL_TIMEOUT');
  const stop = new AbortController();
  const stopped = far.with({ signal: stop.signal }).call(never, data.file);
  const ended = stopped.catch((error: Error) => ({ ...told(error), cause: told(error.cause) }));
  await saw(far, data.file, 'never', 2);
  stop.abort(new RangeError('enough'));
  const why = await ended;
  return { late, sawLate, why, sawStop: await saw(far, data.file, 'aborted: REMOTE_CALL_ABORTED'), generation: far.info.generation };
}

async function exits({ data }: Given): Promise<unknown> {
  const [far, sibling] = await Promise.all([local({ name: 'exits' }), local({ name: 'sibling' })]);
  const [end, beside] = await Promise.all([failure(far.call(exit, 3)), failure(far.call(never, data.file))]);
  const alive = (await sibling.call(mark, data.file, 'alive')).generation;
  const next = await far.call(mark, data.file, 'next').then(({ generation }) => generation, told);
  return { end, beside, alive, next, again: (await (await local({ name: 'exits' })).call(mark, data.file, 'again')).generation };
}

async function prints(): Promise<unknown> {
  const far = await local({ name: 'loud' });
  return [await far.call(print, 100_000), (await far.call(block, 8)).length];
}

async function streams({ data }: Given): Promise<unknown> {
  const far = await connect('local:streams');
  const all: number[] = [];
  for await (const n of await far.call(count, data.file, 5)) all.push(n);
  const some: number[] = [];
  for await (const n of await far.call(count, data.file, 1000)) {
    some.push(n);
    if (n === 2) break;
  }
  return { all, some };
}

export async function oneByOne({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'order' });
  const single = far.with({ concurrency: 1 });
  await Promise.all(['a', 'b', 'c'].map((name) => single.call(step, data.file, name, 30)));
  const chained = far.with({ chain: 'x' });
  const names = ['d', 'bad', 'e', 'f'];
  return await Promise.all(names.map((name) => chained.call(step, data.file, name, 20).catch(told)));
}

async function waits({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'waits' });
  const limitMs = 4000;
  const single = far.with({ concurrency: 1, timeoutMs: limitMs });
  const began = Date.now();
  // Each is far below the limit, all of them are above it.
  const names = await Promise.all('abcdefghij'.split('').map((name) => single.call(step, data.file, name, 450).catch(told)));
  const isLonger = Date.now() - began > limitMs;
  const all = far.with({ concurrency: 1, signal: AbortSignal.timeout(4000) });
  const steps = [all.call(step, data.file, 'f', 1), all.call(step, data.file, 'g', 60_000), all.call(step, data.file, 'h', 1)];
  const ended = (await Promise.allSettled(steps)).map(({ status }) => status);
  return { names, isLonger, ended };
}

async function* numbers(): AsyncGenerator<number> {
  for (let n = 0; n < 40; n++) yield n;
}

async function byReference({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'references' });
  const total = await far.call(sum, data.file, numbers());
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('now')), 200);
  const reason = await far.call(reasonOf, data.file, stop.signal);
  return { total, reason, length: await far.call(lengthOf, new Secret('canary-9d1f')) };
}

const CASES = { errors, largeResult, largeArgument, unsendable, neverReturns, exits, prints, streams, oneByOne, waits, byReference };

/** All of them, one after the other; each with a file of its own. */
export async function all({ data }: Given): Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(CASES)) results[name] = await run({ data: { file: `${data.file}.${name}` } });
  return results;
}

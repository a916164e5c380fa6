// Programs whose contexts get lost.
import { writeFileSync } from 'node:fs';
import { local, type Context } from 'resprout';
import { sleep } from 'resprout/durable';
import { count, die, hold, mark, never, stuck } from './far.ts';

export interface Given {
  readonly data: { readonly file: string; readonly go: string; readonly node: string };
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** What a session sees of a process. */
const infoOf = ({ info }: Context) => ({ generation: info.generation, pid: info.pid, id: info.id });

export async function held({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'held' });
  const before = infoOf(far);
  const generation = await far.call(hold, data.file, data.go);
  return { before, generation, after: infoOf(far), next: (await far.call(mark, data.file, 'next')).generation };
}

export async function pinned({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'pinned', reopen: 'fail' });
  const first = await far.call(die, data.file).catch(codeOf);
  return [first, await far.call(mark, data.file, 'never').catch(codeOf), far.info.generation];
}

export async function dies({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'dies' });
  const error = await far.call(die, data.file).catch((thrown: Error) => thrown);
  const { name, message } = error as Error;
  return { error: { name, code: codeOf(error), message }, next: (await far.call(mark, data.file, 'next')).generation };
}

export async function connects({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'connects', node: data.node }).catch((error: Error) => error);
  if (far instanceof Error) return { code: codeOf(far), message: far.message };
  return { generation: far.info.generation, next: (await far.call(mark, data.file, 'next')).generation };
}

export async function halfRead({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'half' });
  const steps = (await far.call(count, data.file, 1_000_000))[Symbol.asyncIterator]();
  const first = [(await steps.next()).value, (await steps.next()).value];
  await far.call(hold, data.file, data.go);
  await sleep(10);
  const rest: unknown[] = [];
  for (let at = 0; at < 3; at++) rest.push(await steps.next().then(({ value }: IteratorResult<number, unknown>) => value, codeOf));
  return { first, rest };
}

export async function cutStream({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'cut' });
  const seen: unknown[] = [];
  try {
    for await (const n of await far.call(count, data.file, 1_000_000)) {
      seen.push(n);
      if (n === 2) process.kill(far.info.pid, 'SIGKILL');
    }
  } catch (error) {
    return { seen: seen.slice(0, 3), code: codeOf(error), next: (await far.call(mark, data.file, 'next')).generation };
  }
  return 'the stream came to an end';
}

export async function waitingStream({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'waiting' });
  const seen: unknown[] = [];
  try {
    for await (const n of await far.call(stuck, data.file)) {
      seen.push(n);
      writeFileSync(data.go, '');
    }
  } catch (error) {
    const { message } = error as Error;
    return { seen, code: codeOf(error), message, next: (await far.call(mark, data.file, 'next')).generation };
  }
  return 'the stream came to an end';
}

export async function through({ data }: Given): Promise<unknown> {
  const web = await local({ name: 'web' });
  const inner = await local({ name: 'inner', via: web });
  const generation = await inner.call(hold, data.file, data.go);
  const before = [inner.info.generation, web.info.generation];
  return { generation, before, web: (await web.call(mark, data.file, 'web')).generation, after: web.info.generation };
}

export async function cancelled({ data }: Given): Promise<unknown> {
  const far = await local({ name: 'cancelled' });
  return await far.call(never, data.file);
}
